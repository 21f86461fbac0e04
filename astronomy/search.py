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
    """Return grid points ``i * step_days`` strictly enclosing ``[start_days, end_days]``."""
    first = np.ceil(start_days / step_days) - 1.0
    last = np.floor(end_days / step_days) + 1.0
    return np.asarray(np.arange(first, last + 1.0) * step_days)


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
    turn = round(360.0 / spacing_deg)
    times = grid(start_days, end_days, step_days)
    left, multiple = passed_multiples(angle_deg(times), spacing_deg, turn)
    target_deg = np.asarray(multiple * spacing_deg, dtype=np.float64)

    def residual_deg(days: Floats, which: Ints) -> Floats:
        return wrapped_deg(angle_deg(days) - target_deg[which])

    days = refine_roots(residual_deg, times[left], times[left + 1])
    order = np.argsort(days, kind="stable")
    return Crossings(days[order], multiple[order], target_deg[order])


def passed_multiples(angle_deg: Floats, spacing_deg: float, turn: int) -> tuple[Ints, Ints]:
    """Return, for each multiple passed, the index of its grid interval and the multiple.

    Each interval is judged by its own two ends, so that it does not matter where a grid begins.
    """
    steps = np.floor(angle_deg / spacing_deg).astype(np.int64)
    wraps = np.rint(np.diff(angle_deg) / 360.0).astype(np.int64)
    change = np.diff(steps) - turn * wraps
    left = np.repeat(np.arange(len(change)), np.abs(change))
    starts = np.concatenate(([0], np.cumsum(np.abs(change))))
    nth = np.arange(len(left)) - starts[left]
    multiple = np.where(change[left] > 0, steps[left] + 1 + nth, steps[left] - nth)
    return left, multiple % turn


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
    """Return the minima of ``function``, a little past both ends; it may have one in two steps."""
    # The least value may be that of the grid point outside the window: it needs a neighbour too.
    times = grid(start_days - step_days, end_days + step_days, step_days)
    middle = turning_points(function(times))
    left, right = times[middle - 1], times[middle + 1]
    days = refine_minima(function, left, right)
    # Where a function jumps, its slope has no root in the bracket, and none beyond it is wanted.
    return np.asarray(days[(days >= left) & (days <= right)])


def turning_points(values: Floats) -> Ints:
    """Return where values stop falling and begin to rise; a plateau counts once, at its end."""
    trend = np.sign(np.diff(values))
    last_moving = np.maximum.accumulate(np.where(trend != 0.0, np.arange(len(trend)), 0))
    trend = trend[last_moving]
    return 1 + np.flatnonzero((trend[:-1] < 0.0) & (trend[1:] > 0.0))


def refine_minima(function: TimeFunction, left: Floats, right: Floats) -> Floats:
    """Return the minimum inside each bracket, as the root of the slope."""
    return refine_roots(lambda days, _which: slope(function, days), left, right)


def refine_minima_of(
    function: Callable[[Floats, Ints], Floats], left: Floats, right: Floats
) -> Floats:
    """Return the minimum inside each bracket, of a function that depends on the bracket."""
    return refine_roots(
        lambda days, which: slope(lambda at: function(at, which), days), left, right
    )


def slope(function: TimeFunction, days: Floats, step_days: float = _RATE_STEP_DAYS) -> Floats:
    """Return the central difference of ``function`` a day."""
    change = function(days + step_days) - function(days - step_days)
    return np.asarray(change / (2.0 * step_days))


def refine_roots(function: Callable[[Floats, Ints], Floats], left: Floats, right: Floats) -> Floats:
    """Return the root inside each bracket ``(left, right)`` by the Illinois method.

    ``function`` gets days and the indices of the brackets those days belong to, so that each
    bracket can have a target of its own. Brackets that are done are not evaluated again. The
    root is interpolated in a final bracket no wider than the tolerance.
    """
    a, b = left.astype(np.float64), right.astype(np.float64)
    which = np.arange(len(a))
    fa, fb = function(a, which), function(b, which)
    weight = np.ones(len(a))
    root = np.where(fa == 0.0, a, b)
    keep = (fa != 0.0) & (fb != 0.0)
    for step in range(_MAX_STEPS):
        which, a, b, fa, fb, weight = (each[keep] for each in (which, a, b, fa, fb, weight))
        if not len(which):
            break
        guess = _next_guess(a, b, weight * fa, fb, bisecting=step >= _SECANT_STEPS)
        value = function(guess, which)
        same = (value > 0.0) == (fb > 0.0)
        a, fa, weight = np.where(same, (a, fa, 0.5 * weight), (b, fb, np.ones_like(weight)))
        b, fb = guess, value
        root[which] = _secant(a, b, fa, fb)
        keep = (fb != 0.0) & (np.abs(b - a) > TOLERANCE_DAYS)
    return root


def _secant(a: Floats, b: Floats, fa: Floats, fb: Floats) -> Floats:
    rise = fb - fa
    flat = rise == 0.0
    return np.where(flat, 0.5 * (a + b), b - fb * (b - a) / np.where(flat, 1.0, rise))


def _next_guess(a: Floats, b: Floats, fa: Floats, fb: Floats, *, bisecting: bool) -> Floats:
    """Return where to look next: at least half a tolerance from b, to close the bracket."""
    if bisecting:
        return np.asarray(0.5 * (a + b))
    guess = _secant(a, b, fa, fb)
    least = np.copysign(0.5 * TOLERANCE_DAYS, a - b)
    return np.where(np.abs(guess - b) < np.abs(least), b + least, guess)
