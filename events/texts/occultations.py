"""Texts of the occultations of planets and bright stars by the Moon."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.facts import Facts
from events.texts.bodies import OF

NAME = gettext_lazy("Occultation by the Moon")
ABOUT = gettext_lazy(
    "Seen from a part of the Earth, the Moon passes in front of the planet or star and hides it "
    "for up to about an hour; elsewhere it passes close by. A star vanishes and comes back in an "
    "instant. Binoculars help, above all at the bright edge of the Moon."
)


def title(facts: Facts) -> str:
    hidden = next(body for body in facts.bodies if body != "moon")
    # Translators: of_body is a phrase such as "of Mars" or "of Spica"
    return _("Occultation %(of_body)s by the Moon") % {"of_body": OF[hidden]}
