"""What the facts of each kind hold: their types, units and meanings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, get_type_hints

from astronomy import occurrence

DETAILS: Final[Mapping[str, type]] = {
    "new_moon": occurrence.MoonPhaseDetails,
    "first_quarter": occurrence.MoonPhaseDetails,
    "full_moon": occurrence.MoonPhaseDetails,
    "last_quarter": occurrence.MoonPhaseDetails,
    "march_equinox": occurrence.SeasonDetails,
    "june_solstice": occurrence.SeasonDetails,
    "september_equinox": occurrence.SeasonDetails,
    "december_solstice": occurrence.SeasonDetails,
    "solar_eclipse": occurrence.SolarEclipseDetails,
    "lunar_eclipse": occurrence.LunarEclipseDetails,
}
UNITS: Final[Mapping[str, str]] = {
    "deg": "degree",
    "arcsec": "arcsecond",
    "km": "kilometre",
    "au": "astronomical unit",
    "s": "second",
    "utc": "instant in UTC (UT1 before 1972)",
}
DETAIL_NOTES: Final[Mapping[str, str | Schema]] = {
    "elongation_deg": "Longitude of the Moon minus that of the Sun: 0, 90, 180 or 270.",
    "lunation_number": "Goldstine's count: 37105 is the new moon of 2000 January 6.",
    "moon_longitude_deg": "Apparent geocentric ecliptic longitude of date, degrees.",
    "moon_latitude_deg": "Apparent geocentric ecliptic latitude of date, degrees.",
    "moon_distance_km": "Geocentric distance of the Moon, kilometres.",
    "sun_longitude_deg": "Apparent geocentric ecliptic longitude of date: 0, 90, 180 or 270.",
    "sun_distance_au": "Geocentric distance of the Sun, astronomical units.",
    "solar_year": "The year whose March equinox began this turn of the Sun.",
    "type": "The type of the eclipse, over the whole Earth.",
    "central": "Whether the axis of the shadow meets the Earth.",
    "gamma": "Least distance of the shadow's axis from the Earth's centre (solar) or of the Moon "
    "from the axis (lunar), equatorial radii of the Earth, north positive.",
    "magnitude": "Fraction of the Sun's diameter covered, or ratio of diameters if central.",
    "obscuration": "Fraction of the Sun's area covered at greatest eclipse.",
    "saros": "Number of the saros series.",
    "greatest_lat_deg": "Geographic latitude of greatest eclipse, degrees, north positive.",
    "greatest_lon_deg": "Geographic longitude of greatest eclipse, degrees, east positive.",
    "greatest_lon_uncertainty_deg": "One standard uncertainty of that longitude, degrees.",
    "sun_altitude_deg": "Altitude of the Sun at greatest eclipse, degrees.",
    "path_width_km": "Width of the central path at greatest eclipse, kilometres.",
    "central_duration_s": "Duration of the central phase at greatest eclipse, seconds.",
    "partial_duration_s": "Duration of the partial phase, seconds.",
    "umbral_duration_s": "Duration of the umbra's stay on the Earth, seconds.",
    "contacts_utc": "Instants of the contacts by name, UTC (UT1 before 1972).",
    "delta_t_s": "TT minus UT1 used, seconds.",
    "umbral_magnitude": "Fraction of the Moon's diameter inside the umbra; below 0 outside.",
    "penumbral_magnitude": "Fraction of the Moon's diameter inside the penumbra.",
    "moon_zenith_lat_deg": "Where the Moon stands in the zenith: latitude, degrees.",
    "moon_zenith_lon_deg": "Where the Moon stands in the zenith: longitude, degrees east.",
    "penumbral_duration_s": "Duration of the penumbral phase, seconds.",
    "total_duration_s": "Duration of totality, seconds.",
    "borderline": "Whether the type depends on the model of the shadow.",
    "shadow_model": "How the Earth's shadow is enlarged.",
}


def detail_unit(name: str) -> str | None:
    """Return the unit that ends the name of a field, in words, or None for a plain number."""
    return UNITS.get(name.rpartition("_")[2]) if "_" in name else None


def detail_fields(code: str) -> list[str]:
    """Return the names of the facts of a kind."""
    details = DETAILS.get(code)
    return list(get_type_hints(details)) if details else []


def detail_types() -> list[type]:
    """Return the types of the facts, each once."""
    return list(dict.fromkeys(DETAILS.values()))
