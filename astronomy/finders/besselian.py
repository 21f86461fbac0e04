"""The Moon's shadow in the fundamental plane: Besselian elements from positions.

The fundamental plane passes through the Earth's centre at right angles to the shadow axis, the
line through the centres of Sun and Moon. Its x axis points east and lies in the equator of date,
its y axis points north, and z runs along the axis towards the Moon. The unit of length is the
Earth's equatorial radius.

Source: Explanatory Supplement to the Astronomical Almanac (2013), ch. 11.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from astronomy.constants import (
    AU_KM,
    EARTH_FLATTENING,
    EARTH_RADIUS_KM,
    MOON_RADIUS_PENUMBRA,
    MOON_RADIUS_UMBRA,
    SUN_SEMIDIAMETER_ARCSEC,
)
from astronomy.ephemeris import ApparentSky
from astronomy.sampling import Sky
from astronomy.timescales import Floats

EARTH_RADIUS_AU: Final = EARTH_RADIUS_KM / AU_KM
SUN_RADIUS: Final = float(np.sin(np.radians(SUN_SEMIDIAMETER_ARCSEC / 3600.0))) / EARTH_RADIUS_AU
POLAR_RADIUS: Final = 1.0 - EARTH_FLATTENING
BODIES: Final = ("sun", "moon")
_NEAREST_STEPS: Final = 5


@dataclass(frozen=True)
class Elements:
    """Besselian elements at n instants; lengths in equatorial radii of the Earth.

    ``x, y, z`` place the Moon; ``east, north, axis`` (3, n) are the unit vectors of the plane
    in the true equator and equinox of date; ``separation`` is Sun to Moon.
    """

    x: Floats
    y: Floats
    z: Floats
    east: Floats
    north: Floats
    axis: Floats
    separation: Floats

    @cached_property
    def gamma(self) -> Floats:
        """Return the distance of the axis from the Earth's centre, positive to the north."""
        return np.asarray(np.copysign(np.hypot(self.x, self.y), self.y))

    @cached_property
    def outline_minor(self) -> Floats:
        """Return the polar semi-axis of the Earth's outline in the plane; the other is 1."""
        return np.asarray(np.hypot(self.axis[2], POLAR_RADIUS * self.north[2]))

    def penumbra_radius(self, height: Floats) -> Floats:
        """Return the radius of the penumbra at ``height`` above the fundamental plane."""
        sine = (SUN_RADIUS + MOON_RADIUS_PENUMBRA) / self.separation
        return _cone_radius(sine, self.z - height, MOON_RADIUS_PENUMBRA)

    def umbra_radius(self, height: Floats) -> Floats:
        """Return the radius of the umbra at ``height``: negative where it is total."""
        sine = (SUN_RADIUS - MOON_RADIUS_UMBRA) / self.separation
        return _cone_radius(sine, self.z - height, -MOON_RADIUS_UMBRA)

    def place(self, x: Floats, y: Floats, height: Floats) -> Floats:
        """Return a point of the plane's frame as a vector (3, n) in the equator of date."""
        return x * self.east + y * self.north + height * self.axis


def _cone_radius(sine: Floats, distance: Floats, moon_radius: float) -> Floats:
    cosine = np.sqrt(1.0 - sine * sine)
    return np.asarray(distance * sine / cosine + moon_radius / cosine)


def sampled_elements(sky: Sky, days: Floats) -> Elements:
    """Return the elements at ``days`` from the samples, to search in."""
    obliquity_rad = sky.obliquity_rad(days)
    return _elements(sky.vector_au("sun", days), sky.vector_au("moon", days), obliquity_rad)


def confirmed_elements(apparent: ApparentSky) -> Elements:
    """Return the elements of a direct Skyfield evaluation."""
    vectors = apparent.vectors_au
    return _elements(vectors["sun"], vectors["moon"], apparent.obliquity_rad)


def equatorial(ecliptic: Floats, obliquity_rad: Floats) -> Floats:
    """Return vectors (3, n) turned from the true ecliptic to the true equator of date."""
    cosine, sine = np.cos(obliquity_rad), np.sin(obliquity_rad)
    x, y, z = ecliptic
    return np.stack((x, y * cosine - z * sine, y * sine + z * cosine))


def _elements(sun_au: Floats, moon_au: Floats, obliquity_rad: Floats) -> Elements:
    sun = equatorial(sun_au, obliquity_rad) / EARTH_RADIUS_AU
    moon = equatorial(moon_au, obliquity_rad) / EARTH_RADIUS_AU
    separation = np.linalg.norm(sun - moon, axis=0)
    axis = (sun - moon) / separation
    east = np.stack((-axis[1], axis[0], np.zeros_like(axis[0])))
    east /= np.linalg.norm(east, axis=0)
    north = np.cross(axis, east, axis=0)
    x, y, z = (np.sum(moon * direction, axis=0) for direction in (east, north, axis))
    return Elements(x, y, z, east, north, axis, np.asarray(separation))


@dataclass(frozen=True)
class SurfacePoint:
    """A point of the WGS 84 ellipsoid in the frame of the plane, and the axis seen from it.

    ``from_axis`` is its distance from the axis; for the limb it is negative while the axis
    meets the Earth.
    """

    x: Floats
    y: Floats
    height: Floats
    from_axis: Floats


def axis_foot(elements: Elements) -> SurfacePoint:
    """Return where the axis enters the Earth; the height is not a number where it misses."""
    height = surface_height(elements, elements.x, elements.y)
    return SurfacePoint(elements.x, elements.y, height, np.zeros_like(height))


def surface_height(elements: Elements, x: Floats, y: Floats) -> Floats:
    """Return how high the Earth's surface stands over points of the plane, NaN beside it."""
    square, half, rest = _along_axis(elements, x, y)
    inside = half * half - square * rest
    return np.asarray((-half + np.sqrt(np.where(inside >= 0.0, inside, np.nan))) / square)


def nearest_limb(elements: Elements) -> SurfacePoint:
    """Return the point of the Earth's outline nearest to the axis."""
    x, y, minor = elements.x, elements.y, elements.outline_minor
    turn = np.arctan2(y / minor, x)
    for _ in range(_NEAREST_STEPS):
        turn = turn - _nearest_step(turn, x, y, minor)
    limb_x, limb_y = np.cos(turn), minor * np.sin(turn)
    square, half, _ = _along_axis(elements, limb_x, limb_y)
    outside = np.where(x * x + (y / minor) ** 2 >= 1.0, 1.0, -1.0)
    distance = outside * np.hypot(limb_x - x, limb_y - y)
    return SurfacePoint(limb_x, limb_y, -half / square, distance)


def _nearest_step(turn: Floats, x: Floats, y: Floats, minor: Floats) -> Floats:
    """Return a Newton step of the eccentric angle towards the nearest point of an ellipse."""
    cosine, sine = np.cos(turn), np.sin(turn)
    away_x, away_y = cosine - x, minor * sine - y
    gradient = minor * away_y * cosine - away_x * sine
    curvature = sine**2 + (minor * cosine) ** 2 - away_x * cosine - minor * away_y * sine
    # Beside the centre every point of the outline is as near; any will do, but stay bounded.
    return np.asarray(gradient / np.maximum(curvature, 0.05))


def _along_axis(elements: Elements, x: Floats, y: Floats) -> tuple[Floats, Floats, Floats]:
    """Return a, b, c of a h^2 + 2 b h + c = 0, the ellipsoid along a parallel to the axis."""
    sine, cosine = elements.axis[2], elements.north[2]
    stretch = 1.0 / POLAR_RADIUS**2
    square = cosine**2 + sine**2 * stretch
    half = y * sine * cosine * (stretch - 1.0)
    rest = x**2 + y**2 * (sine**2 + cosine**2 * stretch) - 1.0
    return square, half, rest
