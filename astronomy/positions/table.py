"""Positions of bodies at many instants, from direct Skyfield evaluations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeVar

import numpy as np
from skyfield.timelib import Time
from skyfield.toposlib import wgs84

from astronomy.constants import AU_KM
from astronomy.ephemeris import CHUNK, Ephemeris
from astronomy.limits import require_days
from astronomy.observer.place import Place
from astronomy.positions import appearance
from astronomy.positions.bodies import (
    EARTH,
    SUN,
    Correction,
    Origin,
    bodies_of,
    corrections_of,
    kernel_name,
)
from astronomy.positions.clocks import Clocks, clocks_at
from astronomy.positions.frames import Frame, direction_deg, rotated
from astronomy.timescales import Floats, time_at

_Columns = TypeVar("_Columns", "BodyPositions", Clocks)


@dataclass(frozen=True, slots=True)
class View:
    """From where, with which corrections and in which frame positions are given.

    Raises: ValueError where origin, correction and place do not go together.
    """

    origin: Origin = Origin.GEOCENTRIC
    correction: Correction = Correction.APPARENT
    frame: Frame = Frame.ECLIPTIC_J2000
    place: Place | None = None
    refraction: bool = False

    def __post_init__(self) -> None:
        offered = corrections_of(self.origin)
        if self.correction not in offered:
            raise ValueError(
                f"{self.origin} positions are {' or '.join(offered)}, not {self.correction}."
            )
        if (self.place is not None) != (self.origin is Origin.TOPOCENTRIC):
            raise ValueError("A place belongs to topocentric positions, and only to them.")
        if self.refraction and self.correction is not Correction.APPARENT:
            raise ValueError("Refraction belongs to apparent positions.")


@dataclass(frozen=True, slots=True)
class BodyPositions:
    """Positions of one body at n instants; vectors (3, n), all else (n,).

    ``vector_au`` is in the frame asked for. Right ascension, declination, longitude and latitude
    are on the equator and ecliptic of that frame's epoch, of the same direction. ``altitude_deg``
    is above the horizon of the place, with refraction if asked for; ``azimuth_deg`` is from north
    by east. ``subpoint_*`` is where on WGS 84 the body stands in the zenith. None stands for what
    the view does not have, NaN for a magnitude that no formula gives.
    """

    vector_au: Floats
    distance_au: Floats
    distance_km: Floats
    ra_deg: Floats
    dec_deg: Floats
    longitude_deg: Floats
    latitude_deg: Floats
    altitude_deg: Floats | None = None
    azimuth_deg: Floats | None = None
    subpoint_lat_deg: Floats | None = None
    subpoint_lon_deg: Floats | None = None
    phase_angle_deg: Floats | None = None
    illuminated_fraction: Floats | None = None
    magnitude: Floats | None = None
    constellation: appearance.Texts | None = None


@dataclass(frozen=True, slots=True)
class PositionTable:
    """What :func:`position_table` found, with the clocks at its instants."""

    view: View
    days: Floats
    clocks: Clocks
    bodies: Mapping[str, BodyPositions]


def position_table(
    ephemeris: Ephemeris, days: Floats, bodies: Sequence[str], view: View
) -> PositionTable:
    """Return the positions of ``bodies`` at ``days``.

    A position is Skyfield's: light time, and for apparent ones deflection by the Sun, Jupiter and
    Saturn (and the Earth, from a place on it) and aberration. Outer planets are the barycentres
    of their systems.

    Frame: that of ``view``, right-handed.    Time scale in: TT, days since J2000.0.
    Units: au, km, degrees.    Shape: days (n,).    Raises: ValueError for an unknown body or
    what is not a number, EphemerisRangeError outside the kernel.
    """
    unknown = [code for code in bodies if code not in bodies_of(view.origin)]
    if unknown:
        raise ValueError(f"There is no {view.origin} position of {', '.join(unknown)}.")
    if not len(days):
        raise ValueError("At least one instant is needed.")
    require_days(ephemeris, days)
    parts = [
        _chunk(ephemeris, days[at : at + CHUNK], bodies, view) for at in range(0, len(days), CHUNK)
    ]
    return PositionTable(
        view=view,
        days=days,
        clocks=_joined([part.clocks for part in parts]),
        bodies={code: _joined([part.bodies[code] for part in parts]) for code in bodies},
    )


def _chunk(ephemeris: Ephemeris, days: Floats, bodies: Sequence[str], view: View) -> PositionTable:
    moment = time_at(ephemeris.timescale, days)
    clocks = clocks_at(moment, days, view.place)
    if view.origin is Origin.HELIOCENTRIC:
        found = {code: _heliocentric(ephemeris, code, moment, view) for code in bodies}
    else:
        observer = _observer(ephemeris, view).at(moment)
        found = {code: _observed(ephemeris, code, observer, view) for code in bodies}
    return PositionTable(view, days, clocks, found)


def _observer(ephemeris: Ephemeris, view: View) -> Any:
    earth = ephemeris.kernel[EARTH]
    return earth if view.place is None else earth + view.place.geographic()


def _heliocentric(ephemeris: Ephemeris, code: str, moment: Time, view: View) -> BodyPositions:
    kernel = ephemeris.kernel
    position = (kernel[kernel_name(code)] - kernel[SUN]).at(moment)
    return BodyPositions(**_coordinates(position, moment, view.frame))


def _observed(ephemeris: Ephemeris, code: str, observer: Any, view: View) -> BodyPositions:
    target = ephemeris.kernel[kernel_name(code)]
    astrometric = observer.observe(target)
    apparent = astrometric.apparent()
    position = {Correction.APPARENT: apparent, Correction.ASTROMETRIC: astrometric}.get(
        view.correction
    )
    if position is None:
        position = (target - ephemeris.kernel[EARTH]).at(observer.t)
    return BodyPositions(
        **_coordinates(position, observer.t, view.frame),
        **_horizon(apparent, view),
        **_looks(ephemeris, code, astrometric),
        constellation=appearance.constellation(position),
    )


def _coordinates(position: Any, moment: Time, frame: Frame) -> dict[str, Any]:
    icrf_au = position.xyz.au
    distance_au = np.asarray(position.distance().au, dtype=np.float64)
    ra_deg, dec_deg = direction_deg(rotated(icrf_au, frame.equatorial, moment))
    longitude_deg, latitude_deg = direction_deg(rotated(icrf_au, frame.ecliptic, moment))
    return {
        "vector_au": rotated(icrf_au, frame, moment),
        "distance_au": distance_au,
        "distance_km": distance_au * AU_KM,
        "ra_deg": ra_deg,
        "dec_deg": dec_deg,
        "longitude_deg": longitude_deg,
        "latitude_deg": latitude_deg,
    }


def _horizon(apparent: Any, view: View) -> dict[str, Any]:
    """Return altitude and azimuth at a place, or the point below the body without one."""
    if view.place is None:
        lat, lon = wgs84.latlon_of(apparent)
        return {"subpoint_lat_deg": lat.degrees, "subpoint_lon_deg": lon.degrees}
    temperature = "standard" if view.refraction else None
    altitude, azimuth, _distance = apparent.altaz(temperature_C=temperature)
    return {"altitude_deg": altitude.degrees, "azimuth_deg": azimuth.degrees}


def _looks(ephemeris: Ephemeris, code: str, astrometric: Any) -> dict[str, Any]:
    kernel = ephemeris.kernel
    return {
        "phase_angle_deg": appearance.phase_angle_deg(code, astrometric, kernel),
        "illuminated_fraction": appearance.illuminated_fraction(code, astrometric, kernel),
        "magnitude": appearance.magnitude(code, astrometric),
    }


def _joined(parts: Sequence[_Columns]) -> _Columns:
    """Return the columns of consecutive chunks as one."""
    if len(parts) == 1:
        return parts[0]
    first = parts[0]
    columns: dict[str, Any] = {
        field.name: None
        if getattr(first, field.name) is None
        else np.concatenate([getattr(part, field.name) for part in parts], axis=-1)
        for field in fields(first)
    }
    return type(first)(**columns)
