"""Where the altitude of a body passes levels, found at any latitude, the poles included.

Between two turns of the altitude it passes each level at most once. So the signs are compared on
a grid to which the turns near a level have been added; there is no mask and no special latitude.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from astronomy.search import TimeFunction, grid, refine_minima, refine_roots
from astronomy.timescales import Bools, Floats, Ints

# Of a body that rises and sets daily the altitude turns every 12 hours; near a pole more often.
_STEP_DAYS: Final = 1.0 / 16.0
_POLAR_STEP_DAYS: Final = 1.0 / 64.0
POLAR_LATITUDE_DEG: Final = 80.0


@dataclass(frozen=True, slots=True)
class Passages:
    """Instants at which an altitude passed a level: which level, and whether upwards."""

    days: Floats
    level: Ints
    rising: Bools


def find_passages(
    altitude_deg: TimeFunction,
    levels_deg: Floats,
    start_days: float,
    end_days: float,
    *,
    lat_deg: float,
) -> Passages:
    """Return where ``altitude_deg`` passes each of the levels, a little past both ends.

    Time scale in and out: TT, days since J2000.0.    Units: degrees.    Tolerance: 0.1 ms.
    """
    step_days = _POLAR_STEP_DAYS if abs(lat_deg) > POLAR_LATITUDE_DEG else _STEP_DAYS
    times = grid(start_days - step_days, end_days + step_days, step_days)
    times, values = _with_turns(altitude_deg, times, levels_deg)
    above = values[None, :] >= levels_deg[:, None]
    level, left = np.nonzero(above[:, 1:] != above[:, :-1])

    def clearance_deg(days: Floats, which: Ints) -> Floats:
        return altitude_deg(days) - levels_deg[level[which]]

    days = refine_roots(clearance_deg, times[left], times[left + 1])
    return Passages(days, level, above[level, left + 1])


def _with_turns(
    altitude_deg: TimeFunction, times: Floats, levels_deg: Floats
) -> tuple[Floats, Floats]:
    """Return the grid and its altitudes with every turn that may reach past a level."""
    values = altitude_deg(times)
    change = np.diff(values)
    reach = np.maximum(np.abs(change[:-1]), np.abs(change[1:]))
    turns, altitudes = [times], [values]
    for sign in (1.0, -1.0):
        turning = (sign * change[:-1] <= 0.0) & (sign * change[1:] > 0.0)
        # A turn lies no farther beyond the grid's extreme than the grid's own steps.
        gap = sign * (values[1:-1, None] - levels_deg[None, :])
        near = np.any((gap >= 0.0) & (gap <= reach[:, None]), axis=1)
        middle = 1 + np.flatnonzero(turning & near)
        found = _turns(altitude_deg, sign, times[middle - 1], times[middle + 1])
        turns.append(found)
        altitudes.append(altitude_deg(found))
    order = np.argsort(joined := np.concatenate(turns), kind="stable")
    return joined[order], np.concatenate(altitudes)[order]


def _turns(altitude_deg: TimeFunction, sign: float, left: Floats, right: Floats) -> Floats:
    return refine_minima(lambda days: sign * altitude_deg(days), left, right)
