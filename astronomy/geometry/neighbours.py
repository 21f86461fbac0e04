"""Two bodies near each other in the sky, at their true places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from astronomy.geometry.tangent import RADIUS_AU as RADII
from astronomy.geometry.tangent import Disc, equator_vectors, lit_disc, offsets_deg
from astronomy.sampling import Sky
from astronomy.timescales import Floats

_LIT: Final = ("moon", "mercury", "venus")


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One body: its place from the middle between the two, degrees east and north, its disc."""

    code: str
    east: float
    north: float
    disc: Disc | None


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Two bodies; ``ecliptic_deg`` is the position angle of the ecliptic's east in the middle."""

    bodies: tuple[Neighbour, Neighbour]
    separation_deg: float
    ecliptic_deg: float


def neighbours(sky: Sky, codes: tuple[str, str], instant: float) -> Neighbours:
    """Return where two bodies stand around the middle of the arc between them.

    Frame: geocentric, apparent, true equator of date.    Time scale in: TT.    Units: degrees.
    """
    days = np.array([instant])
    vectors = [equator_vectors(sky, code, days) for code in codes]
    units = [vector / np.linalg.norm(vector, axis=0) for vector in vectors]
    middle = units[0] + units[1]
    places = [offsets_deg(middle, unit) for unit in units]
    first, second = (
        Neighbour(code, float(east[0]), float(north[0]), _disc(sky, code, vector, days))
        for code, vector, (east, north) in zip(codes, vectors, places, strict=True)
    )
    apart = float(np.hypot(first.east - second.east, first.north - second.north))
    return Neighbours((first, second), apart, _ecliptic_deg(sky, middle, days))


def _disc(sky: Sky, code: str, vector: Floats, days: Floats) -> Disc | None:
    if code in _LIT:
        return lit_disc(sky, code, days)
    if code not in RADII:
        return None
    radius = np.degrees(np.arcsin(RADII[code] / np.linalg.norm(vector)))
    return Disc(float(radius), 1.0, 0.0)


def _ecliptic_deg(sky: Sky, middle: Floats, days: Floats) -> float:
    """Return the direction of growing ecliptic longitude at ``middle``."""
    tilt = sky.obliquity_rad(days)
    pole = np.stack((np.zeros_like(tilt), -np.sin(tilt), np.cos(tilt)))
    eastward = np.cross(pole, middle, axis=0)
    eastward = eastward / np.linalg.norm(eastward, axis=0)
    unit = middle / np.linalg.norm(middle, axis=0)
    east, north = offsets_deg(middle, unit + 0.01 * eastward)
    return float(np.degrees(np.arctan2(east[0], north[0])) % 360.0)
