"""The sky of a place as the API writes it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final, TypedDict, cast
from zoneinfo import ZoneInfo

from astronomy.api.local_parameters import LocalAsked
from astronomy.observer.days import BodyDay
from astronomy.observer.levels import RISE, SET, SUN_LEVELS, TRANSIT
from astronomy.observer.moon import MoonAspect
from astronomy.observer.place import Place

_NAMES: Final = (RISE, TRANSIT, SET)
TWILIGHTS: Final = tuple(name for level in SUN_LEVELS for name in (level.rising, level.falling))


class PlacePayload(TypedDict):
    """The place as it was computed."""

    lat_deg: float
    lon_deg: float
    elevation_m: float
    horizon_deg: float


class BodySky(TypedDict):
    """What one body does in one civil day."""

    body: str
    rise: str | None
    rise_azimuth_deg: float | None
    transit: str | None
    transit_altitude_deg: float | None
    set: str | None
    set_azimuth_deg: float | None
    up_s: float
    missing: dict[str, str]


class RiseSetDay(TypedDict):
    """One civil day of several bodies."""

    date: str
    bodies: list[BodySky]


class SunDay(TypedDict):
    """One civil day of the Sun."""

    date: str
    rise: str | None
    rise_azimuth_deg: float | None
    transit: str | None
    transit_altitude_deg: float | None
    set: str | None
    set_azimuth_deg: float | None
    day_length_s: float
    astronomical_dawn: str | None
    nautical_dawn: str | None
    civil_dawn: str | None
    golden_morning_begin: str | None
    golden_morning_end: str | None
    golden_evening_begin: str | None
    golden_evening_end: str | None
    civil_dusk: str | None
    nautical_dusk: str | None
    astronomical_dusk: str | None
    missing: dict[str, str]


class MoonDay(TypedDict):
    """One civil day of the Moon."""

    date: str
    rise: str | None
    rise_azimuth_deg: float | None
    transit: str | None
    transit_altitude_deg: float | None
    set: str | None
    set_azimuth_deg: float | None
    up_s: float
    noon: str
    illuminated_fraction: float
    elongation_deg: float
    distance_km: float
    missing: dict[str, str]


class RiseSetList(TypedDict):
    """Rise, transit and set of several bodies at a place."""

    place: PlacePayload
    timezone: str
    days: list[RiseSetDay]


class SunDayList(TypedDict):
    """The Sun at a place, day by day."""

    place: PlacePayload
    timezone: str
    days: list[SunDay]


class MoonDayList(TypedDict):
    """The Moon at a place, day by day."""

    place: PlacePayload
    timezone: str
    days: list[MoonDay]


def place_payload(place: Place) -> PlacePayload:
    """Return a place as the answer repeats it.

    Frame: geodetic, WGS 84, north and east positive.    Units: degrees, metres.
    """
    return {
        "lat_deg": place.lat_deg,
        "lon_deg": place.lon_deg,
        "elevation_m": place.elevation_m,
        "horizon_deg": place.horizon_deg,
    }


def zone_name(zone: ZoneInfo | None) -> str:
    """Return the name of the zone in which times are written; UTC if none was asked for."""
    return zone.key if zone else "UTC"


def rise_set_days(asked: LocalAsked, by_body: dict[str, list[BodyDay]]) -> list[RiseSetDay]:
    """Return one entry a day, with the bodies in the order of the kernel's table."""
    return [
        {
            "date": day.isoformat(),
            "bodies": [_body_sky(by_body[body][at], asked.zone) for body in asked.bodies],
        }
        for at, day in enumerate(asked.dates)
    ]


def sun_days(asked: LocalAsked, days: Sequence[BodyDay]) -> list[SunDay]:
    """Return the days of the Sun: rise, transit and set, twilights, how long it is up.

    Frame: topocentric, apparent.    Time scale: UTC, and the zone asked for.    Units: seconds.
    Shape: one entry a day.    Raises: ValueError if ``days`` are not as many as asked for.
    """
    return [_sun_day(day, found, asked.zone) for day, found in zip(asked.dates, days, strict=True)]


def moon_days(
    asked: LocalAsked, days: Sequence[BodyDay], aspects: Sequence[MoonAspect]
) -> list[MoonDay]:
    """Return the days with how the Moon looks at the noon of each."""
    return [
        _moon_day(day, found, aspect, asked.zone)
        for day, found, aspect in zip(asked.dates, days, aspects, strict=True)
    ]


def noons(asked: LocalAsked) -> list[datetime]:
    """Return the noon of each day."""
    return [_noon(start, end) for start, end in pairwise(asked.midnights)]


def _noon(start: datetime, end: datetime) -> datetime:
    """Return the moment 12 hours into a day; a day that a zone left out has only its start."""
    return min(start + timedelta(hours=12), end)


def _body_sky(day: BodyDay, zone: ZoneInfo | None) -> BodySky:
    passages = _passages(day, zone)
    return cast(
        "BodySky",
        {
            "body": day.body,
            **passages,
            "up_s": round(day.up_s, 3),
            "missing": {name: day.missing[name] for name in _NAMES if name in day.missing},
        },
    )


def _sun_day(date_: date, day: BodyDay, zone: ZoneInfo | None) -> SunDay:
    passages = _passages(day, zone)
    twilights = {name: _moment(day, name, zone) for name in TWILIGHTS}
    return cast(
        "SunDay",
        {
            "date": date_.isoformat(),
            **passages,
            "day_length_s": round(day.up_s, 3),
            **twilights,
            "missing": dict(day.missing),
        },
    )


def _moon_day(date_: date, day: BodyDay, aspect: MoonAspect, zone: ZoneInfo | None) -> MoonDay:
    passages = _passages(day, zone)
    return cast(
        "MoonDay",
        {
            "date": date_.isoformat(),
            **passages,
            "up_s": round(day.up_s, 3),
            "noon": instant_text(_noon(day.start, day.end), zone),
            "illuminated_fraction": aspect.illuminated_fraction,
            "elongation_deg": aspect.elongation_deg,
            "distance_km": aspect.distance_km,
            "missing": dict(day.missing),
        },
    )


def _passages(day: BodyDay, zone: ZoneInfo | None) -> dict[str, str | float | None]:
    rise, transit, sets = (day.first.get(name) for name in _NAMES)
    return {
        "rise": _moment(day, RISE, zone),
        "rise_azimuth_deg": rise.azimuth_deg if rise else None,
        "transit": _moment(day, TRANSIT, zone),
        "transit_altitude_deg": transit.altitude_deg if transit else None,
        "set": _moment(day, SET, zone),
        "set_azimuth_deg": sets.azimuth_deg if sets else None,
    }


def _moment(day: BodyDay, name: str, zone: ZoneInfo | None) -> str | None:
    event = day.first.get(name)
    return instant_text(event.utc, zone) if event else None


def instant_text(moment: datetime, zone: ZoneInfo | None) -> str:
    """Return RFC 3339 to the millisecond, in the zone with its offset, or in UTC with a Z."""
    if zone is None:
        return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
    return moment.astimezone(zone).isoformat(timespec="milliseconds")
