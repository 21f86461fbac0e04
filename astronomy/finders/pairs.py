"""Angles between two bodies, or of one body, searched for all pairs at once.

Any pair shares the same grid, so that each body is evaluated on it once; all crossings of all
pairs are refined together and confirmed by one direct evaluation of each body.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from astronomy.bodies import BODIES
from astronomy.constants import DAY_S
from astronomy.finders.besselian import equatorial
from astronomy.finders.build import Confirmed
from astronomy.finders.turns import (
    INNER_PLANETS,
    PLANETS,
    WITH_THE_SUN,
    mean_longitude_deg,
    passes,
    turns,
)
from astronomy.finders.window import Window
from astronomy.sampling import Sky, longitude_deg
from astronomy.search import grid, passed_multiples, refine_roots, slope, wrapped_deg
from astronomy.stars import STARS
from astronomy.timescales import Bools, Floats, Ints

# (a, b): the angle of a minus that of b; (a, None): the angle of a itself.
Pair: TypeAlias = tuple[str, str | None]
# From vectors (3, n) in the true ecliptic of date, at given days, to degrees.
Coordinate: TypeAlias = Callable[[Sky, Floats, Floats], Floats]

# Mercury turns round in three weeks; against another planet that turns too, in days.
STEP_DAYS: Final = 2.0
_RATE_STEP_DAYS: Final = 1.0 / 1440.0
# A crossing that is less certain than this may be near a turning point.
_SLOW_DAYS: Final = 0.001


def ecliptic_longitude(_sky: Sky, vectors: Floats, _days: Floats) -> Floats:
    """Return apparent longitudes in degrees, true ecliptic and equinox of date."""
    return longitude_deg(vectors)


def right_ascension(sky: Sky, vectors: Floats, days: Floats) -> Floats:
    """Return apparent right ascensions in degrees, true equator and equinox of date."""
    return longitude_deg(equatorial(vectors, sky.obliquity_rad(days)))


@dataclass(frozen=True)
class PairAngles:
    """The angles of some pairs as functions of time, in one coordinate."""

    sky: Sky
    pairs: Sequence[Pair]
    coordinate: Coordinate = ecliptic_longitude

    def at(self, days: Floats, which: Ints) -> Floats:
        """Return the angle (n,) of pair ``which`` at ``days``, -180 to 180 degrees."""
        return self._difference(days, which, self.sky.vector_au)

    def direct(self, days: Floats, which: Ints) -> Floats:
        """Return the same from a direct Skyfield evaluation."""
        return self._difference(days, which, self.sky.direct_vector_au)

    def rate(self, days: Floats, which: Ints) -> Floats:
        """Return the rate of the angle in degrees a day."""
        both = np.concatenate((days - _RATE_STEP_DAYS, days + _RATE_STEP_DAYS))
        before, after = self.at(both, np.tile(which, 2)).reshape(2, -1)
        return wrapped_deg(after - before) / (2.0 * _RATE_STEP_DAYS)

    def on_grid(self, days: Floats) -> list[Floats]:
        """Return the angle of every pair at the same ``days``, each body evaluated once."""
        bodies = {body for pair in self.pairs for body in pair if body is not None}
        values: dict[str | None, Floats] = {
            body: self.coordinate(self.sky, self.sky.grid_vector_au(body, days), days)
            for body in bodies
        }
        values[None] = np.zeros(len(days))
        return [wrapped_deg(values[first] - values[second]) for first, second in self.pairs]

    def _difference(
        self, days: Floats, which: Ints, vectors: Callable[[str, Floats], Floats]
    ) -> Floats:
        firsts, seconds = self._codes(0)[which], self._codes(1)[which]
        angle_deg = np.zeros(len(days))
        for body in np.unique(np.concatenate((firsts, seconds))):
            if body < 0:
                continue
            needed = np.flatnonzero((firsts == body) | (seconds == body))
            vector = vectors(_names(self.pairs)[body], days[needed])
            value = self.coordinate(self.sky, vector, days[needed])
            angle_deg[needed] += np.where(firsts[needed] == body, value, -value)
        return wrapped_deg(angle_deg)

    def _codes(self, side: int) -> Ints:
        names = _names(self.pairs)
        bodies = [pair[side] for pair in self.pairs]
        codes = [-1 if body is None else names.index(body) for body in bodies]
        return np.array(codes, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class PairCrossings:
    """Instants at which the angle of a pair passed one of its levels."""

    days: Floats
    which: Ints
    level_deg: Floats


@dataclass(frozen=True, slots=True)
class PairEvents:
    """Confirmed crossings: instants, pairs, levels, rates in degrees a day and uncertainties."""

    confirmed: Confirmed
    which: Ints
    level_deg: Floats
    rate_deg: Floats
    uncertainty_s: Floats


def find_pair_crossings(
    angles: PairAngles, window: Window, *, spacing_deg: float, multiples: Sequence[int]
) -> PairEvents:
    """Return where pairs pass the given multiples of ``spacing_deg``, confirmed.

    An angle may turn round: its turning points cut the grid, so that a level that is touched and
    left between two points of the grid is found twice, as it should.
    """
    found = search_pair_crossings(angles, window, spacing_deg=spacing_deg, multiples=multiples)
    rate_deg = angles.rate(found.days, found.which)
    off_deg = wrapped_deg(angles.direct(found.days, found.which) - found.level_deg)
    step_days = -off_deg / rate_deg
    return PairEvents(
        Confirmed(found.days + step_days, np.round(step_days * DAY_S, 3)),
        found.which,
        found.level_deg,
        rate_deg,
        _uncertainty_s(angles, found, rate_deg),
    )


def find_turning_points(angles: PairAngles, window: Window) -> tuple[Floats, Ints]:
    """Return the instants at which the angles of pairs turn round, and the pairs."""
    times = grid(window.start_days - STEP_DAYS, window.end_days + STEP_DAYS, STEP_DAYS)
    return _turning_points(angles, times, angles.on_grid(times))


def search_pair_crossings(
    angles: PairAngles, window: Window, *, spacing_deg: float, multiples: Sequence[int]
) -> PairCrossings:
    """Return the same as they are found in samples, without confirmation."""
    times = grid(window.start_days - STEP_DAYS, window.end_days + STEP_DAYS, STEP_DAYS)
    on_grid = angles.on_grid(times)
    turning_days, turning_pairs = _turning_points(angles, times, on_grid)
    turning_deg = angles.at(turning_days, turning_pairs)
    parts = []
    for pair, values in enumerate(on_grid):
        mine = turning_pairs == pair
        days = np.concatenate((times, turning_days[mine]))
        order = np.argsort(days, kind="stable")
        values_cut = np.concatenate((values, turning_deg[mine]))[order]
        parts.append(_brackets(days[order], values_cut, pair, spacing_deg, multiples))
    left, right, which, level_deg = (np.concatenate(part) for part in zip(*parts, strict=True))

    def residual_deg(days: Floats, at: Ints) -> Floats:
        return wrapped_deg(angles.at(days, which[at]) - level_deg[at])

    return PairCrossings(refine_roots(residual_deg, left, right), which, level_deg)


def _brackets(
    days: Floats, values: Floats, pair: int, spacing_deg: float, multiples: Sequence[int]
) -> tuple[Floats, Floats, Ints, Floats]:
    left, multiple = passed_multiples(values, spacing_deg, round(360.0 / spacing_deg))
    wanted = np.isin(multiple, multiples)
    left, multiple = left[wanted], multiple[wanted]
    return (
        days[left],
        days[left + 1],
        np.full(len(left), pair),
        np.asarray(multiple * spacing_deg, dtype=np.float64),
    )


def _turning_points(
    angles: PairAngles, times: Floats, on_grid: Sequence[Floats]
) -> tuple[Floats, Ints]:
    middles = [_reversals(values) for values in on_grid]
    which = np.repeat(np.arange(len(middles)), [len(middle) for middle in middles])
    middle = np.concatenate(middles)
    days = refine_roots(
        lambda days, at: angles.rate(days, which[at]), times[middle - 1], times[middle + 1]
    )
    return days, which


def _reversals(values: Floats) -> Ints:
    change = wrapped_deg(np.diff(values))
    return 1 + np.flatnonzero(change[1:] * change[:-1] < 0.0)


def _uncertainty_s(angles: PairAngles, found: PairCrossings, rate_deg: Floats) -> Floats:
    """Return the uncertainty of direction over the rate, or at a turning point over its bend."""
    sigma_deg = pair_uncertainties_deg(angles.pairs, found.which, found.days)
    uncertainty_d = sigma_deg / np.abs(rate_deg)
    slow = np.flatnonzero(uncertainty_d > _SLOW_DAYS)
    bend = slope(lambda days: angles.rate(days, found.which[slow]), found.days[slow], 0.25)
    touching_d = np.sqrt(2.0 * sigma_deg[slow] / np.maximum(np.abs(bend), 1e-12))
    uncertainty_d[slow] = np.minimum(uncertainty_d[slow], touching_d)
    return np.asarray(uncertainty_d * DAY_S)


def pair_uncertainties_deg(pairs: Sequence[Pair], which: Ints, days: Floats) -> Floats:
    """Return the uncertainty of the angle of pair ``which`` at ``days``."""
    squares = np.zeros(len(days))
    for at, pair in enumerate(pairs):
        mine = np.flatnonzero(which == at)
        for body in pair:
            if body is None:
                continue
            if body in BODIES:
                squares[mine] += BODIES[body].uncertainty_arcsec ** 2
            elif body in STARS:
                squares[mine] += STARS[body].uncertainty_arcsec(days[mine]) ** 2
    return np.asarray(np.sqrt(squares) / 3600.0)


def has_turns(pair: Pair) -> bool:
    """Tell whether the angle of a pair ever gains a whole turn."""
    return not all(body in WITH_THE_SUN for body in pair)


def looping_planet(pair: Pair) -> str | None:
    """Return the planet whose loops turn the angle round; None if it never turns round.

    Of two planets it is the one that is nearer to the Sun. The Moon outruns all, and so does the
    Sun the outer planets.
    """
    if "moon" in pair or pair == ("sun", None):
        return None
    if "sun" in pair and not any(body in INNER_PLANETS for body in pair):
        return None
    return next(body for body in PLANETS if body in pair)


def mean_angle_deg(pair: Pair) -> tuple[float, float]:
    """Return the mean angle of a pair at J2000.0 and its rate a day."""
    start_deg, rate_deg = mean_longitude_deg(pair[0])
    other_start, other_rate = mean_longitude_deg(pair[1]) if pair[1] else (0.0, 0.0)
    return start_deg - other_start, rate_deg - other_rate


def pair_turns(pairs: Sequence[Pair], days: Floats, which: Ints, level_deg: Floats) -> Ints:
    """Return the turn of its pair's angle that each event belongs to."""
    start_deg, rate_deg = np.array([mean_angle_deg(pair) for pair in pairs]).T
    return turns(days, level_deg, start_deg[which], rate_deg[which])


def pair_passes(angles: PairAngles, days: Floats, which: Ints, rate_deg: Floats) -> Ints:
    """Return the arc of the looping planet that each event belongs to; 0 where none loops."""
    found = np.zeros(len(days), dtype=np.int64)
    for planet in PLANETS:
        mine = [looping_planet(pair) == planet for pair in angles.pairs]
        first = np.array([pair[0] == planet for pair in angles.pairs])
        at = np.flatnonzero(np.array(mine)[which])
        backwards: Bools = (rate_deg[at] < 0.0) == first[which[at]]
        found[at] = passes(angles.sky, planet, days[at], backwards)
    return found


def index_texts(pairs: Sequence[Pair], which: Ints, turn: Ints, passed: Ints) -> list[str]:
    """Return the numbers of a key: the turn where there are turns, the arc where one loops."""
    forms = [_index_form(pair) for pair in pairs]
    columns = zip(which.tolist(), turn.tolist(), passed.tolist(), strict=True)
    return [forms[pair_at](turn_at, pass_at) for pair_at, turn_at, pass_at in columns]


def _index_form(pair: Pair) -> Callable[[int, int], str]:
    if looping_planet(pair) is None:
        return "{0}".format
    return "{0}-{1}".format if has_turns(pair) else "{1}".format


def _names(pairs: Sequence[Pair]) -> list[str]:
    return list(dict.fromkeys(body for pair in pairs for body in pair if body is not None))
