"""When a body is up: the parts of an interval in which it stands above the horizon."""

from __future__ import annotations

from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from astronomy.observer.crossings import find_passages
from astronomy.observer.levels import horizon_level, level_altitude_deg
from astronomy.observer.view import View, altitude_deg
from astronomy.search import TimeFunction
from astronomy.timescales import Floats

# Shorter than this is how well an instant at the horizon can be known at all.
_SHORTEST_DAYS: Final = 1e-6


class Span(NamedTuple):
    """An interval in days of TT since J2000.0."""

    start: float
    end: float


def up_spans(view: View, body: str, start_days: float, end_days: float) -> list[Span]:
    """Return the parts of an interval in which ``body`` is above the visible horizon.

    The altitude is tested over the whole interval, not at its ends alone: a low Sun may come up
    and go down again in between.
    """
    level_deg = horizon_level(body, view.place).altitude_deg

    def clearance_deg(days: Floats) -> Floats:
        return level_altitude_deg(view, body, days) - level_deg

    return positive_spans(clearance_deg, start_days, end_days, view.place.lat_deg)


def fixed_up_spans(view: View, icrs: Floats, start_days: float, end_days: float) -> list[Span]:
    """Return the parts of an interval in which a direction among the stars is up."""
    level_deg = horizon_level("star", view.place).altitude_deg
    return positive_spans(
        lambda days: altitude_deg(view.fixed_vector_au(icrs, days)) - level_deg,
        start_days,
        end_days,
        view.place.lat_deg,
    )


def below_spans(
    view: View, body: str, least_deg: float, start_days: float, end_days: float
) -> list[Span]:
    """Return the parts of an interval in which the centre of ``body`` is below an altitude."""
    return positive_spans(
        lambda days: least_deg - view.altitude_deg(body, days),
        start_days,
        end_days,
        view.place.lat_deg,
    )


def positive_spans(
    function: TimeFunction, start_days: float, end_days: float, lat_deg: float
) -> list[Span]:
    """Return where a function of altitude is positive, cut to the interval."""
    passages = find_passages(function, np.zeros(1), start_days, end_days, lat_deg=lat_deg)
    inside = passages.days[(passages.days > start_days) & (passages.days < end_days)]
    edges = [start_days, *np.sort(inside).tolist(), end_days]
    middles = np.array([(a + b) / 2.0 for a, b in pairwise(edges)])
    positive = function(middles) > 0.0
    return [
        Span(edges[at], edges[at + 1])
        for at in np.flatnonzero(positive)
        if edges[at + 1] - edges[at] > _SHORTEST_DAYS
    ]


def common_spans(first: list[Span], second: list[Span]) -> list[Span]:
    """Return what two lists of spans have in common."""
    pairs = (Span(max(a.start, b.start), min(a.end, b.end)) for a in first for b in second)
    return [pair for pair in pairs if pair.end - pair.start > _SHORTEST_DAYS]
