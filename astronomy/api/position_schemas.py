"""The schemas of positions in the OpenAPI document, made from the types that the code uses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from astronomy.api import position_payloads as payloads
from astronomy.positions import (
    BODY_CODES,
    SEGMENT_BODIES,
    Correction,
    Frame,
    Origin,
)
from starscal.core.api.openapi import Schema, schema_of

_NUMBER: Final[Schema] = {"type": "number"}
_VECTOR: Final[Schema] = {"type": "array", "items": _NUMBER, "minItems": 3, "maxItems": 3}
_HANDED: Final[Schema] = {
    "enum": ["right"],
    "description": "Always right. A left-handed scene negates z of every vector, once.",
}
_ANGLE: Final[Schema] = {"minimum": 0, "maximum": 360}
_LATITUDE: Final[Schema] = {"minimum": -90, "maximum": 90}
NOTES: Final[Mapping[str, str | Schema]] = {
    "at": {"format": "date-time", "description": "RFC 3339 in UTC (UT1 before 1972), to the ms."},
    "jd_tt": "Julian date, Terrestrial Time.",
    "jd_utc": "Julian date, UTC (UT1 before 1972).",
    "jd_ut1": "Julian date, UT1.",
    "delta_t_s": "TT minus UT1, seconds.",
    "gmst_deg": _ANGLE | {"description": "Greenwich mean sidereal time, degrees."},
    "gast_deg": _ANGLE | {"description": "Greenwich apparent sidereal time, degrees."},
    "last_deg": _ANGLE | {"description": "Local apparent sidereal time at the place, degrees."},
    "gmst_rad": "Greenwich mean sidereal time, radians.",
    "gast_rad": "Greenwich apparent sidereal time, radians.",
    "origin": {"enum": list(Origin), "description": "Where positions are measured from."},
    "correction": {"enum": list(Correction), "description": "What was done about light."},
    "frame": {"enum": list(Frame), "description": "The frame of the vectors."},
    "handedness": _HANDED,
    "refraction": "Whether altitudes have refraction (10 °C, 1010 mbar at sea level).",
    "place": "The place of topocentric positions, else null.",
    "ephemeris": "The JPL ephemeris, such as DE440.",
    "results": "One entry an instant, in order of time.",
    "bodies": "Positions by body.",
    "vector_au": _VECTOR | {"description": "[x, y, z] in the frame, au."},
    "distance_au": "Distance from the origin, au.",
    "distance_km": "Distance from the origin, kilometres.",
    "ra_deg": _ANGLE | {"description": "Right ascension on the equator of the frame's epoch."},
    "dec_deg": _LATITUDE | {"description": "Declination on the equator of the frame's epoch."},
    "longitude_deg": _ANGLE | {"description": "On the ecliptic of the frame's epoch, degrees."},
    "latitude_deg": _LATITUDE | {"description": "On the ecliptic of the frame's epoch, degrees."},
    "altitude_deg": _LATITUDE | {"description": "Above the horizon; only from a place."},
    "azimuth_deg": _ANGLE | {"description": "From north by east, degrees; only from a place."},
    "subpoint_lat_deg": _LATITUDE
    | {"description": "Geodetic latitude where the body stands in the zenith."},
    "subpoint_lon_deg": {"minimum": -180, "maximum": 180}
    | {"description": "Longitude east where the body stands in the zenith."},
    "phase_angle_deg": {"minimum": 0, "maximum": 180}
    | {"description": "Angle Sun-body-observer, degrees; null for the Sun."},
    "illuminated_fraction": {"minimum": 0, "maximum": 1}
    | {"description": "Lit fraction of the disc; null for the Sun."},
    "magnitude": "Visual magnitude; null for Sun, Moon and Pluto and where no formula holds.",
    "constellation": {"minLength": 3, "maxLength": 3}
    | {"description": "IAU abbreviation of the constellation."},
    "lat_deg": _LATITUDE | {"description": "WGS 84 latitude, degrees, north positive."},
    "lon_deg": "Longitude, degrees, east positive.",
    "elevation_m": "Height above the ellipsoid, metres.",
    "lon_rad": "Longitude, radians, east positive.",
    "lat_rad": "Geodetic latitude, radians, north positive.",
    "sun_au": _VECTOR | {"description": "The Sun: the origin."},
    "heliocentric_au": {
        "additionalProperties": _VECTOR,
        "description": "Geometric heliocentric [x, y, z] of Earth and planets, au.",
    },
    "moon_geocentric_au": _VECTOR | {"description": "Geometric [x, y, z] from the Earth, au."},
    "moon_ra_rad": "Apparent right ascension of the Moon, true equator of date, radians.",
    "moon_dec_rad": "Apparent declination of the Moon, true equator of date, radians.",
    "subsolar": "Where the Sun stands in the zenith.",
    "sublunar": "Where the Moon stands in the zenith.",
    "from_jd_utc": "From this Julian date (UTC) on.",
    "seconds": "TT minus UTC, seconds.",
    "start_jd_tt": "Where it starts: Julian date, TT.",
    "end_jd_tt": "Where it ends: Julian date, TT.",
    "tt_minus_utc": "To turn a clock's UTC into TT: each value holds up to the next.",
    "segments": "One entry a series.",
    "code": {"enum": list(SEGMENT_BODIES), "description": "The series."},
    "unit": {"enum": ["au", "rad"], "description": "The unit of the values."},
    "error_bound": "No interpolated vector is farther than this from the direct position.",
    "block_days": "The length of a block, days.",
    "coefficients": "[block][component][order], Chebyshev polynomials of the first kind in "
    "x = 2 (jd_tt - start of the block) / block_days - 1.",
}
_SEGMENT_NOTES: Final[Mapping[str, str | Schema]] = {
    "origin": {"enum": ["sun", "earth"], "description": "Where the vectors are measured from."},
}
_STATE_NOTES: Final[Mapping[str, str | Schema]] = {
    "frame": {"enum": [str(Frame.ECLIPTIC_J2000)], "description": "The frame of the vectors."},
}
_KINDS: Final[Mapping[str, tuple[Any, Mapping[str, str | Schema]]]] = {
    "PlaceBody": (payloads.PlaceBody, {}),
    "BodyPosition": (payloads.BodyPosition, {}),
    "PositionsAt": (payloads.PositionsAt, {}),
    "PositionList": (payloads.PositionList, {}),
    "SurfacePointBody": (payloads.SurfacePointBody, {}),
    "SceneStateBody": (payloads.SceneStateBody, _STATE_NOTES),
    "ClockStep": (payloads.ClockStep, {}),
    "SegmentBody": (payloads.SegmentBody, _SEGMENT_NOTES),
    "SegmentList": (payloads.SegmentList, {}),
}


def schemas_add(result: Schema, **_context: Any) -> Schema:
    """Add the schemas of positions to the document (a hook of spectacular)."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    for name, (kind, notes) in _KINDS.items():
        schemas[name] = schema_of(kind, {**NOTES, **notes})
    bodies = schemas["PositionsAt"]["properties"]["bodies"]
    bodies["propertyNames"] = {"enum": list(BODY_CODES)}
    return result
