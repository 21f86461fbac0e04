"""Checks against plain Skyfield: its own search, its standard positions, nothing of our samples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from skyfield.framelib import ecliptic_frame
from skyfield.searchlib import find_discrete
from skyfield.timelib import Time

from astronomy.constants import DAY_S
from astronomy.occurrence import Occurrence
from astronomy.timescales import Floats, Ints
from astronomy.verification.check import Check, Sample
from astronomy.verification.material import Material

_STEP_DAYS: Final = 5.0
# A Julian date in one float resolves 0.04 ms; about there a root may have echoes.
_RESOLUTION_DAYS: Final = 1e-4 / DAY_S
_ECHO_S: Final = 1.0
_REACH_S: Final = 600.0


@dataclass(frozen=True, slots=True)
class Search:
    """A function of time that Skyfield searches, and which value of it each of our events begins.

    ``value_of`` returns None for events that are none of it.
    """

    family: str
    value_at: Callable[[Any, Time], Ints]
    value_of: Callable[[Occurrence], int | None]


def _longitude_deg(kernel: Any, body: str, time: Time) -> Floats:
    apparent = kernel["earth"].at(time).observe(kernel[body]).apparent()
    return np.asarray(apparent.frame_latlon(ecliptic_frame)[1].degrees)


def _quarter(kernel: Any, time: Time) -> Ints:
    turned = _longitude_deg(kernel, "moon", time) - _longitude_deg(kernel, "sun", time)
    return np.asarray(turned // 90.0 % 4, dtype=np.int64)


def _term(kernel: Any, time: Time) -> Ints:
    return np.asarray(_longitude_deg(kernel, "sun", time) // 15.0 % 24, dtype=np.int64)


def _north(kernel: Any, time: Time) -> Ints:
    apparent = kernel["earth"].at(time).observe(kernel["moon"]).apparent()
    return np.asarray(apparent.frame_latlon(ecliptic_frame)[0].degrees > 0.0, dtype=np.int64)


_NODES: Final = {"descending_node": 0, "ascending_node": 1}
SEARCHES: Final = (
    Search("moon_phases", _quarter, lambda found: round(found.details["elongation_deg"] / 90)),
    Search("solar_terms", _term, lambda found: round(found.details["longitude_deg"] / 15)),
    Search("lunar_nodes", _north, lambda found: _NODES.get(found.kind)),
)


def _searched(search: Search) -> Callable[[Material], Sample]:
    def compare(material: Material) -> Sample:
        parts = [_year(material, search, year) for year in material.searched_years]
        return Sample(
            sum(part.rows for part in parts),
            np.concatenate([part.errors for part in parts]),
            sum(part.extra for part in parts),
        )

    return compare


def _year(material: Material, search: Search, year: int) -> Sample:
    """Return how our events of a year differ from those that Skyfield finds, in seconds of TT."""
    timescale, kernel = material.sky.timescale, material.sky.ephemeris.kernel
    start, end = timescale.tt(year, 1, 1), timescale.tt(year, 12, 31)

    def value_at(time: Time) -> Ints:
        return search.value_at(kernel, time)

    value_at.step_days = _STEP_DAYS  # type: ignore[attr-defined]  # how Skyfield is told
    times, values = find_discrete(start, end, value_at, epsilon=_RESOLUTION_DAYS)
    last = np.append(np.diff(times.tt) * DAY_S > _ECHO_S, True)  # the value stays after the last
    theirs = [each[last] for each in (times.whole, times.tt_fraction, values)]
    ours = _instants(material.events(search.family), search, start.tt, end.tt)
    errors: list[float] = []
    for whole, fraction, value in zip(*theirs, strict=True):
        same = [(jd1 - whole + jd2 - fraction) * DAY_S for jd1, jd2, name in ours if name == value]
        errors.extend(error for error in same if abs(error) <= _REACH_S)
    return Sample(int(last.sum()), np.array(errors), max(0, len(ours) - len(errors)))


def _instants(
    events: Any, search: Search, start_jd: float, end_jd: float
) -> list[tuple[float, float, int]]:
    return [
        (found.tt_jd1, found.tt_jd2, value)
        for found in events
        if start_jd <= found.tt_jd1 + found.tt_jd2 < end_jd
        and (value := search.value_of(found)) is not None
    ]


CHECKS: Final = tuple(
    Check(
        search.family,
        "instant (TT) by another search",
        "plain Skyfield",
        "s",
        1e-3,
        _searched(search),
    )
    for search in SEARCHES
)
