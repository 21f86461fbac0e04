"""The facts of an event as a reader sees them: a label, a number and its unit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

from babel.lists import format_list
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from astronomy.calendar_names import NAKSHATRAS
from events.texts.places import latitude_text, longitude_text
from starscal.core.formats import (
    active_locale,
    decimal_text,
    degrees_text,
    duration_text,
    percent_text,
)

Writer = Callable[[Any], str]


class Fact(NamedTuple):
    """One row of the table of facts; ``tag`` is the language of a value that is not the page's."""

    label: str
    value: str
    tag: str = ""


class Contact(NamedTuple):
    """One moment of an eclipse or a transit."""

    label: str
    at: datetime


def _number(digits: int) -> Writer:
    return lambda value: decimal_text(value, digits)


def _whole(value: Any) -> str:
    return str(value)  # the number of a lunation or a year takes no thousands separator


def _degrees(digits: int) -> Writer:
    return lambda value: degrees_text(value, digits)


def _km(value: float) -> str:
    # Translators: a length in kilometres
    return _("%(value)s km") % {"value": decimal_text(value, 0)}


def _km_s(value: float) -> str:
    # Translators: a speed in kilometres a second
    return _("%(value)s km/s") % {"value": decimal_text(value, 0)}


def _au(value: float) -> str:
    # Translators: astronomical units
    return _("%(value)s au") % {"value": decimal_text(value, 6)}


def _latitude(value: float) -> str:
    return latitude_text(value, 2)


def _longitude(value: float) -> str:
    return longitude_text(value, 2)


def seconds_text(value: float) -> str:
    # Translators: a duration in seconds
    return _("%(value)s s") % {"value": decimal_text(value, 2 if value < 10 else 0)}


def _angle(value: float) -> str:
    return degrees_text(value, 0 if float(value).is_integer() else 1)


def _arcseconds(value: float) -> str:
    # Translators: an angle in seconds of arc
    return _("%(value)s″") % {"value": decimal_text(value, 0)}


def _nakshatra(number: int) -> str:
    return str(list(NAKSHATRAS.values())[number - 1])


def _named_by(rules: list[str]) -> str:
    return str(format_list([str(RULES[rule]) for rule in rules], locale=active_locale()))


RULES: Mapping[str, str | Promise] = {
    # Translators: why a full Moon is called a supermoon or micromoon; a member of a list
    "nolle_90_percent": gettext_lazy("within a tenth of the range between perigee and apogee"),
    # Translators: why a full Moon is called a supermoon or micromoon; a member of a list
    "distance": gettext_lazy("nearer than 360,000 km or farther than 405,000 km"),
}
LabelledFacts: TypeAlias = Mapping[str, tuple[str | Promise, Writer]]

FACTS: LabelledFacts = {
    "elongation_deg": (gettext_lazy("Elongation from the Sun"), _angle),
    "sun_elongation_deg": (gettext_lazy("Elongation from the Sun"), _angle),
    "angle_deg": (gettext_lazy("Angle along the ecliptic"), _angle),
    "separation_deg": (gettext_lazy("Separation in the sky"), _degrees(2)),
    "separation_arcsec": (gettext_lazy("Least separation of the centres"), _arcseconds),
    "latitude_difference_deg": (gettext_lazy("Difference of ecliptic latitudes"), _degrees(2)),
    "declination_difference_deg": (gettext_lazy("Difference of declinations"), _degrees(2)),
    "phase_angle_deg": (gettext_lazy("Phase angle"), _degrees(1)),
    "illuminated_fraction": (gettext_lazy("Illuminated fraction"), percent_text),
    "longitude_deg": (gettext_lazy("Ecliptic longitude"), _degrees(3)),
    "latitude_deg": (gettext_lazy("Ecliptic latitude"), _degrees(3)),
    "planet_longitude_deg": (gettext_lazy("Ecliptic longitude of the planet"), _degrees(3)),
    "planet_latitude_deg": (gettext_lazy("Ecliptic latitude of the planet"), _degrees(3)),
    "distance_au": (gettext_lazy("Distance from the Earth"), _au),
    "planet_distance_au": (gettext_lazy("Distance from the Earth"), _au),
    "distance_km": (gettext_lazy("Distance of the Moon"), _km),
    "moon_declination_deg": (gettext_lazy("Declination of the Moon"), _degrees(3)),
    "zhr": (gettext_lazy("Meteors an hour at best (ZHR)"), _whole),
    "velocity_km_s": (gettext_lazy("Speed of the meteors"), _km_s),
    "radiant_ra_deg": (gettext_lazy("Right ascension of the radiant"), _degrees(0)),
    "radiant_dec_deg": (gettext_lazy("Declination of the radiant"), _degrees(0)),
    "moon_elongation_deg": (gettext_lazy("Elongation of the Moon from the Sun"), _degrees(0)),
    "solar_longitude_deg": (gettext_lazy("Solar longitude (J2000.0)"), _degrees(2)),
    "span_deg": (gettext_lazy("Arc along the ecliptic"), _degrees(1)),
    "rules": (gettext_lazy("Why it is called so"), _named_by),
    "moon_distance_km": (gettext_lazy("Distance of the Moon"), _km),
    "moon_longitude_deg": (gettext_lazy("Ecliptic longitude of the Moon"), _degrees(3)),
    "moon_latitude_deg": (gettext_lazy("Ecliptic latitude of the Moon"), _degrees(3)),
    "sun_longitude_deg": (gettext_lazy("Ecliptic longitude of the Sun"), _degrees(0)),
    "sun_distance_au": (gettext_lazy("Distance of the Sun"), _au),
    "magnitude": (gettext_lazy("Magnitude of the eclipse"), _number(4)),
    "obscuration": (gettext_lazy("Covered part of the Sun's disc"), percent_text),
    "umbral_magnitude": (gettext_lazy("Umbral magnitude"), _number(4)),
    "penumbral_magnitude": (gettext_lazy("Penumbral magnitude"), _number(4)),
    "gamma": (gettext_lazy("Gamma"), _number(4)),
    "greatest_lat_deg": (gettext_lazy("Latitude of the greatest eclipse"), _latitude),
    "greatest_lon_deg": (gettext_lazy("Longitude of the greatest eclipse"), _longitude),
    "centre_lat_deg": (gettext_lazy("Latitude with the deepest occultation"), _latitude),
    "centre_lon_deg": (gettext_lazy("Longitude with the deepest occultation"), _longitude),
    "parent_body": (gettext_lazy("Comet or asteroid that left the dust"), str),
    "sun_altitude_deg": (gettext_lazy("Altitude of the Sun there"), _degrees(1)),
    "path_width_km": (gettext_lazy("Width of the path"), _km),
    "central_duration_s": (gettext_lazy("Duration on the central line"), duration_text),
    "umbral_duration_s": (gettext_lazy("Time of the central shadow on the Earth"), duration_text),
    "total_duration_s": (gettext_lazy("Duration of totality"), duration_text),
    "duration_s": (gettext_lazy("Duration"), duration_text),
    "internal_duration_s": (gettext_lazy("Duration wholly before the Sun"), duration_text),
    "partial_duration_s": (gettext_lazy("Duration of the partial eclipse"), duration_text),
    "penumbral_duration_s": (gettext_lazy("Duration in the penumbra"), duration_text),
    "moon_zenith_lat_deg": (gettext_lazy("Latitude with the Moon overhead"), _latitude),
    "moon_zenith_lon_deg": (gettext_lazy("Longitude with the Moon overhead"), _longitude),
    "saros": (gettext_lazy("Saros series"), _whole),
    "length_days": (gettext_lazy("Days of the month"), _whole),
    "tithi": (pgettext_lazy("fact", "Tithi"), _whole),
    "nakshatra": (pgettext_lazy("fact", "Nakshatra"), _nakshatra),
    "ayanamsa_deg": (gettext_lazy("Ayanamsa (Spica at 180°)"), _degrees(3)),
    "saka_year": (gettext_lazy("Year of the Saka era"), _whole),
    "lunation_number": (gettext_lazy("Lunation, in Goldstine's count"), _whole),
    "delta_t_s": (
        gettext_lazy("Uniform time minus the time of the Earth's rotation (ΔT)"),
        seconds_text,
    ),
}

# Where the field of a kind bears another name than that of other kinds.
BRIGHTNESS = (gettext_lazy("Visual magnitude"), _number(1))
OWN_FACTS: Mapping[str, LabelledFacts] = {
    "greatest_elongation_east": {"magnitude": BRIGHTNESS},
    "greatest_elongation_west": {"magnitude": BRIGHTNESS},
    "venus_greatest_brilliancy": {"magnitude": BRIGHTNESS},
    "perihelion": {"distance_au": (gettext_lazy("Distance from the Sun"), _au)},
    "aphelion": {"distance_au": (gettext_lazy("Distance from the Sun"), _au)},
}

SOLAR_CONTACTS: Mapping[str, str | Promise] = {
    "p1": gettext_lazy("The partial eclipse begins on the Earth."),
    "u1": gettext_lazy("The central eclipse begins on the Earth."),
    "u4": gettext_lazy("The central eclipse ends on the Earth."),
    "p4": gettext_lazy("The partial eclipse ends on the Earth."),
}
LUNAR_CONTACTS: Mapping[str, str | Promise] = {
    "p1": gettext_lazy("The Moon enters the penumbra."),
    "u1": gettext_lazy("The Moon enters the umbra."),
    "u2": gettext_lazy("Totality begins."),
    "u3": gettext_lazy("Totality ends."),
    "u4": gettext_lazy("The Moon leaves the umbra."),
    "p4": gettext_lazy("The Moon leaves the penumbra."),
}
TRANSIT_CONTACTS: Mapping[str, str | Promise] = {
    "c1": gettext_lazy("The planet touches the Sun's disc from outside."),
    "c2": gettext_lazy("The planet stands wholly before the Sun."),
    "c3": gettext_lazy("The planet touches the Sun's edge from inside."),
    "c4": gettext_lazy("The planet leaves the Sun's disc."),
}
CONTACTS = {
    "solar_eclipse": SOLAR_CONTACTS,
    "lunar_eclipse": LUNAR_CONTACTS,
    "transit": TRANSIT_CONTACTS,
}
GREATEST_ECLIPSE = gettext_lazy("Greatest eclipse.")
GREATEST: Mapping[str, str | Promise] = {
    "solar_eclipse": GREATEST_ECLIPSE,
    "lunar_eclipse": GREATEST_ECLIPSE,
    "transit": gettext_lazy("The planet is nearest to the middle of the Sun's disc."),
}


def facts_table(event_type: str, data: Mapping[str, Any]) -> list[Fact]:
    """Return the rows of the facts that have a label, in the active language."""
    labelled = {**FACTS, **OWN_FACTS.get(event_type, {})}
    return [
        Fact(str(label), write(data[name]))
        for name, (label, write) in labelled.items()
        if data.get(name) is not None
    ]


def contacts_table(event_type: str, data: Mapping[str, Any], greatest: datetime) -> list[Contact]:
    """Return the moments of an eclipse or a transit in the order in which they happen."""
    labels = CONTACTS.get(event_type)
    if labels is None:
        return []
    rows = [
        *_contacts(labels, data.get("contacts_utc", {})),
        Contact(str(GREATEST[event_type]), greatest),
    ]
    return sorted(rows, key=lambda row: row.at)


def _contacts(
    labels: Mapping[str, str | Promise], instants: Mapping[str, str]
) -> Iterator[Contact]:
    for name, label in labels.items():
        if name in instants:
            yield Contact(str(label), datetime.fromisoformat(instants[name]))
