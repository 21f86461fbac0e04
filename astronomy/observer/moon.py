"""How the Moon looks: lit fraction, elongation and distance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from astronomy.constants import AU_KM
from astronomy.limits import require_moments
from astronomy.sampling import Sky, longitude_deg
from astronomy.timescales import days_from_datetime


@dataclass(frozen=True, slots=True)
class MoonAspect:
    """The Moon seen from the Earth's centre; ``elongation_deg`` is 0 at new, 180 at full Moon."""

    illuminated_fraction: float
    elongation_deg: float
    distance_km: float


def moon_aspects(sky: Sky, moments: Sequence[datetime]) -> list[MoonAspect]:
    """Return how the Moon looks at each of ``moments``.

    Frame: geocentric, apparent, true ecliptic of date.    Time scale in: UTC (UT1 before 1972).
    Units: in the names; the elongation is the difference of longitudes, 0 to 360.
    Tolerance: 1e-4, 1e-4 degree, 1 km.    Raises: EphemerisRangeError.
    """
    require_moments(sky.ephemeris, moments)
    days = np.array([days_from_datetime(sky.timescale, moment) for moment in moments])
    sun, moon = sky.vector_au("sun", days), sky.vector_au("moon", days)
    distance = np.linalg.norm(moon, axis=0)
    to_sun = sun - moon
    cosine = np.sum(to_sun * -moon, axis=0) / (np.linalg.norm(to_sun, axis=0) * distance)
    elongation = (longitude_deg(moon) - longitude_deg(sun)) % 360.0
    return [
        MoonAspect(round(float(lit), 4), round(float(angle), 3), round(float(far), 0))
        for lit, angle, far in zip((1.0 + cosine) / 2.0, elongation, distance * AU_KM, strict=True)
    ]
