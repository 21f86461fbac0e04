"""Texts of the Moon's nodes and of its extreme declinations."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from events.facts import Facts, Phrases
from events.texts.paragraphs import paragraph
from starscal.core.formats import degrees_text

NAMES: Phrases = {
    "ascending_node": _("Moon at ascending node"),
    "descending_node": _("Moon at descending node"),
    "moon_northern_extreme": _("Moon farthest north"),
    "moon_southern_extreme": _("Moon farthest south"),
}
ABOUT: Phrases = {
    "ascending_node": _(
        "The Moon crosses the ecliptic, the Sun's path, northwards. Only a new or full Moon within "
        "about 18 days of the Sun's own passage of a node brings an eclipse."
    ),
    "descending_node": _(
        "The Moon crosses the ecliptic, the Sun's path, southwards. Only a new or full Moon within "
        "about 18 days of the Sun's own passage of a node brings an eclipse."
    ),
    "moon_northern_extreme": _(
        "The Moon reaches its greatest northern declination of the month. In the northern "
        "hemisphere it crosses the sky high and stays up long, in the southern low and briefly. "
        "Every 18.6 years these extremes are widest: a major lunar standstill."
    ),
    "moon_southern_extreme": _(
        "The Moon reaches its greatest southern declination of the month. In the southern "
        "hemisphere it crosses the sky high and stays up long, in the northern low and briefly. "
        "Every 18.6 years these extremes are widest: a major lunar standstill."
    ),
}
# How the Moon goes on: it never is farther from the ecliptic than 5.3 degrees.
ONWARDS: Phrases = {
    # Translators: "it" is the Moon; longitude is an angle such as "315°"
    "ascending_node": _(
        "It crosses at %(longitude)s of ecliptic longitude and stays north of the ecliptic for the "
        "next two weeks, by about 5° at most."
    ),
    # Translators: "it" is the Moon; longitude is an angle such as "315°"
    "descending_node": _(
        "It crosses at %(longitude)s of ecliptic longitude and stays south of the ecliptic for the "
        "next two weeks, by about 5° at most."
    ),
}
LINE = _("Nothing marks this line in the sky, but the planets are always to be found near it.")
# Translators: angle is one such as "28.4°"
DECLINATION = _("This time it stands %(angle)s from the celestial equator.")


def title(facts: Facts) -> str:
    return str(NAMES[facts.kind])


def node(facts: Facts) -> str:
    longitude = {"longitude": degrees_text(facts.rounded("moon_longitude_deg", 0) % 360.0, 0)}
    return paragraph(ABOUT[facts.kind], str(ONWARDS[facts.kind]) % longitude, LINE)


def extreme(facts: Facts) -> str:
    angle = {"angle": degrees_text(abs(facts.rounded("moon_declination_deg", 1)), 1)}
    return paragraph(ABOUT[facts.kind], str(DECLINATION) % angle)
