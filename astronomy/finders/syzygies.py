"""New and full moons near a node, and the least distance from a shadow axis about them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol, TypeAlias

import numpy as np

from astronomy.constants import DAY_S
from astronomy.finders.build import Confirmed
from astronomy.finders.moon_phases import elongation_deg
from astronomy.finders.window import Window
from astronomy.sampling import Sky, latitude_deg
from astronomy.search import find_crossings, refine_minima_of
from astronomy.timescales import Floats, Ints

# No eclipse happens with the Moon farther from the ecliptic: the limit is near 1.6 degrees.
_LATITUDE_LIMIT_DEG: Final = 2.0
_STEP_DAYS: Final = 2.0
# Greatest eclipse is within 20 minutes of the syzygy.
_REACH_DAYS: Final = 0.1
_STENCIL_DAYS: Final = 1.0 / 1440.0

# From days and, for each, the index of the event it belongs to.
EventFunction: TypeAlias = Callable[[Floats, Ints], Floats]


class HasGamma(Protocol):
    """What has the least distance from the axis of a shadow, in radii of the Earth."""

    @property
    def gamma(self) -> Floats: ...


Geometry: TypeAlias = Callable[[Sky, Floats], HasGamma]


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


def find_greatest(
    sky: Sky, window: Window, phase: int, sampled: Geometry, direct: Geometry
) -> Confirmed:
    """Return when ``gamma`` is least about each syzygy near a node: candidates of eclipses."""
    return confirmed_minima(
        find_syzygies(sky, window.start_days, window.end_days, phase),
        lambda days, _which: sampled(sky, days).gamma ** 2,
        lambda days, _which: direct(sky, days).gamma ** 2,
    )


def confirmed_minima(
    middles: Floats, sampled: EventFunction, direct: EventFunction, reach_days: float = _REACH_DAYS
) -> Confirmed:
    """Return the minima near ``middles``: searched in samples, refined by direct positions.

    ``sampled`` and ``direct`` give the same smooth function of time for each event. The
    refinement is the vertex of the parabola through three direct values a minute apart.
    """
    days = refine_minima_of(sampled, middles - reach_days, middles + reach_days)
    stencil = days[None, :] + np.array([[-1.0], [0.0], [1.0]]) * _STENCIL_DAYS
    values = direct(stencil.ravel(), np.tile(np.arange(len(days)), 3)).reshape(3, -1)
    before, middle, after = values
    bend = after - 2.0 * middle + before
    step_days = -0.5 * _STENCIL_DAYS * (after - before) / bend
    return Confirmed(days + step_days, step_days * DAY_S)
