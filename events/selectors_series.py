"""Read series of events of staff, and when they are due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from itertools import islice, takewhile
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Q

from events.models import Event
from events.models.series import OCCURRENCES_MOST, EventSeries
from events.recurrence import local_day, moments

AHEAD: Final = timedelta(days=366)  # how far a series without an end is kept ready
YEARS_MOST: Final = 5
SLACK: Final = timedelta(hours=1)  # by which the first event of the sky may have moved since
LONGEST: Final = timedelta(days=366 * YEARS_MOST)


class Slot(NamedTuple):
    """One time of a series: ``name`` is its number, or the key of the event of the sky."""

    name: str
    at: datetime


def slots_due(series: EventSeries, *, at: datetime) -> list[Slot]:
    """Return the times of a series that are to be stored, in order; of an endless one those ahead.

    Up to a last day, one more than are allowed if there are so many. Of the sky only what is stored
    and published counts, so that more may come as coverage grows.
    """
    ends = horizon(series, at=at)
    since = max(series.starts_at, at) if series.is_endless else series.starts_at
    found = sky_slots(series, since, ends) if series.is_of_sky else _civil_slots(series, ends)
    if series.is_endless:
        found = (slot for slot in found if slot.at > at)
    most = OCCURRENCES_MOST + 1 if series.until else series.count or OCCURRENCES_MOST
    return list(islice(found, most))


def horizon(series: EventSeries, *, at: datetime) -> datetime:
    """Return when the part of a series ends that is to be stored now."""
    if series.until is not None:
        midnight = datetime.combine(series.until, time(), ZoneInfo(series.timezone))
        return midnight + timedelta(days=1)
    ahead = at + AHEAD
    return ahead if series.count is None else max(series.starts_at + LONGEST, ahead)


def _civil_slots(series: EventSeries, ends: datetime) -> Iterator[Slot]:
    numbered = (Slot(str(number), moment) for number, moment in enumerate(moments(series)))
    return takewhile(lambda slot: slot.at < ends, numbered)


def sky_slots(series: EventSeries, since: datetime, ends: datetime) -> Iterator[Slot]:
    """Yield the times until ``ends`` that follow from stored events of the kind.

    From ``since`` on, and a little before it.
    """
    shift = series.offset
    rows = Event.objects.published().filter(event_type=series.kind)
    rows = rows.between(since - shift - SLACK, ends - shift).in_time_order()
    pairs = rows.values_list("key", "occurs_at")[: OCCURRENCES_MOST * YEARS_MOST]
    return (Slot(key, at + shift) for key, at in pairs)


def sky_instants(series: EventSeries, events: Iterable[Event]) -> dict[str, datetime]:
    """Return by slot when the events of the sky are; one that is gone by the rule, as it was."""
    gone = {event.series_slot: event.occurs_at - series.offset for event in events}
    stored = Event.objects.filter(event_type=series.kind, key__in=[*gone])
    return gone | dict(stored.values_list("key", "occurs_at"))


def series_alive(*, at: datetime) -> list[EventSeries]:
    """Return the series to which there may be something to add."""
    day = at.date() - timedelta(days=1)  # yesterday in UTC is over everywhere but in the west
    alive = EventSeries.objects.filter(ended_at__isnull=True)
    return list(alive.filter(Q(until__isnull=True) | Q(until__gte=day)).order_by("pk"))


def occurrences_of(series: EventSeries) -> list[Event]:
    """Return the events of a series in order of time."""
    return list(Event.objects.filter(series=series).in_time_order())


def is_of_day(series: EventSeries, first: datetime, second: datetime) -> bool:
    """Say whether two instants fall on one day where the series takes place."""
    return local_day(first, series.timezone) == local_day(second, series.timezone)
