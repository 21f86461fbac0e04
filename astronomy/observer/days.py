"""Civil days at a place: what happens in each, and why what is missing does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

import numpy as np

from astronomy.limits import require_moments
from astronomy.observer.events import SkyEvent
from astronomy.observer.levels import RISE, SET, TRANSIT, Level, body_levels, level_altitude_deg
from astronomy.observer.place import Place
from astronomy.observer.view import View
from astronomy.sampling import Sky
from astronomy.timescales import Bools, days_from_datetime

Reason: TypeAlias = Literal["always_up", "always_down", "no_event_today"]


@dataclass(frozen=True, slots=True)
class BodyDay:
    """What one body does in one civil day ``[start, end)``.

    ``first`` holds the first event of each name; ``missing`` says of every other name why it does
    not happen: the body stays above that altitude all day, or below it, or does it on another
    day. ``up_s`` is how long the body is above the horizon.
    """

    start: datetime
    end: datetime
    body: str
    events: tuple[SkyEvent, ...]
    first: Mapping[str, SkyEvent]
    missing: Mapping[str, Reason]
    up_s: float


def body_days(
    sky: Sky, place: Place, body: str, midnights: Sequence[datetime], events: Sequence[SkyEvent]
) -> list[BodyDay]:
    """Return the days between consecutive ``midnights``; ``events`` are all that happen in them.

    Time scale in and out: UTC (UT1 before 1972), aware datetimes.    Units: seconds.
    Shape: one fewer than midnights.
    Raises: IndexError when there is no midnight, EphemerisRangeError outside the span.
    """
    require_moments(sky.ephemeris, midnights)
    levels = body_levels(body, place)
    above = _above(View(sky, place), body, levels, midnights[:-1])
    mine = [event for event in events if event.body == body]
    return [
        _day(body, levels, above[:, at], midnights[at], midnights[at + 1], mine)
        for at in range(len(midnights) - 1)
    ]


def _above(view: View, body: str, levels: Sequence[Level], moments: Sequence[datetime]) -> Bools:
    """Tell above which levels (rows) the body stands at each moment (columns)."""
    days = np.array([days_from_datetime(view.sky.timescale, moment) for moment in moments])
    altitudes = level_altitude_deg(view, body, days)
    return np.array([altitudes >= level.altitude_deg for level in levels])


def _day(
    body: str,
    levels: Sequence[Level],
    above: Bools,
    start: datetime,
    end: datetime,
    events: Sequence[SkyEvent],
) -> BodyDay:
    inside = tuple(event for event in events if start <= event.utc < end)
    first = {event.event: event for event in reversed(inside)}
    missing: dict[str, Reason] = {}
    for level, up in zip(levels, above, strict=True):
        missing |= _missing(level, bool(up), first)
    if TRANSIT not in first:
        missing[TRANSIT] = "no_event_today"
    up_s = _up_s(inside, bool(above[0]), start, end)
    return BodyDay(start, end, body, inside, first, missing, up_s)


def _missing(level: Level, above: bool, first: Mapping[str, SkyEvent]) -> dict[str, Reason]:
    names = [name for name in (level.rising, level.falling) if name not in first]
    reason: Reason = "no_event_today"
    if len(names) == 2:
        reason = "always_up" if above else "always_down"
    return dict.fromkeys(names, reason)


def _up_s(events: Sequence[SkyEvent], up: bool, start: datetime, end: datetime) -> float:
    """Return the seconds above the horizon; ``up`` tells whether it begins above."""
    total, since = timedelta(), start
    for event in events:
        if event.event not in {RISE, SET}:
            continue
        if up:
            total += event.utc - since
        since, up = event.utc, event.event == RISE
    if up:
        total += end - since
    return total.total_seconds()
