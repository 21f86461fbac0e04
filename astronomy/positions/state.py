"""Everything a 3D scene needs at one instant, in one call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from astronomy.constants import J2000_JD
from astronomy.ephemeris import Ephemeris
from astronomy.positions.bodies import SUN, Correction, Origin, bodies_of
from astronomy.positions.frames import Frame
from astronomy.positions.table import BodyPositions, View, position_table

_HELIOCENTRIC: Final = View(Origin.HELIOCENTRIC, Correction.GEOMETRIC, Frame.ECLIPTIC_J2000)
_MOON_IN_SCENE: Final = View(Origin.GEOCENTRIC, Correction.GEOMETRIC, Frame.ECLIPTIC_J2000)
_AS_SEEN: Final = View(Origin.GEOCENTRIC, Correction.APPARENT, Frame.EQUATORIAL_DATE)
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
    planets = position_table(ephemeris, days, PLANETS, _HELIOCENTRIC)
    scene_moon = position_table(ephemeris, days, ("moon",), _MOON_IN_SCENE).bodies["moon"]
    seen = position_table(ephemeris, days, (SUN, "moon"), _AS_SEEN)
    moon, clocks = seen.bodies["moon"], seen.clocks
    return SceneState(
        jd_tt=float(clocks.jd_tt[0]),
        jd_utc=float(clocks.jd_utc[0]),
        jd_ut1=float(clocks.jd_ut1[0]),
        heliocentric_au={code: _triple(planets.bodies[code]) for code in PLANETS},
        moon_geocentric_au=_triple(scene_moon),
        moon_ra_rad=_rad(moon.ra_deg),
        moon_dec_rad=_rad(moon.dec_deg),
        subsolar=_below(seen.bodies[SUN]),
        sublunar=_below(moon),
        gmst_rad=_rad(clocks.gmst_deg),
        gast_rad=_rad(clocks.gast_deg),
    )


def _triple(positions: BodyPositions) -> tuple[float, float, float]:
    x, y, z = positions.vector_au[:, 0].tolist()
    return x, y, z


def _below(positions: BodyPositions) -> SurfacePoint:
    return SurfacePoint(_rad(positions.subpoint_lon_deg), _rad(positions.subpoint_lat_deg))


def _rad(degrees: object) -> float:
    return float(np.radians(np.asarray(degrees, dtype=np.float64)[0]))
