"""Everything a 3D scene needs at one instant, in one call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from skyfield.timelib import Time
from skyfield.toposlib import wgs84

from astronomy.constants import J2000_JD
from astronomy.ephemeris import Ephemeris
from astronomy.limits import require_days
from astronomy.positions.bodies import EARTH, SUN, Origin, bodies_of, kernel_name
from astronomy.positions.clocks import clocks_at
from astronomy.positions.frames import Frame, direction_deg, rotated
from astronomy.timescales import Floats, time_at

PLANETS: Final = tuple(code for code in bodies_of(Origin.HELIOCENTRIC) if code != "moon")


@dataclass(frozen=True, slots=True)
class SurfacePoint:
    """A point of the Earth: geodetic latitude, and longitude east, in radians."""

    lon_rad: float
    lat_rad: float


@dataclass(frozen=True, slots=True)
class SceneState:
    """The solar system at an instant.

    The Sun stands at the origin. ``heliocentric_au`` (planets and Earth) and ``moon_geocentric_au``
    are geometric, in the right-handed ecliptic of J2000: the Moon stands at their sum for the
    Earth and itself. Right ascension and declination of the Moon are apparent, true equator and
    equinox of date; the points below Sun and Moon are where each stands in the zenith;
    ``gast_rad`` is Greenwich apparent sidereal time.
    """

    jd_tt: float
    jd_utc: float
    jd_ut1: float
    heliocentric_au: Mapping[str, tuple[float, float, float]]
    moon_geocentric_au: tuple[float, float, float]
    moon_ra_rad: float
    moon_dec_rad: float
    subsolar: SurfacePoint
    sublunar: SurfacePoint
    gmst_rad: float
    gast_rad: float


def scene_state(ephemeris: Ephemeris, jd_tt: float) -> SceneState:
    """Return the state of the scene at the Julian date ``jd_tt`` (TT).

    Frame: ecliptic of J2000, right-handed.    Units: au, radians.
    """
    days = np.array([jd_tt - J2000_JD])
    require_days(ephemeris, days)
    moment = time_at(ephemeris.timescale, days)
    kernel = ephemeris.kernel
    places = {code: kernel[kernel_name(code)].at(moment) for code in (SUN, *PLANETS, "moon")}
    earth, clocks = places[EARTH], clocks_at(moment, days)
    seen_sun, seen_moon = (earth.observe(kernel[code]).apparent() for code in (SUN, "moon"))
    moon_ra_deg, moon_dec_deg = direction_deg(
        rotated(seen_moon.xyz.au, Frame.EQUATORIAL_DATE, moment)
    )
    return SceneState(
        jd_tt=float(clocks.jd_tt[0]),
        jd_utc=float(clocks.jd_utc[0]),
        jd_ut1=float(clocks.jd_ut1[0]),
        heliocentric_au={code: _between(places[SUN], places[code], moment) for code in PLANETS},
        moon_geocentric_au=_between(earth, places["moon"], moment),
        moon_ra_rad=_rad(moon_ra_deg),
        moon_dec_rad=_rad(moon_dec_deg),
        subsolar=_below(seen_sun),
        sublunar=_below(seen_moon),
        gmst_rad=_rad(clocks.gmst_deg),
        gast_rad=_rad(clocks.gast_deg),
    )


def _between(origin: Any, body: Any, moment: Time) -> tuple[float, float, float]:
    vector_au = rotated(body.xyz.au - origin.xyz.au, Frame.ECLIPTIC_J2000, moment)
    x, y, z = vector_au[:, 0].tolist()
    return x, y, z


def _below(apparent: Any) -> SurfacePoint:
    latitude, longitude = wgs84.latlon_of(apparent)
    return SurfacePoint(float(longitude.radians[0]), float(latitude.radians[0]))


def _rad(degrees: Floats) -> float:
    return float(np.radians(degrees[0]))
