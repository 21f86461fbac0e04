"""Texts of the Moon's principal phases."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from astronomy.constants import MOON_MEAN_DISTANCE_KM
from astronomy.finders.full_moons import FAR_KM, NEAR_KM
from events.facts import Facts, Phrases
from events.texts.lunar_apsides import DISTANCE
from events.texts.paragraphs import paragraph
from events.texts.signs import in_sign
from starscal.core.formats import decimal_text, degrees_text, percent_text

ABOUT: Phrases = {
    "new_moon": gettext_lazy(
        "The Moon passes between the Earth and the Sun and cannot be seen. The nights around "
        "it are the darkest of the month: the best ones for faint stars and the Milky Way."
    ),
    "first_quarter": gettext_lazy(
        "Half of the Moon's disc is lit. It stands highest around sunset and sets around "
        "midnight; craters and mountains show best along the line between light and shadow."
    ),
    "full_moon": gettext_lazy(
        "The Moon stands opposite the Sun and its whole disc is lit. It rises around sunset, "
        "stands highest around midnight and sets around sunrise."
    ),
    "last_quarter": gettext_lazy(
        "Half of the Moon's disc is lit. It rises around midnight and stands highest around "
        "sunrise, so look for it in the morning sky."
    ),
}
# Translators: "it" is the Moon; angle is one such as "4.2°"
PASSES_NORTH = gettext_lazy(
    "It passes %(angle)s north of the Sun's centre, too far for an eclipse."
)
# Translators: "it" is the Moon; angle is one such as "4.2°"
PASSES_SOUTH = gettext_lazy(
    "It passes %(angle)s south of the Sun's centre, too far for an eclipse."
)
SOLAR_ECLIPSE = gettext_lazy(
    "It passes in front of the Sun: a part of the Earth sees a solar eclipse. Look at "
    "the Sun only through a certified solar filter."
)
LUNAR_ECLIPSE = gettext_lazy("It passes through the Earth's shadow: there is a lunar eclipse.")
CRESCENT = gettext_lazy(
    "One to three days later the thin crescent shows low in the west soon after sunset, its dark "
    "part faintly lit by the Earth."
)
# What an eye or an instrument finds; the first quarter tells it in its first sentences.
SEEN: Phrases = {
    "first_quarter": "",
    "full_moon": gettext_lazy(
        "It shows no shadows then; what stands out are its dark seas and the bright rays around "
        "young craters."
    ),
    "last_quarter": gettext_lazy(
        "Binoculars or a small telescope show craters and mountains along the line between light "
        "and shadow."
    ),
}
# Translators: distance is a whole number of kilometres, with separators; percent is such as "7%"
NEARER = gettext_lazy(
    "This time it is %(distance)s km away, nearer than on average: its disc looks %(percent)s "
    "wider."
)
# Translators: distance is a whole number of kilometres, with separators; percent is such as "7%"
FARTHER = gettext_lazy(
    "This time it is %(distance)s km away, farther than on average: its disc looks %(percent)s "
    "narrower."
)
SUPERMOON = gettext_lazy("A full Moon so near is popularly called a supermoon.")
MICROMOON = gettext_lazy("A full Moon so far away is popularly called a micromoon.")
HIGH_IN_NORTH = gettext_lazy(
    "It stands well north of the celestial equator: in the northern hemisphere it crosses the sky "
    "high and stays up long, in the southern low and briefly."
)
HIGH_IN_SOUTH = gettext_lazy(
    "It stands well south of the celestial equator: in the southern hemisphere it crosses the sky "
    "high and stays up long, in the northern low and briefly."
)
# In latitude of the Moon at new or full: nearer to the ecliptic than the first there always is an
# eclipse, farther than the second never; between them more counts, and nothing is said. Held
# against all of 1900-2100, where the doubtful ones lie from 1.42 to 1.61 degrees.
ECLIPSE_DEG, NO_ECLIPSE_DEG = 1.35, 1.65
# Within 30 degrees of a solstice the ecliptic is 20 degrees from the equator, the Moon at least 14.
SOLSTICE_REACH_DEG = 30.0
TELLING = 0.015  # a disc that differs by less is as wide as on average


def title(facts: Facts) -> str:
    where = {"in_sign": in_sign(facts.details["moon_longitude_deg"])}
    if facts.kind == "new_moon":
        # Translators: in_sign is a phrase such as "in Gemini"
        return _("New Moon %(in_sign)s") % where
    if facts.kind == "first_quarter":
        # Translators: in_sign is a phrase such as "in Gemini"
        return _("First Quarter Moon %(in_sign)s") % where
    if facts.kind == "full_moon":
        # Translators: in_sign is a phrase such as "in Gemini"
        return _("Full Moon %(in_sign)s") % where
    # Translators: in_sign is a phrase such as "in Gemini"
    return _("Last Quarter Moon %(in_sign)s") % where


def description(facts: Facts) -> str:
    from_ecliptic_deg = facts.rounded("moon_latitude_deg", 1)
    away_km = facts.rounded("moon_distance_km", -2)
    if facts.kind == "new_moon":
        passes = facts.once(_passes, from_ecliptic_deg)
        return paragraph(ABOUT[facts.kind], facts.once(_distance, away_km), passes, CRESCENT)
    return paragraph(
        ABOUT[facts.kind],
        SEEN[facts.kind],
        facts.once(_disc, away_km),
        _popular_name(facts.kind, away_km),
        _path(facts.rounded("moon_longitude_deg", 0)),
        _shadow(facts.kind, from_ecliptic_deg),
    )


def _passes(from_ecliptic_deg: float) -> str:
    if abs(from_ecliptic_deg) < ECLIPSE_DEG:
        return str(SOLAR_ECLIPSE)
    if abs(from_ecliptic_deg) < NO_ECLIPSE_DEG:
        return ""
    passes = PASSES_NORTH if from_ecliptic_deg > 0 else PASSES_SOUTH
    return str(passes) % {"angle": degrees_text(abs(from_ecliptic_deg), 1)}


def _shadow(kind: str, from_ecliptic_deg: float) -> str | Promise:
    eclipsed = kind == "full_moon" and abs(from_ecliptic_deg) < ECLIPSE_DEG
    return LUNAR_ECLIPSE if eclipsed else ""


def _path(longitude_deg: float) -> str | Promise:
    if abs(longitude_deg - 90.0) < SOLSTICE_REACH_DEG:
        return HIGH_IN_NORTH
    return HIGH_IN_SOUTH if abs(longitude_deg - 270.0) < SOLSTICE_REACH_DEG else ""


def _distance(away_km: float) -> str:
    return str(DISTANCE) % {"distance": decimal_text(away_km, 0)}


def _disc(away_km: float) -> str:
    wider = MOON_MEAN_DISTANCE_KM / away_km - 1.0  # a small angle goes with 1 / distance
    if abs(wider) < TELLING:
        return _distance(away_km)
    told = {"distance": decimal_text(away_km, 0), "percent": percent_text(abs(wider))}
    return str(NEARER if wider > 0 else FARTHER) % told


def _popular_name(kind: str, away_km: float) -> str | Promise:
    if kind != "full_moon":
        return ""
    if away_km < NEAR_KM:
        return SUPERMOON
    return MICROMOON if away_km > FAR_KM else ""
