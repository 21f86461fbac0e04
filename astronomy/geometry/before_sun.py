"""The way of a planet before the Sun, seen from the centre of the Earth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from astronomy.geometry.tangent import RADIUS_AU, equator_vectors, offsets_deg
from astronomy.sampling import Sky
from astronomy.timescales import Floats


@dataclass(frozen=True, slots=True)
class BeforeSun:
    """Places of the planet's centre, east and north of the Sun's, in degrees; radii too."""

    east: Floats
    north: Floats
    sun: float
    planet: float


def planet_before_sun(sky: Sky, planet: str, greatest: float, days: Floats) -> BeforeSun:
    """Return where ``planet`` stands before the Sun at ``days``; radii are at ``greatest``.

    Frame: geocentric, apparent, true equator of date.    Time scale in: TT.    Units: degrees.
    """
    sun = equator_vectors(sky, "sun", days)
    east, north = offsets_deg(sun, equator_vectors(sky, planet, days))
    at = np.array([greatest])
    radii = [
        float(np.degrees(np.arcsin(RADIUS_AU[body] / np.linalg.norm(sky.vector_au(body, at)))))
        for body in ("sun", planet)
    ]
    return BeforeSun(east, north, *radii)
