"""Closest approaches of pairs of bodies: minima of their angular separation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from astronomy.constants import DAY_S
from astronomy.finders.build import Confirmed
from astronomy.finders.pairs import STEP_DAYS, pair_uncertainties_deg
from astronomy.finders.separation import separation_deg, squared_chord
from astronomy.finders.window import Window
from astronomy.sampling import Sky
from astronomy.search import grid, refine_minima_of, slope, turning_points
from astronomy.timescales import Floats, Ints

_STENCIL_DAYS: Final = 1.0 / 144.0
_BEND_DAYS: Final = 0.05

Vectors: TypeAlias = Callable[[str, Floats], Floats]


@dataclass(frozen=True, slots=True)
class Approaches:
    """Confirmed minima of the separation, and the pairs they belong to."""

    confirmed: Confirmed
    which: Ints
    uncertainty_s: Floats


def find_approaches(
    sky: Sky, pairs: Sequence[tuple[str, str]], window: Window, *, limit_deg: float
) -> Approaches:
    """Return the minima of the separation of each pair that are below ``limit_deg``."""
    left, right, which = _brackets(sky, pairs, window)
    days = refine_minima_of(
        lambda days, at: _chords(sky.vector_au, pairs, days, which[at]), left, right
    )
    near = _separations(sky, pairs, days, which) < limit_deg
    # Two bodies that stand still together may have no root of the slope in their bracket.
    near &= (days >= left) & (days <= right)
    days, which = days[near], which[near]

    def change(vectors: Vectors) -> Floats:
        both = np.concatenate((days - _STENCIL_DAYS, days + _STENCIL_DAYS))
        before, after = _chords(vectors, pairs, both, np.tile(which, 2)).reshape(2, -1)
        return np.asarray((after - before) / (2.0 * _STENCIL_DAYS))

    bend = slope(
        lambda at: slope(lambda days: _chords(sky.vector_au, pairs, days, which), at),
        days,
        _BEND_DAYS,
    )
    step_days = -(change(sky.direct_vector_au) - change(sky.vector_au)) / bend
    # The squared chord of two uniform motions bends by twice the square of their speed.
    speed_deg = np.degrees(np.sqrt(0.5 * np.abs(bend)))
    sigma_deg = pair_uncertainties_deg(pairs, which, days)
    return Approaches(
        Confirmed(days + step_days, np.round(step_days * DAY_S, 3)),
        which,
        sigma_deg / speed_deg * DAY_S,
    )


def _brackets(
    sky: Sky, pairs: Sequence[tuple[str, str]], window: Window
) -> tuple[Floats, Floats, Ints]:
    times = grid(window.start_days - STEP_DAYS, window.end_days + STEP_DAYS, STEP_DAYS)
    bodies = {body for pair in pairs for body in pair}
    vectors = {body: sky.grid_vector_au(body, times) for body in bodies}
    middles = [turning_points(squared_chord(vectors[a], vectors[b])) for a, b in pairs]
    which = np.repeat(np.arange(len(pairs)), [len(middle) for middle in middles])
    middle = np.concatenate(middles)
    return times[middle - 1], times[middle + 1], which


def _separations(sky: Sky, pairs: Sequence[tuple[str, str]], days: Floats, which: Ints) -> Floats:
    return separation_deg(*pair_vectors(sky.vector_au, pairs, days, which))


def _chords(
    vectors: Vectors, pairs: Sequence[tuple[str, str]], days: Floats, which: Ints
) -> Floats:
    return squared_chord(*pair_vectors(vectors, pairs, days, which))


def pair_vectors(
    vectors: Vectors, pairs: Sequence[tuple[str, str]], days: Floats, which: Ints
) -> tuple[Floats, Floats]:
    """Return the vectors (3, n) of the first and of the second body of pair ``which``."""
    both = np.zeros((2, 3, len(days)))
    names = list(dict.fromkeys(body for pair in pairs for body in pair))
    members = np.array([[names.index(body) for body in pair] for pair in pairs])[which]
    for at in np.unique(members):
        event, side = np.nonzero(members == at)
        both[side, :, event] = vectors(names[at], days[event]).T
    return both[0], both[1]
