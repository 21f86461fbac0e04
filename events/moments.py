"""What comes next, and what is under way."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import compress
from typing import Final
from uuid import UUID

from events.civil import all_day
from events.filters import EventFilter
from events.models import Event
from events.pages import EventPage, PageRequest, Place, Shown, event_page, events_in
from events.selectors import WHOLE_SPAN, Windows
from events.sights import events_seen
from events.windows import Span, merged, within

PAGES_MOST: Final = 5  # of which each computes a year at most
SPARE: Final = 20  # the span begins with the minute, so that some may be past already
REACH: Final = timedelta(days=2)  # the longest are tithis, of up to 27 hours
NOW_MOST: Final = 200


def events_next(request: PageRequest, *, now: datetime, windows: Windows) -> EventPage:
    """Return the first events whose instant is not past, as many as the page takes.

    Fewer come where little passes: then ``next`` says from where on nobody has looked yet.
    """
    found: list[Shown] = []
    unstored: frozenset[UUID] = frozenset()
    computed: list[Span] = []
    step = replace(request, limit=request.limit + SPARE)
    for _ in range(PAGES_MOST):
        page = event_page(step, windows)
        found += [event for event in page.events if event.occurs_at >= now]
        unstored |= page.unstored_ids
        computed += page.computed
        if len(found) >= request.limit or page.next is None:
            break
        step = replace(step, place=page.next)
    return _cut(request, page, found, merged(computed), unstored)


def _cut(
    request: PageRequest,
    last: EventPage,
    found: list[Shown],
    computed: list[Span],
    unstored: frozenset[UUID],
) -> EventPage:
    """Return the events asked for, and where what was left out begins."""
    shown, rest = found[: request.limit], found[request.limit :]
    following, end = last.next, last.complete.end
    if rest:
        following, end = Place(shown[-1].occurs_at, shown[-1].pk), rest[0].occurs_at
    return replace(
        last,
        events=shown,
        unstored_ids=frozenset(event.pk for event in shown if event.pk in unstored),
        next=following,
        previous=None,
        computed=computed,
        complete=Span(request.span.start, end),
    )


def events_now(*, filter: EventFilter, now: datetime, language: str) -> list[Event]:  # noqa: A002
    """Return the first 200 that have begun and not ended, in order of time.

    Whole days of a calendar are left out: when they are is for each place to say.
    """
    lasting = filter.stored().filter(begins_at__lte=now, ends_at__gt=now)
    rows = lasting.of_instants().in_time_order()[:NOW_MOST]
    seen = list(compress(rows, events_seen(place=filter.visible_from, items=list(rows))))
    around = within(WHOLE_SPAN, [Span(now - REACH, now + REACH)])
    near = [
        event for span in around for event in events_in(filter=filter, span=span, language=language)
    ]
    fresh = [event for event in near if event._state.adding and _lasts(event, now)]
    found = sorted([*seen, *fresh], key=lambda event: (event.occurs_at, event.pk))
    return found[:NOW_MOST]


def _lasts(event: Event, now: datetime) -> bool:
    if event.begins_at is None or event.ends_at is None or all_day(event) is not None:
        return False
    return event.begins_at <= now < event.ends_at
