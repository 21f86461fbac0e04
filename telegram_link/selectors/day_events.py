"""The events of days and of the time ahead, as lines of a chat need them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from astronomy.api.kernel import days_sentence
from events.chat_text import event_address
from events.civil import all_day
from events.figures.selectors import Kept
from events.filters import EventFilter
from events.freshness import freshness_read
from events.models import Event
from events.moments import events_next
from events.pages import PageRequest, events_in
from events.payloads import FALLBACK
from events.selectors import WHOLE_SPAN, windows_all
from events.stored_rows import ReadableEvent
from events.windows import Span, within
from starscal.core.exceptions import ApplicationError, ErrorCode

STREAM: Final = "events"
DAY: Final = timedelta(days=1)
SPARE: Final = 5  # events of one instant, such as a full Moon that is also a supermoon
KEPT_SPANS: Final = 300  # of a few days in one language each; about 10 kB


@dataclass(frozen=True, slots=True)
class DayEvent:
    """An event as a line tells it; ``day`` is set where it is a whole day of a calendar."""

    at: datetime
    day: date | None
    kind: str
    title: str
    address: str
    significance: int
    cancelled: bool

    def day_in(self, zone: ZoneInfo) -> date:
        """Return the day under which a reader looks for it."""
        return self.day or self.at.astimezone(zone).date()


KEPT: Final[Kept[tuple[DayEvent, ...]]] = Kept(KEPT_SPANS)


def midnights(day: date, zone: ZoneInfo, days: int = 1) -> tuple[datetime, ...]:
    """Return in UTC where each of some days begins, and where the last one ends.

    Errors: range.outside for days before 1900 or after 2100.
    """
    try:
        turns = [day + at * DAY for at in range(days + 1)]
        found = [datetime(t.year, t.month, t.day, tzinfo=zone).astimezone(UTC) for t in turns]
    except OverflowError:
        found = []
    if not found or not WHOLE_SPAN.start <= found[0] < found[-1] <= WHOLE_SPAN.end:
        first, last = WHOLE_SPAN.start.date(), WHOLE_SPAN.end.date() - DAY
        sentence = days_sentence(first.isoformat(), last.isoformat())
        raise ApplicationError(ErrorCode.RANGE_OUTSIDE, sentence)
    return tuple(found)


def day_events(
    *, first: date, days: int, zone: ZoneInfo, language: str, wanted: EventFilter
) -> list[list[DayEvent]]:
    """Return the events of consecutive days of a zone, each day's in order of time.

    Whole days of a calendar stand on their own date, wherever the reader is. Kept while nothing
    changes in the store. Errors: range.outside.
    """
    midnights(first, zone, days)
    near = _near(first, days, language, wanted)
    dates = [first + at * DAY for at in range(days)]
    found: dict[date, list[DayEvent]] = {day: [] for day in dates}
    for event in near:
        if (day := event.day_in(zone)) in found:
            found[day].append(event)
    return [sorted(found[day], key=_order) for day in dates]


def _order(event: DayEvent) -> tuple[bool, datetime]:
    """Put what is the whole day before what has a time."""
    return event.day is None, event.at


def _near(first: date, days: int, language: str, wanted: EventFilter) -> tuple[DayEvent, ...]:
    """Return what may fall on the days in any zone: they begin and end 14 hours apart at most."""
    start = datetime(first.year, first.month, first.day, tzinfo=UTC) - DAY
    span = Span(start, start + (days + 2) * DAY)
    mark = freshness_read(stream=STREAM).mark

    def read() -> tuple[DayEvent, ...]:
        return tuple(
            day_event(event, language)
            for part in within(WHOLE_SPAN, [span])
            for event in events_in(filter=wanted, span=part, language=language)
        )

    return read() if mark is None else KEPT.value((mark, span, language, wanted), read)


def day_event(event: ReadableEvent, language: str) -> DayEvent:
    """Return what a line needs of an event."""
    return DayEvent(
        at=event.occurs_at,
        day=all_day(event),
        kind=event.event_type,
        title=event.text("title", language) or event.text("title", FALLBACK),
        address=event_address(event, language),
        significance=event.significance,
        cancelled=event.status == Event.Status.CANCELLED,
    )


@dataclass(frozen=True, slots=True)
class Ahead:
    """Events to come in order of time, and from where on the rest is told."""

    events: list[ReadableEvent]
    following: datetime | None


def events_ahead(*, since: datetime, limit: int, language: str, wanted: EventFilter) -> Ahead:
    """Return the first events from an instant on; those of one instant stay together.

    Errors: range.outside for what a shorter kernel does not reach.
    """
    minute = max(since.replace(second=0, microsecond=0), WHOLE_SPAN.start)
    if minute >= WHOLE_SPAN.end:
        return Ahead([], None)
    request = PageRequest(wanted, Span(minute, WHOLE_SPAN.end), limit + SPARE, language)
    page = events_next(request, now=since, windows=windows_all())
    found = page.events
    cut = min(limit, len(found))
    while 0 < cut < len(found) and found[cut].occurs_at == found[cut - 1].occurs_at:
        cut += 1
    if cut < len(found):
        return Ahead(list(found[:cut]), found[cut].occurs_at)
    return Ahead(list(found), page.next.at if page.next else None)


def event_before(
    *, at: datetime, reach: timedelta, language: str, wanted: EventFilter
) -> Event | None:
    """Return the last event that is past, if there is one within ``reach``."""
    spans = within(WHOLE_SPAN, [Span(at - reach, at)])
    found: Iterable[Event] = (
        event for span in spans for event in events_in(filter=wanted, span=span, language=language)
    )
    return max(found, key=lambda event: event.occurs_at, default=None)
