"""What the checks work on: the events as they are computed now, and the rows of the tables."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from astronomy.finders import find_occurrences
from astronomy.finders.window import supported_span
from astronomy.occurrence import Occurrence
from astronomy.sampling import Sky
from astronomy.verification.tables import Row, moment, read_table

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2100
# Years in which plain Skyfield searches everything anew.
SEARCHED_YEARS: Final = tuple(range(FIRST_YEAR, LAST_YEAR + 1, 10))
_MARGIN: Final = timedelta(days=3)
_REACH: Final = timedelta(hours=12)
# A table is a minute or so off, so that an event at midnight may belong to another year.
_BORDER: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Reference:
    """Which of our events a table tells of, and how a row and an event name the same thing.

    The table is complete in its ``years``; ``event_name`` returns None for what it leaves out.
    """

    table: str
    family: str
    years: range
    time: str
    row_name: Callable[[Row], str]
    event_name: Callable[[Occurrence], str | None]


@dataclass(frozen=True, slots=True)
class Pairing:
    """Rows with the event that each of them means; ``extra`` events of those years have no row."""

    rows: tuple[Row, ...]
    pairs: tuple[tuple[Row, Occurrence], ...]
    extra: int


@dataclass(slots=True)
class Material:
    """A sky, the years to look at, and what was found in them so far.

    ``found`` may hold what is known already, whole families; ``table`` returns the rows of a
    table by its name.
    """

    sky: Sky
    first_year: int = FIRST_YEAR
    last_year: int = LAST_YEAR
    searched_years: Sequence[int] = SEARCHED_YEARS
    found: Mapping[str, Sequence[Occurrence]] = field(default_factory=dict)
    table: Callable[[str], Sequence[Row]] = read_table
    _pairings: dict[str, Pairing] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.found = dict(self.found)

    def events(self, family: str) -> Sequence[Occurrence]:
        """Return the events of a family in these years and three days about them, by time."""
        known = self.found.get(family)
        if known is None:
            first, last = supported_span(self.sky.ephemeris)
            start = max(first, datetime(self.first_year, 1, 1, tzinfo=UTC) - _MARGIN)
            end = min(last, datetime(self.last_year + 1, 1, 1, tzinfo=UTC) + _MARGIN)
            known = find_occurrences(self.sky, start, end, [family])
            self.found = {**self.found, family: known}
        return known

    def rows(self, table: str, time: str) -> tuple[Row, ...]:
        """Return the rows of a table in these years; ``time`` is the column of the instant."""
        return tuple(row for row in self.table(table) if self.covers(moment(row[time]).year))

    def covers(self, year: int) -> bool:
        """Say whether a year is one of those looked at."""
        return self.first_year <= year <= self.last_year

    def pairing(self, reference: Reference) -> Pairing:
        """Return the rows of a table with the nearest event of the same name, each used once."""
        known = self._pairings.get(reference.table)
        if known is None:
            rows = self.rows(reference.table, reference.time)
            events = self.events(reference.family)
            known = paired(rows, events, reference, set(filter(self.covers, reference.years)))
            self._pairings[reference.table] = known
        return known


def paired(
    rows: tuple[Row, ...], events: Sequence[Occurrence], reference: Reference, years: set[int]
) -> Pairing:
    """Return each row with the event nearest to it in UT1, at most half a day away."""
    names = _by_name(events, reference)
    pairs: list[tuple[Row, Occurrence]] = []
    used: set[str] = set()
    for row in rows:
        at = moment(row[reference.time])
        near = nearest_of(names.get(reference.row_name(row), []), at)
        if near is not None and near.key not in used:
            used.add(near.key)
            pairs.append((row, near))
    left = (found for group in names.values() for found in group if found.key not in used)
    return Pairing(rows, tuple(pairs), sum(_well_inside(found.ut1, years) for found in left))


def nearest_of(events: Sequence[Occurrence], at: datetime) -> Occurrence | None:
    """Return the event, of some sorted by time, nearest to ``at`` in UT1, within half a day."""
    place = bisect_left(events, at, key=lambda found: found.ut1)
    about = events[max(0, place - 1) : place + 1]
    near = min(about, key=lambda found: abs(found.ut1 - at), default=None)
    return near if near is not None and abs(near.ut1 - at) <= _REACH else None


def _by_name(events: Sequence[Occurrence], reference: Reference) -> dict[str, list[Occurrence]]:
    names: dict[str, list[Occurrence]] = {}
    for found in events:
        name = reference.event_name(found)
        if name is not None:
            names.setdefault(name, []).append(found)
    return names


def _well_inside(at: datetime, years: set[int]) -> bool:
    return {(at - _BORDER).year, (at + _BORDER).year} <= years
