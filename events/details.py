"""What the facts of each kind hold: their types, units and meanings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.facts import Phrases
from events.kinds import COMPUTED_KINDS
from starscal.core.i18n import language_active

# Translators: the unit of a field, in words, in the form of a dictionary
UNITS: Final[Phrases] = {
    "deg": pgettext_lazy("unit", "degree"),
    "arcsec": pgettext_lazy("unit", "arcsecond"),
    "km": pgettext_lazy("unit", "kilometre"),
    "au": pgettext_lazy("unit", "astronomical unit"),
    "s": pgettext_lazy("unit", "second"),
    "utc": pgettext_lazy("unit", "instant in UTC (UT1 before 1972)"),
}
DETAIL_NOTES: Final[Phrases] = {
    "elongation_deg": _("Longitude of the Moon minus that of the Sun: 0, 90, 180 or 270."),
    "lunation_number": _("Goldstine's count: 37105 is the new moon of 2000 January 6."),
    "moon_longitude_deg": _("Apparent geocentric ecliptic longitude of date, degrees."),
    "moon_latitude_deg": _("Apparent geocentric ecliptic latitude of date, degrees."),
    "moon_distance_km": _("Geocentric distance of the Moon, kilometres."),
    "sun_longitude_deg": _("Apparent geocentric ecliptic longitude of date: 0, 90, 180 or 270."),
    "sun_distance_au": _("Geocentric distance of the Sun, astronomical units."),
    "solar_year": _("The year whose March equinox began this turn of the Sun."),
    "type": _("The type of the eclipse, over the whole Earth."),
    "central": _("Whether the axis of the shadow meets the Earth."),
    "gamma": _(
        "Least distance of the shadow's axis from the Earth's centre (solar) or of the Moon from "
        "the axis (lunar), equatorial radii of the Earth, north positive."
    ),
    "magnitude": _("Fraction of the Sun's diameter covered, or ratio of diameters if central."),
    "obscuration": _("Fraction of the Sun's area covered at greatest eclipse."),
    "saros": _("Number of the saros series."),
    "greatest_lat_deg": _("Geographic latitude of greatest eclipse, degrees, north positive."),
    "greatest_lon_deg": _("Geographic longitude of greatest eclipse, degrees, east positive."),
    "greatest_lon_uncertainty_deg": _("One standard uncertainty of that longitude, degrees."),
    "sun_altitude_deg": _("Altitude of the Sun at greatest eclipse, degrees."),
    "path_width_km": _("Width of the central path at greatest eclipse, kilometres."),
    "central_duration_s": _("Duration of the central phase at greatest eclipse, seconds."),
    "partial_duration_s": _("Duration of the partial phase, seconds."),
    "umbral_duration_s": _("Duration of the umbra's stay on the Earth, seconds."),
    "contacts_utc": _("Instants of the contacts by name, UTC (UT1 before 1972)."),
    "delta_t_s": _("TT minus UT1 used, seconds."),
    "umbral_magnitude": _("Fraction of the Moon's diameter inside the umbra; below 0 outside."),
    "penumbral_magnitude": _("Fraction of the Moon's diameter inside the penumbra."),
    "moon_zenith_lat_deg": _("Where the Moon stands in the zenith: latitude, degrees."),
    "moon_zenith_lon_deg": _("Where the Moon stands in the zenith: longitude, degrees east."),
    "penumbral_duration_s": _("Duration of the penumbral phase, seconds."),
    "total_duration_s": _("Duration of totality, seconds."),
    "borderline": _("Whether the type depends on the model of the shadow."),
    "shadow_model": _("How the Earth's shadow is enlarged."),
    "longitude_deg": _("Apparent geocentric ecliptic longitude of date, degrees."),
    "latitude_deg": _("Apparent geocentric ecliptic latitude of date, degrees."),
    "distance_km": _("Geometric distance of the centres of Earth and Moon, kilometres."),
    "anomalistic_month": _("A count of anomalistic months; 10000 began in December 1999."),
    "relative_distance": _("1 at the distance of the perigee beside it, 0 at that of the apogee."),
    "rules": _("The published rules by which it bears the name: nolle_90_percent, distance."),
    "rule": _("The rule by which it bears the name: calendar_month."),
    "draconic_month": _("A count of draconic months; 10000 began in January 2000."),
    "tropical_month": _("A count of tropical months; 10000 began in January 2000."),
    "moon_declination_deg": _("Apparent geocentric declination of date, degrees."),
    "orbit_number": _("A count of orbits; 2000 is that of the perihelion nearest to J2000.0."),
    "term": _("Name of the solar term in pinyin, without tones."),
    "zhongqi": _("Whether it is a major term, a multiple of 30 degrees."),
    "separation_deg": _("Angle between the two in the sky, geocentric and apparent, degrees."),
    "planet_longitude_deg": _("Apparent geocentric ecliptic longitude of the planet, degrees."),
    "planet_latitude_deg": _("Apparent geocentric ecliptic latitude of the planet, degrees."),
    "planet_distance_au": _("Geocentric distance of the planet, astronomical units."),
    "latitude_difference_deg": _(
        "Ecliptic latitude of the first body minus that of the second, degrees."
    ),
    "declination_difference_deg": _(
        "Declination of the first body minus that of the second, degrees."
    ),
    "sun_elongation_deg": _("Angle between the second body and the Sun, degrees."),
    "side": _("On which side of the Sun: east in the evening, west in the morning."),
    "phase_angle_deg": _("Angle between Sun and Earth as seen from the planet, degrees."),
    "illuminated_fraction": _("Lit part of the disc, 0 to 1."),
    "sign": _("The sign of the tropical zodiac that is entered."),
    "retrograde": _("Whether the body moves backwards, into the sign before."),
    "constellation": _("The constellation that is entered, in the IAU's letters, lower case."),
    "left_constellation": _("The constellation that is left, in the IAU's letters, lower case."),
    "angle_deg": _("The angle along the ecliptic: 0, 60, 90, 120 or 180."),
    "separation_arcsec": _("Least angle between the centres, geocentric, arcseconds."),
    "duration_s": _("From the first contact to the last, seconds."),
    "internal_duration_s": _(
        "How long the planet is wholly before the Sun, seconds; null if never."
    ),
    "conjunction_number": _("A count of inferior conjunctions; it identifies the transit."),
    "limit_deg": _("Separation from which on no place sees an occultation, degrees."),
    "moon_pass": _("A count of the Moon's passes by the body; it identifies the occultation."),
    "shower": _("The code of the shower in the list of the IAU."),
    "solar_longitude_deg": _(
        "Geocentric longitude of the Sun in the ecliptic of J2000.0, degrees."
    ),
    "zhr": _(
        "Meteors an hour that one observer sees with the radiant overhead in a dark sky; null "
        "where it varies."
    ),
    "population_index": _("How many times more meteors there are of each fainter magnitude."),
    "velocity_km_s": _("Speed at which the meteors enter the atmosphere, kilometres a second."),
    "radiant_ra_deg": _("Right ascension of the radiant, J2000.0, degrees."),
    "radiant_dec_deg": _("Declination of the radiant, J2000.0, degrees."),
    "radiant_constellation": _(
        "The constellation of the radiant, in the IAU's letters, lower case."
    ),
    "parent_body": _(
        "The comet or asteroid that left the dust, by its designation; null where it is uncertain."
    ),
    "centre_lat_deg": _("Geographic latitude of the deepest occultation, degrees, north positive."),
    "centre_lon_deg": _("Geographic longitude of the deepest occultation, degrees, east positive."),
    "moon_elongation_deg": _("Angle between the Moon and the Sun, degrees: 180 is a full Moon."),
    "bodies": _("The planets that take part."),
    "planets": _("How many planets are asked for: 3, 4 or 5."),
    "span_deg": _("The arc of the ecliptic that holds them, degrees."),
    "quarter_number": _("A count of quarters of the lunation; it identifies the event."),
    "chinese_year": _("The Gregorian year in which the Chinese year began."),
    "month": _("Number of the month, 1 to 12."),
    "leap": _("Whether it is a leap month, which bears the number of the month before it."),
    "length_days": _("How many days the month has: 29 or 30."),
    "day": _("The day of the month."),
    "civil_date": _("The day in the civil zone of the calendar."),
    "midnight_margin_s": _("How far the new moon is from the nearest midnight there, seconds."),
    "tithi": _("Number of the tithi, 1 to 30; 15 ends at full moon, 30 at new moon."),
    "paksha": _("The half of the month: shukla (bright) or krishna (dark)."),
    "nakshatra": _("The Moon's mansion at the beginning, 1 to 27."),
    "ayanamsa": _("Where sidereal longitudes begin: true_chitra."),
    "ayanamsa_deg": _("The longitude at which the sidereal zodiac begins, degrees."),
    "zone_offset_s": _("Offset of the civil zone from UTC, seconds."),
    "festival": _("The code of the festival."),
    "saka_year": _("Year of the Saka era, from Chaitra."),
    "church": _("The church whose feast it is: western, orthodox or armenian."),
    "feast": _("The code of the feast."),
    "year": _("The Gregorian year of the feast."),
    "longitudes_deg": _(
        "Apparent geocentric ecliptic longitudes, in the order of the bodies, degrees."
    ),
    "latitudes_deg": _(
        "Apparent geocentric ecliptic latitudes, in the order of the bodies, degrees."
    ),
}
# What a field means in one type where it means something else in others.
OWN_NOTES: Final[Mapping[str, Phrases]] = {
    "SunConjunctionDetails": {
        "elongation_deg": _("Longitude of the planet minus that of the Sun: 0, 90, 180 or -90."),
    },
    "ElongationDetails": {
        "elongation_deg": _("Angle between the planet and the Sun, degrees."),
        "magnitude": _("Visual magnitude of the planet."),
        "distance_au": _("Geocentric distance of the planet, astronomical units."),
    },
    "BrilliancyDetails": {
        "elongation_deg": _("Angle between Venus and the Sun, degrees."),
        "magnitude": _("Visual magnitude of Venus."),
        "distance_au": _("Geocentric distance of Venus, astronomical units."),
    },
    "OccultationDetails": {
        "sun_elongation_deg": _("Angle between the Moon and the Sun, degrees."),
        "side": _(
            "On which side of the Sun the Moon is: east while it waxes, west while it wanes."
        ),
    },
    "HinduFestivalDetails": {
        "month": _("Number of the amanta month, 1 to 12; 1 is Chaitra."),
    },
    "StationDetails": {
        "distance_au": _("Geocentric distance of the planet, astronomical units."),
    },
    "ApsisDetails": {
        "distance_au": _("Distance from the Sun, geometric, astronomical units."),
    },
    "AlignmentDetails": {
        "sun_elongation_deg": _("Longitude between the middle of the arc and the Sun, degrees."),
    },
}


def detail_notes(details: type) -> Phrases:
    """Return what the fields of a type of facts mean."""
    return {**DETAIL_NOTES, **OWN_NOTES.get(details.__name__, {})}


def detail_notes_english(details: type) -> Mapping[str, str]:
    """Return the same for documents that are kept in English."""
    with language_active("en"):
        return {name: str(note) for name, note in detail_notes(details).items()}


def detail_unit(name: str) -> str | Promise | None:
    """Return the unit that ends the name of a field, in words, or None for a plain number."""
    if name.endswith("_km_s"):
        return pgettext_lazy("unit", "kilometre a second")
    return UNITS.get(name.rpartition("_")[2]) if "_" in name else None


def detail_types() -> list[type]:
    """Return the types of the facts that are served, each once."""
    return list(dict.fromkeys(kind.details for kind in COMPUTED_KINDS.values()))
