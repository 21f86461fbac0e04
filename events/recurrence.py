"""When events of staff come again: by the civil calendar of a place, in its own time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

from dateutil.rrule import MONTHLY, WEEKLY, YEARLY, rrule, weekday

WEEK: Final = 7
LAST: Final = -1


class Recurring(Protocol):
    """What is needed of a series to say when it comes."""

    @property
    def rhythm(self) -> str: ...
    @property
    def every(self) -> int: ...
    @property
    def timezone(self) -> str: ...
    @property
    def starts_at(self) -> datetime: ...


def moments(series: Recurring) -> Iterator[datetime]:
    """Yield the instants of a series by the calendar, the first one first, without an end.

    The time of day is that of the zone, whatever the clocks do. A time that a clock skips is read
    by the offset before it (2:30 becomes 3:30 in summer time), one that comes twice is the first,
    as RFC 5545 has it. A day that a month lacks is its last one.
    """
    zone = ZoneInfo(series.timezone)
    start = series.starts_at.astimezone(zone).replace(tzinfo=None)
    rule = rrule(
        dtstart=start,
        interval=series.every,
        **RULES[series.rhythm](start.date()),
    )
    for moment in rule:
        yield moment.replace(tzinfo=zone, fold=0).astimezone(UTC)


def local_day(at: datetime, zone: str) -> date:
    """Return the day that an instant falls on in a zone."""
    return at.astimezone(ZoneInfo(zone)).date()


def moved(at: datetime, zone: str, to: datetime) -> datetime:
    """Return an instant with the time of day of another one, by the zone, on its own local day."""
    place = ZoneInfo(zone)
    clock = to.astimezone(place).time().replace(fold=0)
    return datetime.combine(at.astimezone(place).date(), clock, place).astimezone(UTC)


def number_in_month(day: date) -> int:
    """Return which of its weekday in the month a day is, from 1."""
    return (day.day - 1) // WEEK + 1


def is_last_of_weekday(day: date) -> bool:
    """Say whether the month has no later day of the same weekday."""
    return (day + timedelta(WEEK)).month != day.month


def _weekly(_day: date) -> dict[str, Any]:
    return {"freq": WEEKLY}


def _monthly_day(day: date) -> dict[str, Any]:
    return {"freq": MONTHLY, **_day_or_last(day)}


def _monthly_weekday(day: date) -> dict[str, Any]:
    return {"freq": MONTHLY, "byweekday": weekday(day.weekday(), number_in_month(day))}


def _monthly_last(day: date) -> dict[str, Any]:
    return {"freq": MONTHLY, "byweekday": weekday(day.weekday(), LAST)}


def _yearly(day: date) -> dict[str, Any]:
    return {"freq": YEARLY, "bymonth": day.month, **_day_or_last(day)}


def _day_or_last(day: date) -> dict[str, Any]:
    """Take the day itself, or the last one of a month that is too short for it."""
    return {"bymonthday": tuple(range(min(day.day, 28), day.day + 1)), "bysetpos": LAST}


RULES: Final[Mapping[str, Callable[[date], dict[str, Any]]]] = {
    "weekly": _weekly,
    "monthly_day": _monthly_day,
    "monthly_weekday": _monthly_weekday,
    "monthly_last": _monthly_last,
    "yearly": _yearly,
}
