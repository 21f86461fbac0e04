"""Texts of the transits of Mercury and Venus across the Sun."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.facts import Facts, Phrases
from events.texts.bodies import OF
from starscal.core.formats import duration_text

NAME = gettext_lazy("Transit across the Sun")
ABOUT = gettext_lazy(
    "The planet crosses the Sun's disc as a small black dot, for hours and wherever the Sun is "
    "up. Venus can be seen through a certified solar filter alone, Mercury takes a telescope "
    "with one; never look at the Sun without."
)
TOLD: Phrases = {
    # Translators: duration is one such as "5 h 12 min"
    "mercury": gettext_lazy(
        "For %(duration)s Mercury crosses the Sun's disc as a tiny black dot; it is seen wherever "
        "the Sun is up meanwhile. It takes a telescope with a certified solar filter in front of "
        "it; never look at the Sun without one."
    ),
    # Translators: duration is one such as "5 h 12 min"
    "venus": gettext_lazy(
        "For %(duration)s Venus crosses the Sun's disc as a black dot; it is seen wherever the Sun "
        "is up meanwhile. A certified solar filter is enough; never look at the Sun without one."
    ),
}


def title(facts: Facts) -> str:
    # Translators: of_body is a phrase such as "of Mercury"
    return _("Transit %(of_body)s across the Sun") % {"of_body": OF[facts.body]}


def description(facts: Facts) -> str:
    return str(TOLD[facts.body]) % {"duration": duration_text(facts.details["duration_s"])}
