"""Texts of the occultations of planets and bright stars by the Moon."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.facts import Facts
from events.texts.bodies import OF
from events.texts.paragraphs import paragraph
from events.texts.places import place_names
from events.texts.watching import GLARE_DEG, NEAR_SUN, WHEN, looks

NAME = gettext_lazy("Occultation by the Moon")
ABOUT = gettext_lazy(
    "Seen from a part of the Earth, the Moon passes in front of the planet or star and hides it "
    "for up to about an hour; elsewhere it passes close by. A star vanishes and comes back in an "
    "instant. Binoculars help, above all at the bright edge of the Moon."
)
# Translators: the Moon hides a planet or a star, named in the title
WAXING = gettext_lazy(
    "The Moon is waxing: what it hides vanishes at its dark edge and comes back at the bright one."
)
WANING = gettext_lazy(
    "The Moon is waning: what it hides vanishes at its bright edge and comes back at the dark one."
)
# Translators: latitude and longitude are such as "12° N" and "45° E"
REGION = gettext_lazy(
    "The middle of the region that sees it is near %(latitude)s, %(longitude)s at the best moment."
)
FULL_DEG = 170.0  # the Moon has no dark edge to speak of


def title(facts: Facts) -> str:
    hidden = next(body for body in facts.bodies if body != "moon")
    # Translators: of_body is a phrase such as "of Mars" or "of Spica"
    return _("Occultation %(of_body)s by the Moon") % {"of_body": OF[hidden]}


def description(facts: Facts) -> str:
    if facts.rounded("sun_elongation_deg", 0) < GLARE_DEG:
        return paragraph(ABOUT, WHEN[NEAR_SUN])
    return paragraph(ABOUT, _edges(facts), str(REGION) % _region(facts), *looks(facts.bodies))


def _edges(facts: Facts) -> str | Promise:
    if facts.rounded("sun_elongation_deg", 0) > FULL_DEG:
        return ""
    return WAXING if facts.details["side"] == "east" else WANING


def _region(facts: Facts) -> dict[str, str]:
    return place_names(facts.rounded("centre_lat_deg", 0), facts.rounded("centre_lon_deg", 0))
