"""The window of a search: half-open, in labels and in TT."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Final

from astronomy.constants import J2000_JD, SPAN_END, SPAN_START
from astronomy.ephemeris import Ephemeris
from astronomy.errors import EphemerisRangeError
from astronomy.occurrence import Occurrence
from astronomy.timescales import days_from_datetime

# A search reaches past a window by a step of its grid, at most 4 days, and by the rest of a block,
# at most 8; light left the planets earlier still. A blue moon asks for the full moon before it,
# a Hindu festival for two months before its own.
MARGIN_DAYS: Final = 90.0
# The labels decide what is inside; the search reaches past every rounding of a label.
_ROUNDING_DAYS: Final = 1e-4
_EPOCH: Final = datetime(2000, 1, 1, 12, tzinfo=UTC)
_FIRST: Final = datetime.fromisoformat(SPAN_START).replace(tzinfo=UTC)
_LAST: Final = datetime.fromisoformat(SPAN_END).replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open interval ``[start, end)``, and what to search: days of TT since J2000.0."""

    start: datetime
    end: datetime
    start_days: float
    end_days: float

    def sorted_inside(self, occurrences: Iterable[Occurrence]) -> list[Occurrence]:
        """Return those whose label lies in the window, by time and then by key."""
        start, end = self.start, self.end
        return in_order(found for found in occurrences if start <= found.utc < end)


def in_order(occurrences: Iterable[Occurrence]) -> list[Occurrence]:
    """Return occurrences by time and then by key."""
    return sorted(occurrences, key=attrgetter("tt_jd1", "tt_jd2", "key"))


def open_window(ephemeris: Ephemeris, start: datetime, end: datetime) -> Window:
    """Return the checked window ``[start, end)``.

    Time scale in: UTC from 1972, UT1 before; aware datetimes of any zone.
    Raises: ValueError if a moment is naive or start is not before end; EphemerisRangeError
    outside 1900-01-01 to 2101-01-01 or outside the kernel.
    """
    for name, moment in (("start", start), ("end", end)):
        if moment.utcoffset() is None:
            raise ValueError(f"The window's {name} {moment.isoformat()} has no time zone.")
    if start >= end:
        raise ValueError(
            f"The window is inverted or empty: start {start.isoformat()} "
            f"is not before end {end.isoformat()}."
        )
    first, last = supported_span(ephemeris)
    if start < first or end > last:
        raise EphemerisRangeError(
            f"{start.isoformat()} to {end.isoformat()} is outside what can be computed: "
            f"{first.date()} to {last.date()}.",
            covered_start=first.date().isoformat(),
            covered_end=last.date().isoformat(),
        )
    return Window(
        start,
        end,
        days_from_datetime(ephemeris.timescale, start) - _ROUNDING_DAYS,
        days_from_datetime(ephemeris.timescale, end) + _ROUNDING_DAYS,
    )


def supported_span(ephemeris: Ephemeris) -> tuple[datetime, datetime]:
    """Return the span of the product as far as the kernel covers it, in whole days."""
    first = _FIRST + timedelta(days=max(0, math.ceil(_shortfall(ephemeris.covered_start, _FIRST))))
    last = _LAST - timedelta(days=max(0, math.ceil(-_shortfall(ephemeris.covered_end, _LAST))))
    return first, last


def _shortfall(covered_jd: float, limit: datetime) -> float:
    """Return the days from ``limit`` to the kernel's end, margin taken off on that side."""
    days = covered_jd - J2000_JD - (limit - _EPOCH) / timedelta(days=1)
    return days + MARGIN_DAYS if limit == _FIRST else days - MARGIN_DAYS
