"""Solar eclipses at the point of greatest eclipse: place, magnitude, path and duration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from astronomy.constants import EARTH_RADIUS_KM
from astronomy.ephemeris import ApparentSky
from astronomy.finders.besselian import (
    POLAR_RADIUS,
    Elements,
    SurfacePoint,
    axis_foot,
    confirmed_elements,
    nearest_limb,
    sampled_elements,
)
from astronomy.sampling import Sky
from astronomy.search import refine_roots
from astronomy.timescales import Bools, Floats, Ints

# Rotation of the Earth, radians a day of UT1: IERS Conventions (2010), eq. 5.15.
EARTH_ROTATION_RAD: Final = 2.0 * float(np.pi) * 1.00273781191135448
_HALF_MINUTE_DAYS: Final = 0.5 / 1440.0
# No central phase lasts longer than 13 minutes at one place.
_CENTRAL_HALF_DAYS: Final = 15.0 / 1440.0


@dataclass(frozen=True)
class Greatest:
    """The shadow at greatest eclipse, at n instants.

    ``point`` is where the axis meets the Earth, or the limb nearest to it; ``offset`` is the
    distance of that point from the axis; radii are those of the cones at the point.
    """

    days: Floats
    elements: Elements
    point: SurfacePoint
    offset: Floats
    central: Bools
    penumbra: Floats
    umbra: Floats
    gast_rad: Floats

    @property
    def ratio(self) -> Floats:
        """Return the apparent diameter of the Moon over that of the Sun at the point."""
        return np.asarray((self.penumbra - self.umbra) / (self.penumbra + self.umbra))

    @property
    def covered(self) -> Floats:
        """Return the fraction of the Sun's diameter that is covered at the point."""
        return np.asarray((self.penumbra - self.offset) / (self.penumbra + self.umbra))

    @property
    def magnitude(self) -> Floats:
        """Return the ratio of diameters where the axis meets the Earth, else the fraction."""
        return np.where(self.central, self.ratio, self.covered)

    @property
    def touches(self) -> Bools:
        """Tell where the umbra or the antumbra reaches the Earth."""
        return np.asarray(self.offset < np.abs(self.umbra))

    def place(self) -> Floats:
        """Return the point as a vector (3, n) in the true equator and equinox of date."""
        return self.elements.place(self.point.x, self.point.y, self.point.height)


def greatest_from(apparent: ApparentSky) -> Greatest:
    """Return the circumstances at greatest eclipse from a direct Skyfield evaluation."""
    elements = confirmed_elements(apparent)
    foot, limb = axis_foot(elements), nearest_limb(elements)
    central = np.isfinite(foot.height)
    point = SurfacePoint(
        np.where(central, foot.x, limb.x),
        np.where(central, foot.y, limb.y),
        np.where(central, foot.height, limb.height),
        limb.from_axis,
    )
    return Greatest(
        days=apparent.days,
        elements=elements,
        point=point,
        offset=np.where(central, 0.0, limb.from_axis),
        central=central,
        penumbra=elements.penumbra_radius(point.height),
        umbra=elements.umbra_radius(point.height),
        gast_rad=apparent.gast_rad,
    )


def obscuration(greatest: Greatest) -> Floats:
    """Return the covered fraction of the Sun's area at the point."""
    ratio = greatest.ratio
    return covered_area(ratio, 1.0 + ratio - 2.0 * greatest.covered)


def covered_area(ratio: Floats, apart: Floats) -> Floats:
    """Return the covered fraction of a disc of radius 1 by one of radius ``ratio``.

    ``apart`` is the distance of the centres; the discs touch or overlap.
    """
    apart = np.clip(apart, 1e-12, None)
    inside = np.minimum(1.0, ratio) ** 2
    cos_sun = np.clip((apart**2 + 1.0 - ratio**2) / (2.0 * apart), -1.0, 1.0)
    cos_moon = np.clip((apart**2 + ratio**2 - 1.0) / (2.0 * apart * ratio), -1.0, 1.0)
    sun, moon = np.arccos(cos_sun), np.arccos(cos_moon)
    lens = sun - np.sin(2.0 * sun) / 2.0 + ratio**2 * (moon - np.sin(2.0 * moon) / 2.0)
    return np.where(apart <= np.abs(1.0 - ratio), inside, lens / np.pi)


def geodetic_deg(place: Floats, gast_rad: Floats) -> tuple[Floats, Floats]:
    """Return WGS 84 latitude and longitude, east positive, of a point of the ellipsoid."""
    latitude = np.arctan2(place[2], POLAR_RADIUS**2 * np.hypot(place[0], place[1]))
    longitude = np.arctan2(place[1], place[0]) - gast_rad
    return np.degrees(latitude), (np.degrees(longitude) + 180.0) % 360.0 - 180.0


def sun_altitude_deg(greatest: Greatest) -> Floats:
    """Return the geometric altitude of the Sun over the ellipsoid at the point."""
    place = greatest.place()
    normal = place * np.array([[1.0], [1.0], [1.0 / POLAR_RADIUS**2]])
    sine = np.sum(normal * greatest.elements.axis, axis=0) / np.linalg.norm(normal, axis=0)
    return np.asarray(np.degrees(np.arcsin(np.clip(sine, -1.0, 1.0))))


def path_width_km(sky: Sky, greatest: Greatest) -> Floats:
    """Return the width of the central path across the direction of motion.

    Source: Meeus, Elements of Solar Eclipses (1989), p. 10; exact for a plane tangent to the
    Earth, and so only a guide where the Sun stands on the horizon.
    """
    place, middle = greatest.place(), greatest.days
    minus = _shadow_offset(sky, place, middle, middle - _HALF_MINUTE_DAYS)
    plus = _shadow_offset(sky, place, middle, middle + _HALF_MINUTE_DAYS)
    step_x, step_y = plus[0] - minus[0], plus[1] - minus[1]
    along = (greatest.point.x * step_x + greatest.point.y * step_y) / np.hypot(step_x, step_y)
    slant = np.hypot(greatest.point.height, along)
    return np.asarray(2.0 * EARTH_RADIUS_KM * np.abs(greatest.umbra) / slant)


def central_duration_days(sky: Sky, greatest: Greatest, at: Ints) -> Floats:
    """Return how long the total or annular phase of eclipses ``at`` lasts at their points."""
    place, middle = greatest.place()[:, at], greatest.days[at]

    def depth(days: Floats, which: Ints) -> Floats:
        x, y, umbra = _shadow_offset(sky, place[:, which], middle[which], days)
        return np.asarray(np.hypot(x, y) - np.abs(umbra))

    begins = refine_roots(depth, middle - _CENTRAL_HALF_DAYS, middle)
    return refine_roots(depth, middle, middle + _CENTRAL_HALF_DAYS) - begins


def _shadow_offset(
    sky: Sky, place: Floats, place_days: Floats, days: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return axis minus observer in the plane, and the umbra's radius where the observer is.

    The observer stays on the rotating Earth and is at ``place`` when it is ``place_days``.
    """
    elements = sampled_elements(sky, days)
    turn = EARTH_ROTATION_RAD * (days - place_days)
    cosine, sine = np.cos(turn), np.sin(turn)
    x, y, z = place
    observer = np.stack((x * cosine - y * sine, x * sine + y * cosine, z))
    east, north, height = (
        np.sum(observer * direction, axis=0)
        for direction in (elements.east, elements.north, elements.axis)
    )
    return elements.x - east, elements.y - north, elements.umbra_radius(height)
