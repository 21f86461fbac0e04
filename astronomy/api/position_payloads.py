"""Positions, the scene and segments as the API answers them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final, NotRequired, TypedDict

import numpy as np
from skyfield.timelib import Timescale

from astronomy.constants import DAY_S, J2000_JD
from astronomy.positions import BodyPositions, Clocks, Origin, PositionTable, SceneState, Segment
from astronomy.positions.frames import HANDEDNESS
from astronomy.positions.state import SurfacePoint
from astronomy.timescales import (
    Floats,
    datetime_from_milliseconds,
    days_from_datetime,
    format_utc,
    utc_milliseconds,
)

# Digits that are worth sending: 0.15 m, 4 microarcseconds, 0.1 ms.
_AU: Final = 12
_DEG: Final = 9
_DIGITS: Final[Mapping[str, int]] = {
    "vector_au": _AU,
    "distance_au": _AU,
    "distance_km": 3,
    "illuminated_fraction": 8,
    "magnitude": 3,
    "delta_t_s": 4,
}
_HORIZON: Final = frozenset({"altitude_deg", "azimuth_deg"})
_GROUND: Final = frozenset({"subpoint_lat_deg", "subpoint_lon_deg"})


class PlaceBody(TypedDict):
    """The place of topocentric positions."""

    lat_deg: float
    lon_deg: float
    elevation_m: float


class BodyPosition(TypedDict):
    """Where a body is, and how it looks."""

    vector_au: list[float]
    distance_au: float
    distance_km: float
    ra_deg: float
    dec_deg: float
    longitude_deg: float
    latitude_deg: float
    altitude_deg: NotRequired[float]
    azimuth_deg: NotRequired[float]
    subpoint_lat_deg: NotRequired[float]
    subpoint_lon_deg: NotRequired[float]
    phase_angle_deg: NotRequired[float | None]
    illuminated_fraction: NotRequired[float | None]
    magnitude: NotRequired[float | None]
    constellation: NotRequired[str]


class PositionsAt(TypedDict):
    """The clocks at an instant, and the bodies."""

    at: str
    jd_tt: float
    jd_utc: float
    jd_ut1: float
    delta_t_s: float
    gmst_deg: float
    gast_deg: float
    last_deg: NotRequired[float]
    bodies: dict[str, BodyPosition]


class PositionList(TypedDict):
    """Positions of bodies at instants."""

    origin: str
    correction: str
    frame: str
    handedness: str
    refraction: bool
    place: PlaceBody | None
    ephemeris: str
    results: list[PositionsAt]


class SurfacePointBody(TypedDict):
    """A point of the Earth, radians."""

    lon_rad: float
    lat_rad: float


class SceneStateBody(TypedDict):
    """The solar system at an instant, for a 3D scene."""

    at: str
    jd_tt: float
    jd_utc: float
    jd_ut1: float
    frame: str
    handedness: str
    ephemeris: str
    sun_au: list[float]
    heliocentric_au: dict[str, list[float]]
    moon_geocentric_au: list[float]
    moon_ra_rad: float
    moon_dec_rad: float
    subsolar: SurfacePointBody
    sublunar: SurfacePointBody
    gmst_rad: float
    gast_rad: float


class ClockStep(TypedDict):
    """From when on TT minus UTC has this value."""

    from_jd_utc: float
    seconds: float


class SegmentBody(TypedDict):
    """A series as Chebyshev coefficients."""

    code: str
    origin: str
    frame: str
    unit: str
    error_bound: float
    block_days: int
    start_jd_tt: float
    end_jd_tt: float
    coefficients: list[list[list[float]]]


class SegmentList(TypedDict):
    """Series to interpolate between two instants."""

    start_jd_tt: float
    end_jd_tt: float
    handedness: str
    ephemeris: str
    tt_minus_utc: list[ClockStep]
    segments: list[SegmentBody]


def positions_payload(table: PositionTable, ephemeris: str, timescale: Timescale) -> PositionList:
    """Return a table of positions, a row an instant. NaN becomes null as JSON is written."""
    view = table.view
    place = view.place
    columns = {code: _body_rows(table, found) for code, found in table.bodies.items()}
    rows: Any = [
        {"at": at, **clock, "bodies": dict(zip(columns, bodies, strict=True))}
        for at, clock, bodies in zip(
            _labels(timescale, table.days),
            _clock_rows(table.clocks),
            zip(*columns.values(), strict=True),
            strict=True,
        )
    ]
    return {
        "origin": str(view.origin),
        "correction": str(view.correction),
        "frame": str(view.frame),
        "handedness": HANDEDNESS,
        "refraction": view.refraction,
        "place": None
        if place is None
        else {
            "lat_deg": place.lat_deg,
            "lon_deg": place.lon_deg,
            "elevation_m": place.elevation_m,
        },
        "ephemeris": ephemeris,
        "results": rows,
    }


def _labels(timescale: Timescale, days: Floats) -> list[str]:
    milliseconds = utc_milliseconds(timescale, days).tolist()
    return [format_utc(datetime_from_milliseconds(label)) for label in milliseconds]


def _clock_rows(clocks: Clocks) -> list[dict[str, Any]]:
    return _rows(clocks, [field.name for field in fields(clocks) if _has(clocks, field.name)])


def _body_rows(table: PositionTable, found: BodyPositions) -> list[dict[str, Any]]:
    """Return the rows of a body: every one has what the view has, null where a body has none."""
    names = [field.name for field in fields(found)]
    if table.view.origin is Origin.HELIOCENTRIC:
        return _rows(found, [name for name in names if _has(found, name)])
    absent = _HORIZON if table.view.place is None else _GROUND
    return _rows(found, [name for name in names if name not in absent])


def _has(columns: Clocks | BodyPositions, name: str) -> bool:
    return getattr(columns, name) is not None


def _rows(columns: Clocks | BodyPositions, names: list[str]) -> list[dict[str, Any]]:
    first = next(getattr(columns, name) for name in names if _has(columns, name))
    lists = [_listed(name, getattr(columns, name), first.shape[-1]) for name in names]
    return [dict(zip(names, values, strict=True)) for values in zip(*lists, strict=True)]


def _listed(name: str, values: Any, count: int) -> list[Any]:
    if values is None:
        return [None] * count
    if values.dtype.kind == "U":
        return list(values.tolist())
    return list(np.round(values.T, _DIGITS.get(name, _DEG)).tolist())


def state_payload(state: SceneState, ephemeris: str, timescale: Timescale) -> SceneStateBody:
    """Return the state of a scene; vectors are [x, y, z] in the right-handed ecliptic of J2000."""
    days = np.array([state.jd_tt - J2000_JD])
    return {
        "at": _labels(timescale, days)[0],
        "jd_tt": state.jd_tt,
        "jd_utc": state.jd_utc,
        "jd_ut1": state.jd_ut1,
        "frame": "ecliptic_j2000",
        "handedness": HANDEDNESS,
        "ephemeris": ephemeris,
        "sun_au": [0.0, 0.0, 0.0],
        "heliocentric_au": {code: list(xyz) for code, xyz in state.heliocentric_au.items()},
        "moon_geocentric_au": list(state.moon_geocentric_au),
        "moon_ra_rad": state.moon_ra_rad,
        "moon_dec_rad": state.moon_dec_rad,
        "subsolar": _point(state.subsolar),
        "sublunar": _point(state.sublunar),
        "gmst_rad": state.gmst_rad,
        "gast_rad": state.gast_rad,
    }


def _point(point: SurfacePoint) -> SurfacePointBody:
    return {"lon_rad": point.lon_rad, "lat_rad": point.lat_rad}


def segments_payload(
    found: list[Segment], start: datetime, end: datetime, ephemeris: str, timescale: Timescale
) -> SegmentList:
    """Return segments with the steps of TT minus UTC between ``start`` and ``end``."""
    return {
        "start_jd_tt": J2000_JD + float(days_from_datetime(timescale, start)),
        "end_jd_tt": J2000_JD + float(days_from_datetime(timescale, end)),
        "handedness": HANDEDNESS,
        "ephemeris": ephemeris,
        "tt_minus_utc": _clock_steps(timescale, start, end),
        "segments": [_segment(segment) for segment in found],
    }


def _segment(segment: Segment) -> SegmentBody:
    kind = segment.kind
    return {
        "code": kind.code,
        "origin": kind.origin,
        "frame": kind.frame,
        "unit": kind.unit,
        "error_bound": kind.error_bound,
        "block_days": kind.block_days,
        "start_jd_tt": segment.start_jd_tt,
        "end_jd_tt": segment.start_jd_tt + len(segment.coefficients) * kind.block_days,
        "coefficients": segment.coefficients.tolist(),
    }


def _clock_steps(timescale: Timescale, start: datetime, end: datetime) -> list[ClockStep]:
    """Return TT minus UTC where it changes: at leap seconds, and before 1972 each midnight."""
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    epoch = datetime_from_milliseconds(0)
    steps: list[ClockStep] = []
    for number in range((end - midnight).days + 1):
        moment = midnight + timedelta(days=number)
        civil = (moment - epoch) / timedelta(days=1)
        seconds = round(float(days_from_datetime(timescale, moment) - civil) * DAY_S, 3)
        steps.append({"from_jd_utc": J2000_JD + civil, "seconds": seconds})
    changed = [after for before, after in pairwise(steps) if before["seconds"] != after["seconds"]]
    return [steps[0], *changed]
