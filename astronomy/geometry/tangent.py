"""Places in the sky around a point, as one sees them: east to the left is the drawer's business."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from astronomy.constants import (
    AU_KM,
    EARTH_RADIUS_KM,
    MOON_RADIUS_PENUMBRA,
    PLANET_RADIUS_KM,
    SUN_SEMIDIAMETER_ARCSEC,
)
from astronomy.finders.besselian import equatorial
from astronomy.sampling import Sky
from astronomy.timescales import Floats

# Bodies whose disc is drawn; others are points.
RADIUS_AU: Final = {
    "sun": float(np.sin(np.radians(SUN_SEMIDIAMETER_ARCSEC / 3600.0))),
    "moon": MOON_RADIUS_PENUMBRA * EARTH_RADIUS_KM / AU_KM,
    **{code: radius / AU_KM for code, radius in PLANET_RADIUS_KM.items()},
}


@dataclass(frozen=True, slots=True)
class Disc:
    """The disc of the Moon or a planet: how wide, how much of it is lit, and on which side.

    ``limb_deg`` is the position angle of the middle of the bright limb, from celestial north
    through east.
    """

    radius_deg: float
    lit: float
    limb_deg: float


def equator_vectors(sky: Sky, body: str, days: Floats) -> Floats:
    """Return the direct apparent vectors (3, n) of ``body`` in au.

    Frame: geocentric, apparent, true equator and equinox of date.    Time scale in: TT.
    """
    return equatorial(sky.direct_vector_au(body, days), sky.obliquity_rad(days))


def offsets_deg(center: Floats, vectors: Floats) -> tuple[Floats, Floats]:
    """Return how far east and north of ``center`` the directions ``vectors`` (3, n) stand.

    The length is the angle between the two and the direction is the position angle at the
    centre (azimuthal equidistant), so that separations from the centre are true.    Units: degrees.
    """
    toward = center / np.linalg.norm(center, axis=0)
    east = np.stack((-toward[1], toward[0], np.zeros_like(toward[0])))
    east = east / np.linalg.norm(east, axis=0)
    north = np.cross(toward, east, axis=0)
    to_east, to_north, along = (np.sum(vectors * axis, axis=0) for axis in (east, north, toward))
    across = np.hypot(to_east, to_north)
    apart = np.degrees(np.arctan2(across, along))
    scale = apart / np.where(across > 0.0, across, 1.0)
    return np.asarray(to_east * scale), np.asarray(to_north * scale)


def position_angle_deg(center: Floats, other: Floats) -> Floats:
    """Return the position angle of ``other`` at ``center``, 0 to 360 from north through east."""
    east, north = offsets_deg(center, other)
    return np.asarray(np.degrees(np.arctan2(east, north)) % 360.0)


def lit_disc(sky: Sky, body: str, days: Floats) -> Disc:
    """Return the disc of the Moon or a planet at one instant, ``days`` (1,).

    The lit fraction is (1 + cos i) / 2, i the angle between Sun and Earth seen from the body;
    the bright limb looks towards the Sun.

    Frame: geocentric, apparent, true equator of date.    Time scale in: TT.    Units: degrees.
    Source: Explanatory Supplement (2013), ch. 10.
    """
    vector, sun = equator_vectors(sky, body, days), equator_vectors(sky, "sun", days)
    to_sun = sun - vector
    distance_au = float(np.linalg.norm(vector))
    cosine = -float(np.sum(to_sun * vector)) / (distance_au * float(np.linalg.norm(to_sun)))
    return Disc(
        radius_deg=float(np.degrees(np.arcsin(RADIUS_AU.get(body, 0.0) / distance_au))),
        lit=(1.0 + cosine) / 2.0,
        limb_deg=float(position_angle_deg(vector, sun)[0]),
    )
