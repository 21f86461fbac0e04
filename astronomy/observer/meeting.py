"""Two bodies that pass each other over a place: when they are nearest, and when they touch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Generic, Protocol, TypeVar

import numpy as np

from astronomy.search import refine_minima, refine_roots, slope
from astronomy.timescales import Floats

_STEP_DAYS: Final = 2.0 / 1440.0
_STENCIL_DAYS: Final = 1.0 / 1440.0
_RATE_STEP_DAYS: Final = _STENCIL_DAYS / 60.0


class Parted(Protocol):
    """The geometry of two bodies at n instants."""

    @property
    def apart(self) -> Floats:
        """Return the angle between their centres, radians."""


Shape = TypeVar("Shape", bound=Parted)


@dataclass(frozen=True, slots=True)
class Meeting(Generic[Shape]):
    """The geometry of two bodies as it is sampled, to search, and direct, to confirm.

    Time scale: days of TT since J2000.0.
    """

    sampled: Callable[[Floats], Shape]
    confirmed: Callable[[Floats], Shape]

    def least(self, start: float, end: float) -> float:
        """Return the instant of least distance within an interval."""
        times = np.arange(start, end, _STEP_DAYS)
        at = int(np.clip(np.argmin(self.sampled(times).apart), 1, len(times) - 2))
        days = refine_minima(
            lambda days: self.sampled(days).apart ** 2,
            times[at - 1 : at],
            times[at + 1 : at + 2],
        )
        # Of bodies that only part or only near each other the end of the interval is least.
        days = np.clip(days, times[at - 1], times[at + 1])
        stencil = days + np.array([-1.0, 0.0, 1.0]) * _STENCIL_DAYS
        before, middle, after = self.confirmed(stencil).apart ** 2
        step = -0.5 * _STENCIL_DAYS * (after - before) / (after - 2.0 * middle + before)
        return float((days + np.clip(step, -_STENCIL_DAYS, _STENCIL_DAYS))[0])

    def contact(self, gap: Callable[[Shape], Floats], inside: float, outside: float) -> float:
        """Return where a gap opens, after one Newton step from direct positions."""

        def searched(days: Floats) -> Floats:
            return gap(self.sampled(days))

        left, right = np.array([inside]), np.array([outside])
        days = refine_roots(lambda days, _which: searched(days), left, right)
        rate = slope(searched, days, _RATE_STEP_DAYS)
        step = gap(self.confirmed(days)) / np.where(rate == 0.0, np.inf, rate)
        return float((days - np.clip(step, -_STENCIL_DAYS, _STENCIL_DAYS))[0])
