"""New and full moons near a node, and the least distance from a shadow axis about them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from astronomy.constants import DAY_S
from astronomy.ephemeris import ApparentSky
from astronomy.finders.build import Confirmed
from astronomy.finders.moon_phases import elongation_deg
from astronomy.sampling import Sky, latitude_deg
from astronomy.search import TimeFunction, find_crossings, refine_minima
from astronomy.timescales import Floats

# No eclipse happens with the Moon farther from the ecliptic: the limit is near 1.6 degrees.
_LATITUDE_LIMIT_DEG: Final = 2.0
_STEP_DAYS: Final = 2.0
# Greatest eclipse is within 20 minutes of the syzygy.
_REACH_DAYS: Final = 0.1
_STENCIL_DAYS: Final = 1.0 / 1440.0


def find_syzygies(sky: Sky, start_days: float, end_days: float, phase: int) -> Floats:
    """Return the new (``phase`` 0) or full moons (1) near a node, a little past both ends."""
    found = find_crossings(
        lambda days: elongation_deg(sky, days),
        start_days - _REACH_DAYS,
        end_days + _REACH_DAYS,
        step_days=_STEP_DAYS,
        spacing_deg=180.0,
    )
    days = found.days[found.multiple == phase]
    latitudes = latitude_deg(sky.vector_au("moon", days))
    return np.asarray(days[np.abs(latitudes) < _LATITUDE_LIMIT_DEG])


def confirmed_minima(
    sky: Sky,
    syzygies: Floats,
    sampled: TimeFunction,
    direct: Callable[[ApparentSky], Floats],
    bodies: tuple[str, ...] = ("sun", "moon"),
    reach_days: float = _REACH_DAYS,
) -> Confirmed:
    """Return the minima near ``syzygies``: searched in samples, refined by direct positions.

    ``sampled`` and ``direct`` give the same smooth function of time. The refinement is the
    vertex of the parabola through three direct values a minute apart.
    """
    days = refine_minima(sampled, syzygies - reach_days, syzygies + reach_days)
    stencil = days[None, :] + np.array([[-1.0], [0.0], [1.0]]) * _STENCIL_DAYS
    values = direct(sky.confirmed(bodies, stencil.ravel())).reshape(3, -1)
    before, middle, after = values
    bend = after - 2.0 * middle + before
    step_days = -0.5 * _STENCIL_DAYS * (after - before) / bend
    return Confirmed(days + step_days, step_days * DAY_S)
