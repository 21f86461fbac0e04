"""Extremes of the geometric distance of two bodies: where it stops changing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from astronomy.constants import DAY_S
from astronomy.finders.build import Confirmed, confirmed_roots
from astronomy.sampling import Sky
from astronomy.search import find_roots, slope
from astronomy.timescales import Bools, Floats

# The rate of r.v is taken over three hours: it only scales a Newton step.
_RATE_STEP_DAYS: Final = 0.0625


@dataclass(frozen=True, slots=True)
class RangeExtremes:
    """Instants of least (``nearest``) and greatest distance, and the distance then.

    ``looseness_d`` is by how many days the instant moves when one of the bodies is moved by the
    distance itself: the smaller the eccentricity, the looser is the apsis.
    """

    confirmed: Confirmed
    nearest: Bools
    distance_au: Floats
    looseness_d: Floats


def find_range_extremes(
    sky: Sky, center: str, target: str, start_days: float, end_days: float, *, step_days: float
) -> RangeExtremes:
    """Return the extremes of the geometric distance from ``center`` to ``target``.

    The function searched is r.v, with both from direct Skyfield positions, which cost nothing
    like apparent ones; it is zero where the distance is extreme.

    Time scale in and out: TT, days since J2000.0.    Tolerance: 1 ms.
    """

    def radial(days: Floats) -> Floats:
        position, velocity = sky.ephemeris.geometric(center, target, days)
        return np.asarray(np.sum(position * velocity, axis=0))

    days = find_roots(radial, start_days, end_days, step_days=step_days)
    position, velocity = sky.ephemeris.geometric(center, target, days)
    rate = slope(radial, days, _RATE_STEP_DAYS)
    distance, speed = np.linalg.norm(position, axis=0), np.linalg.norm(velocity, axis=0)
    return RangeExtremes(
        confirmed_roots(days, np.sum(position * velocity, axis=0), rate),
        rate > 0.0,
        np.asarray(distance),
        np.asarray(distance * speed / np.abs(rate)),
    )


def apsis_uncertainty_s(extremes: RangeExtremes, position_arcsec: float) -> Floats:
    """Return the uncertainty of each instant for an uncertainty of the direction."""
    return extremes.looseness_d * float(np.radians(position_arcsec / 3600.0)) * DAY_S
