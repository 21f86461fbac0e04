"""Texts of the transits of Mercury and Venus across the Sun."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.facts import Facts
from events.texts.bodies import OF

NAME = gettext_lazy("Transit across the Sun")
ABOUT = gettext_lazy(
    "The planet crosses the Sun's disc as a small black dot, for hours and wherever the Sun is "
    "up. Venus can be seen through a certified solar filter alone, Mercury takes a telescope "
    "with one; never look at the Sun without."
)


def title(facts: Facts) -> str:
    # Translators: of_body is a phrase such as "of Mercury"
    return _("Transit %(of_body)s across the Sun") % {"of_body": OF[facts.body]}
