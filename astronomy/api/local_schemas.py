"""The schemas of the sky of a place in the OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from astronomy.api import local_payloads as payloads
from astronomy.bodies import BODIES
from astronomy.observer import circumstances
from astronomy.observer.levels import RISE, SET, SUN_LEVELS, TRANSIT
from starscal.core.api.openapi import Schema, schema_of

_INSTANT: Final[Schema] = {
    "format": "date-time",
    "description": "RFC 3339: in the zone asked for with its offset, else in UTC.",
}
_UTC: Final[Schema] = {"format": "date-time", "description": "RFC 3339 in UTC (UT1 before 1972)."}
SPANS: Final[Schema] = {
    "items": {
        "type": "array",
        "items": {"type": "string", "format": "date-time"},
        "minItems": 2,
        "maxItems": 2,
    },
    "description": "When it can be seen, as [from, to] in UTC.",
}
_EVENTS: Final = (
    RISE,
    TRANSIT,
    SET,
    *(name for level in SUN_LEVELS for name in (level.rising, level.falling)),
)
_NOTES: Final[Mapping[str, str | Schema]] = {
    **dict.fromkeys((*_EVENTS, "noon"), _INSTANT),
    "date": {"format": "date", "description": "The civil day."},
    "timezone": "The zone whose days these are.",
    "lat_deg": "Degrees, north positive.",
    "lon_deg": "Degrees, east positive.",
    "elevation_m": "Metres above WGS 84.",
    "horizon_deg": "Apparent altitude of the visible horizon, degrees.",
    "body": {"enum": list(BODIES), "description": "The body."},
    "rise_azimuth_deg": "Where it rises: degrees from north over east.",
    "set_azimuth_deg": "Where it sets: degrees from north over east.",
    "transit_altitude_deg": "Altitude of the centre at transit, degrees, without refraction.",
    "up_s": "Seconds of the day above the horizon.",
    "day_length_s": "Seconds of the day with the Sun above the horizon.",
    "illuminated_fraction": "Lit fraction of the disc at noon, from the Earth's centre.",
    "elongation_deg": "Longitude of the Moon minus that of the Sun at noon, 0 to 360.",
    "distance_km": "Distance from the Earth's centre at noon.",
    "missing": {
        "additionalProperties": {
            "type": "string",
            "enum": ["always_up", "always_down", "no_event_today"],
        },
        "description": "Why each event that is null does not happen on this day.",
    },
}
CIRCUMSTANCE_NOTES: Final[Mapping[str, str | Schema]] = {
    "name": "c1 to c4 and maximum of the Sun; p1, u1, u2, greatest, u3, u4, p4 of the Moon; "
    "disappearance and reappearance of what the Moon covers.",
    "utc": _UTC,
    "altitude_deg": "Altitude of the centre, degrees, without refraction.",
    "azimuth_deg": "Degrees from north over east.",
    "visible": "Whether it can be seen: the body is then above the horizon.",
    "magnitude": "Covered fraction of the Sun's diameter; the ratio of diameters if central.",
    "obscuration": "Covered fraction of the Sun's area.",
    "reason": "Why nothing can be seen, or null.",
    "central_duration_s": "Duration of the total or annular phase here, seconds.",
    "visible_spans_utc": SPANS,
    "best_visible": "The maximum, or the moment above the horizon at which most is covered.",
    "best_visible_phase": "The deepest phase of which a part can be seen.",
    "contacts": "In the order in which they happen.",
    "separation_arcsec": "Least angle between the centres here, arcseconds.",
    "duration_s": "From the first contact to the last here, seconds.",
    "internal_duration_s": "How long the planet is wholly before the Sun here, seconds.",
    "position_angle_deg": "Where on the limb of Sun or Moon: from celestial north through east.",
    "limb": "Whether the Sun lights that side of the Moon.",
    "sun_altitude_deg": "Altitude of the Sun's centre, degrees, without refraction.",
    "twilight": "How dark it is at the instant.",
    "bodies": "Where each body, or the radiant of a shower, stands at the instant.",
    "body": "The code of the body or the star, or `radiant`.",
    "above_horizon": "Whether it is then above the visible horizon.",
}
_PAYLOADS: Final[tuple[type, ...]] = (
    payloads.PlacePayload,
    payloads.BodySky,
    payloads.RiseSetDay,
    payloads.SunDay,
    payloads.MoonDay,
    payloads.RiseSetList,
    payloads.SunDayList,
    payloads.MoonDayList,
)
_CIRCUMSTANCES: Final[tuple[type, ...]] = (
    circumstances.LocalContact,
    circumstances.SolarMaximum,
    circumstances.SolarCircumstances,
    circumstances.LunarCircumstances,
    circumstances.TransitContact,
    circumstances.TransitCircumstances,
    circumstances.OccultationContact,
    circumstances.OccultationCircumstances,
    circumstances.BodyPlace,
    circumstances.InstantCircumstances,
)


def schemas_add(result: Schema, **_context: Any) -> Schema:
    """Add the schemas of the sky of a place to the document (a hook of spectacular)."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    for kind in _PAYLOADS:
        schemas[kind.__name__] = schema_of(kind, _NOTES)
    for kind in _CIRCUMSTANCES:
        schemas[kind.__name__] = schema_of(kind, CIRCUMSTANCE_NOTES)
    return result
