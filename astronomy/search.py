"""The generic search: crossings, roots and minima of functions of time, vectorised.

A function of time takes days of TT (n,) and returns values (n,). Grids are anchored at J2000.0,
never at the window, so that cutting a window in two neither loses nor doubles an event.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from astronomy.timescales import Floats, Ints

TimeFunction: TypeAlias = Callable[[Floats], Floats]

# Nothing here is ever refined further: 1e-9 day is 86 microseconds.
TOLERANCE_DAYS: Final = 1e-9
_SECANT_STEPS: Final = 20
_MAX_STEPS: Final = 80
_RATE_STEP_DAYS: Final = 1.0 / 1440.0


@dataclass(frozen=True, slots=True)
class Crossings:
    """Instants at which an angle passed a multiple of the spacing, and which multiple."""

    days: Floats
    multiple: Ints
    target_deg: Floats


def grid(start_days: float, end_days: float, step_days: float) -> Floats:
    """Return grid points ``i * step_days`` that enclose ``[start_days, end_days]``."""
    first = np.floor(start_days / step_days)
    last = np.ceil(end_days / step_days)
    return np.arange(first, last + 1.0) * step_days


def wrapped_deg(angle_deg: Floats) -> Floats:
    """Return the angle in -180 to 180 degrees."""
    return (angle_deg + 180.0) % 360.0 - 180.0


def find_crossings(
    angle_deg: TimeFunction,
    start_days: float,
    end_days: float,
    *,
    step_days: float,
    spacing_deg: float,
) -> Crossings:
    """Return where an angle passes multiples of ``spacing_deg``, upwards or downwards.

    The angle may wrap at 360 degrees but must move less than 180 degrees, and not turn round,
    within ``step_days``. The multiple is counted within one turn: 0 to 360/spacing - 1.
    """
    times = grid(start_days, end_days, step_days)
    steps = np.floor(np.unwrap(angle_deg(times), period=360.0) / spacing_deg).astype(np.int64)
    left, passed = _passed_multiples(steps)

    def residual_deg(days: Floats, which: Ints) -> Floats:
        return wrapped_deg(angle_deg(days) - passed[which] * spacing_deg)

    days = refine_roots(residual_deg, times[left], times[left + 1])
    order = np.argsort(days, kind="stable")
    multiple = passed[order] % round(360.0 / spacing_deg)
    return Crossings(days[order], multiple, np.asarray(multiple * spacing_deg, dtype=np.float64))


def _passed_multiples(steps: Ints) -> tuple[Ints, Ints]:
    """Return, for each multiple passed, the index of its grid interval and the multiple."""
    change = np.diff(steps)
    left = np.repeat(np.arange(len(change)), np.abs(change))
    starts = np.concatenate(([0], np.cumsum(np.abs(change))))
    nth = np.arange(len(left)) - starts[left]
    upwards = change[left] > 0
    return left, np.where(upwards, steps[left] + 1 + nth, steps[left] - nth)


def find_roots(
    function: TimeFunction, start_days: float, end_days: float, *, step_days: float
) -> Floats:
    """Return where ``function`` changes sign; it may do so once within ``step_days``."""
    times = grid(start_days, end_days, step_days)
    positive = function(times) >= 0.0
    left = np.flatnonzero(positive[1:] != positive[:-1])
    return refine_roots(lambda days, _which: function(days), times[left], times[left + 1])


def find_minima(
    function: TimeFunction, start_days: float, end_days: float, *, step_days: float
) -> Floats:
    """Return the minima of ``function``; it may have one within two steps."""
    times = grid(start_days, end_days, step_days)
    values = function(times)
    middle = 1 + np.flatnonzero((values[1:-1] < values[:-2]) & (values[1:-1] <= values[2:]))
    return refine_minima(function, times[middle - 1], times[middle + 1])


def refine_minima(function: TimeFunction, left: Floats, right: Floats) -> Floats:
    """Return the minimum inside each bracket, as the root of the slope."""
    return refine_roots(lambda days, _which: slope(function, days), left, right)


def slope(function: TimeFunction, days: Floats, step_days: float = _RATE_STEP_DAYS) -> Floats:
    """Return the central difference of ``function`` a day."""
    change = function(days + step_days) - function(days - step_days)
    return np.asarray(change / (2.0 * step_days))


def refine_roots(function: Callable[[Floats, Ints], Floats], left: Floats, right: Floats) -> Floats:
    """Return the root inside each bracket ``(left, right)`` by the Illinois method.

    ``function`` gets days and the indices of the brackets those days belong to, so that each
    bracket can have a target of its own. Brackets that are done are not evaluated again.
    """
    a, b = left.astype(np.float64), right.astype(np.float64)
    which = np.arange(len(a))
    fa, fb = function(a, which), function(b, which)
    root = b.copy()
    for step in range(_MAX_STEPS):
        if not len(which):
            break
        guess = _next_guess(a, b, fa, fb, bisecting=step >= _SECANT_STEPS)
        value = function(guess, which)
        root[which] = guess
        same = (value >= 0.0) == (fb >= 0.0)
        a, fa = np.where(same, a, b), np.where(same, 0.5 * fa, fb)
        moved = np.abs(guess - b) > TOLERANCE_DAYS
        b, fb = guess, value
        keep = moved & (value != 0.0)
        which, a, b, fa, fb = which[keep], a[keep], b[keep], fa[keep], fb[keep]
    return root


def _next_guess(a: Floats, b: Floats, fa: Floats, fb: Floats, *, bisecting: bool) -> Floats:
    rise = fb - fa
    flat = rise == 0.0
    if bisecting:
        flat = np.ones_like(flat)
    secant = b - fb * (b - a) / np.where(flat, 1.0, rise)
    return np.where(flat, 0.5 * (a + b), secant)
