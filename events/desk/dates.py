"""The ladder of dates above the list of events: years, months and days by arithmetic.

Django's own asks the database which days occur among the rows of the list, which on a large table
reads all of them. Here only the first and the last event are looked up, in the index of time.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from babel.dates import format_skeleton
from django.db.models import Max, Min

from events.models import Event
from starscal.core import clock
from starscal.core.formats import active_locale

FIELD: Final = "occurs_at"
YEAR, MONTH, DAY = (f"{FIELD}__{part}" for part in ("year", "month", "day"))
MONTH_WORDS, DAY_WORDS = "yMMMM", "MMMMd"

Link = Callable[[dict[str, str]], str]


class Rung(NamedTuple):
    """One step of the ladder; the last has no address of its own."""

    title: str
    link: str = ""


class Ladder(NamedTuple):
    """What can be chosen now, and the way back up."""

    choices: list[Rung]
    back: Rung | None = None
    show: bool = True


def ladder(*, chosen: Mapping[str, Any], link: Link, all_dates: str) -> Ladder:
    """Return the step below the chosen year, month and day; ``link`` writes their addresses."""
    year, month, day = (_number(chosen, name) for name in (YEAR, MONTH, DAY))
    if not year:
        return Ladder([Rung(str(n), link({YEAR: str(n)})) for n in _years(chosen)])
    if not month:
        return Ladder(_months(year, link), Rung(all_dates, link({})))
    if not day:
        return Ladder(_days(year, month, link), Rung(str(year), link({YEAR: str(year)})))
    above = Rung(_words(MONTH_WORDS, date(year, month, 1)), link(_asked(year, month)))
    return Ladder([Rung(_words(DAY_WORDS, date(year, month, day)))], above)


def years_stored() -> tuple[int, int] | None:
    """Return the years of the first and the last event, which the index of time knows."""
    ends = Event.objects.aggregate(first=Min(FIELD), last=Max(FIELD))
    return (ends["first"].year, ends["last"].year) if ends["first"] else None


def _years(chosen: Mapping[str, Any]) -> Iterable[int]:
    """Return the years that hold events, on the side of now that the list shows."""
    ends = years_stored()
    if ends is None:
        return ()
    (first, last), now = ends, clock.now().year
    side = chosen.get("time")
    if side == "past":
        return range(first, min(last, now) + 1)
    return range(first if side == "all" else max(first, now), last + 1)


def _months(year: int, link: Link) -> list[Rung]:
    return [
        Rung(_words(MONTH_WORDS, date(year, month, 1)), link(_asked(year, month)))
        for month in range(1, 13)
    ]


def _days(year: int, month: int, link: Link) -> list[Rung]:
    return [
        Rung(_words(DAY_WORDS, date(year, month, day)), link(_asked(year, month, day)))
        for day in range(1, calendar.monthrange(year, month)[1] + 1)
    ]


def _asked(year: int, month: int, day: int = 0) -> dict[str, str]:
    asked = {YEAR: str(year), MONTH: str(month)}
    return asked | {DAY: str(day)} if day else asked


def _number(chosen: Mapping[str, Any], name: str) -> int:
    value = str(chosen.get(name) or "")
    return int(value) if value.isdecimal() else 0


def _words(skeleton: str, day: date) -> str:
    return str(format_skeleton(skeleton, day, locale=active_locale()))
