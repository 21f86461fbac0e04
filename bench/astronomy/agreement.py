"""Do two sides find the same events, and how far apart are they?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from statistics import median
from typing import Final, NamedTuple

import numpy as np

from astronomy.timescales import Floats
from bench.astronomy.shared import FIRST_YEAR, Event, Shared

_DAY_S: Final = 86_400.0


class Agreement(NamedTuple):
    """How many events each side found, how many were found by both, and how far apart, seconds."""

    ours: int
    peers: int
    both: int
    median_s: float
    most_s: float


def compared(ours: Iterable[Event], peers: Iterable[Event], same_days: float) -> Agreement:
    """Pair events of one kind and the same bodies that are nearest to each other."""
    mine, others = _grouped(ours), _grouped(peers)
    apart_s = [
        gap * _DAY_S
        for group in mine.keys() & others.keys()
        for gap in _gaps(np.sort(mine[group]), np.sort(others[group]), same_days)
    ]
    return Agreement(
        sum(map(len, mine.values())),
        sum(map(len, others.values())),
        len(apart_s),
        median(apart_s) if apart_s else 0.0,
        max(apart_s, default=0.0),
    )


def chosen(events: Iterable[Event], shared: Shared, start_days: float) -> list[Event]:
    """Return the events of the kinds and the years that both sides searched."""
    years = date(FIRST_YEAR + shared.years, 1, 1) - date(FIRST_YEAR, 1, 1)
    end_days = start_days + years.days
    return [each for each in events if each.kind in shared.kinds and each.days < end_days]


def _grouped(events: Iterable[Event]) -> dict[tuple[str, str], list[float]]:
    groups: dict[tuple[str, str], list[float]] = defaultdict(list)
    for each in events:
        # Whether the Sun is named beside a planet is a matter of style.
        bodies = sorted({*each.bodies.split("-")} - {"sun"})
        groups[each.kind, "-".join(bodies)].append(each.days)
    return groups


def _gaps(mine: Floats, others: Floats, same_days: float) -> list[float]:
    """Return the distance to the nearest of the others, each of which is taken once."""
    gaps, taken = [], np.zeros(len(others), dtype=bool)
    for days in mine:
        apart = np.where(taken, np.inf, np.abs(others - days))
        nearest = int(np.argmin(apart)) if len(apart) else 0
        if len(apart) and apart[nearest] < same_days:
            taken[nearest] = True
            gaps.append(float(apart[nearest]))
    return gaps
