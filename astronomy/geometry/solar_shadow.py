"""The shadow of the Moon on the Earth, and the Sun behind the Moon, for drawings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from astronomy.constants import DAY_S
from astronomy.finders.besselian import (
    POLAR_RADIUS,
    Elements,
    axis_foot,
    sampled_elements,
    surface_height,
)
from astronomy.finders.solar_circumstances import (
    EARTH_ROTATION_RAD,
    Greatest,
    geodetic_deg,
    greatest_from,
)
from astronomy.sampling import Sky
from astronomy.timescales import Floats

_BODIES: Final = ("sun", "moon")
_RATE_DAYS: Final = 30.0 / DAY_S
# The disc of the Sun at one place: no partial phase lasts longer than 4 hours.
_LOCAL_DAYS: Final = 2.2 / 24.0
_LOCAL_STEPS: Final = 265


@dataclass(frozen=True, slots=True)
class Discs:
    """Sun and Moon as the place of greatest eclipse sees them; the Sun's radius is 1.

    ``east`` and ``north`` (n,) place the Moon's centre at ``days``, from the first contact
    there to the last; ``at`` is the place at greatest eclipse.
    """

    moon: float
    at: tuple[float, float]
    days: Floats
    east: Floats
    north: Floats


@dataclass(frozen=True, slots=True)
class Track:
    """The central line and the limits of the path: latitudes and longitudes (2, n), degrees."""

    line: Floats
    limits: tuple[Floats, Floats]


@dataclass(frozen=True, slots=True)
class SolarShadow:
    """What a figure of one solar eclipse needs: the elements through it, and the greatest point.

    ``days`` (n,) and ``elements`` run from the first contact of the penumbra to the last;
    ``gast_rad`` (n,) is apparent sidereal time at Greenwich.
    """

    days: Floats
    elements: Elements
    gast_rad: Floats
    greatest: Greatest
    discs: Discs
    track: Track | None

    @property
    def greatest_deg(self) -> tuple[float, float]:
        """Return latitude and longitude of greatest eclipse."""
        latitude, longitude = geodetic_deg(self.greatest.place(), self.greatest.gast_rad)
        return float(latitude[0]), float(longitude[0])

    @property
    def subsolar_deg(self) -> tuple[float, float]:
        """Return where the axis of the shadow points to the zenith at greatest eclipse."""
        x, y, z = self.greatest.elements.axis[:, 0]
        longitude = np.degrees(np.arctan2(y, x) - self.greatest.gast_rad[0])
        return float(np.degrees(np.arcsin(z))), float((longitude + 180.0) % 360.0 - 180.0)


def solar_shadow(
    sky: Sky, greatest: float, contacts: tuple[float, float], *, steps: int
) -> SolarShadow:
    """Return the shadow through one eclipse, between two contacts of the penumbra.

    Frame: geocentric, apparent, true equator of date, and WGS 84.    Time scale in: TT.
    Units: equatorial radii of the Earth, degrees.    Source: Explanatory Supplement (2013), ch. 11.
    """
    days = np.linspace(*contacts, steps)
    elements = sampled_elements(sky, days)
    top = greatest_from(sky.confirmed(_BODIES, np.array([greatest])))
    _, gast_rad = sky.orientation_rad(days)
    return SolarShadow(
        days=days,
        elements=elements,
        gast_rad=gast_rad,
        greatest=top,
        discs=_discs(sky, top),
        track=_track(sky, contacts) if bool(top.central[0]) else None,
    )


def depths(
    shadow: SolarShadow, latitude_deg: Floats, longitude_deg: Floats
) -> tuple[Floats, Floats]:
    """Return the covered fraction of the Sun's diameter and the sine of its altitude.

    The fraction is negative outside the penumbra.    Shape: places (n,), answers (n, instants).
    """
    place, normal = _places(latitude_deg, longitude_deg)
    x, y, height, sine = (np.empty((place.shape[1], len(shadow.days))) for _ in range(4))
    for at in range(len(shadow.days)):
        axes = _turned(shadow, at)
        x[:, at], y[:, at], height[:, at] = axes @ place
        sine[:, at] = axes[2] @ normal
    elements = shadow.elements
    apart = np.hypot(x - elements.x, y - elements.y)
    penumbra, umbra = elements.penumbra_radius(height), elements.umbra_radius(height)
    return (penumbra - apart) / (penumbra + umbra), sine


def _places(latitude_deg: Floats, longitude_deg: Floats) -> tuple[Floats, Floats]:
    """Return points of WGS 84 and the normals there, (3, n), in the frame that turns."""
    latitude, longitude = np.radians(latitude_deg), np.radians(longitude_deg)
    normal = np.stack(
        (
            np.cos(latitude) * np.cos(longitude),
            np.cos(latitude) * np.sin(longitude),
            np.sin(latitude),
        )
    )
    scaled = normal * np.array([[1.0], [1.0], [POLAR_RADIUS**2]])
    return scaled / np.sqrt(np.sum(normal * scaled, axis=0)), normal


def _turned(shadow: SolarShadow, at: int) -> Floats:
    """Return the axes of the fundamental plane (3, 3) in the frame that turns with the Earth."""
    elements, angle = shadow.elements, shadow.gast_rad[at]
    cosine, sine = np.cos(angle), np.sin(angle)
    turn = np.array([[cosine, sine, 0.0], [-sine, cosine, 0.0], [0.0, 0.0, 1.0]])
    axes = np.stack((elements.east[:, at], elements.north[:, at], elements.axis[:, at]))
    return np.asarray(axes @ turn.T)


def _discs(sky: Sky, top: Greatest) -> Discs:
    """Return how the Moon passes the Sun where the eclipse is greatest."""
    middle = float(top.days[0])
    days = middle + np.linspace(-_LOCAL_DAYS, _LOCAL_DAYS, _LOCAL_STEPS)
    elements = sampled_elements(sky, days)
    turn = EARTH_ROTATION_RAD * (days - middle)
    px, py, pz = top.place()[:, 0]
    cosine, sine = np.cos(turn), np.sin(turn)
    observer = np.stack((px * cosine - py * sine, px * sine + py * cosine, np.full_like(turn, pz)))
    east, north, height = (
        np.sum(observer * axis, axis=0) for axis in (elements.east, elements.north, elements.axis)
    )
    sun = (elements.penumbra_radius(height) + elements.umbra_radius(height)) / 2.0
    to_east, to_north = (elements.x - east) / sun, (elements.y - north) / sun
    moon = float(top.ratio[0])
    seen = np.hypot(to_east, to_north) <= 1.0 + moon
    nearest = len(days) // 2
    return Discs(
        moon=moon,
        at=(float(to_east[nearest]), float(to_north[nearest])),
        days=days[seen],
        east=to_east[seen],
        north=to_north[seen],
    )


def _track(sky: Sky, contacts: tuple[float, float]) -> Track:
    """Return the central line and its limits, at right angles to the motion over the ground."""
    days = np.linspace(*contacts, 601)
    elements = sampled_elements(sky, days)
    foot = axis_foot(elements)
    on = np.isfinite(foot.height)
    days = days[on]
    elements, later = sampled_elements(sky, days), sampled_elements(sky, days + _RATE_DAYS)
    height = axis_foot(elements).height
    _, gast_rad = sky.orientation_rad(days)
    ground = elements.place(elements.x, elements.y, height)
    turn = EARTH_ROTATION_RAD * _RATE_DAYS
    moved = np.stack((ground[0] - turn * ground[1], ground[1] + turn * ground[0], ground[2]))
    step_x = later.x - np.sum(moved * later.east, axis=0)
    step_y = later.y - np.sum(moved * later.north, axis=0)
    reach = np.abs(elements.umbra_radius(height)) / np.hypot(step_x, step_y)
    limits = tuple(
        _grounded(
            elements,
            elements.x - side * step_y * reach,
            elements.y + side * step_x * reach,
            gast_rad,
        )
        for side in (1.0, -1.0)
    )
    return Track(np.stack(geodetic_deg(ground, gast_rad)), (limits[0], limits[1]))


def _grounded(elements: Elements, x: Floats, y: Floats, gast_rad: Floats) -> Floats:
    """Return the places under points of the plane; those beside the Earth are not numbers."""
    return np.stack(geodetic_deg(elements.place(x, y, surface_height(elements, x, y)), gast_rad))
