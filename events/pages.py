"""One page of events in order of time, from the store and, where nothing is stored, computed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import compress
from typing import Final, NamedTuple, TypeAlias
from uuid import UUID

from django.conf import settings

from astronomy.occurrence import Occurrence
from events.filters import EventFilter
from events.models import Event, event_id
from events.onthefly import CHUNKS_A_YEAR, chunks, occurrences_in, unstored
from events.querysets import EventQuerySet
from events.rendering import events_unsaved
from events.selectors import Windows, spans_stored
from events.sights import events_seen
from events.stored_rows import Statement, StoredRow, rows_read, statement_written
from events.windows import Span, merged, without

LOWEST: Final = UUID(int=0)
TICK: Final = timedelta(microseconds=1)
# Where only what can be seen from a place is wanted: how many events are looked at for a page.
SCAN_TIMES: Final = 10
SCAN_LEAST: Final = 100
SCAN_MOST: Final = 1000
SCAN_STEP: Final = 100
# Values that stand in a statement for those of a request; no request has them.
WHERE_SPAN: Final = Span(datetime(1, 1, 1, tzinfo=UTC), datetime(1, 1, 2, tzinfo=UTC))
STATEMENTS: Final = 500  # kept in this process
Shown: TypeAlias = "Event | StoredRow"
Candidate: TypeAlias = "tuple[Place, Event | StoredRow | Occurrence]"


class Place(NamedTuple):
    """A place in the order of (occurs_at, id); pages begin after it or end before it."""

    at: datetime
    id: UUID = LOWEST


WHERE_PLACE: Final = Place(datetime(1, 1, 3, tzinfo=UTC), UUID(int=1))


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page: of what, in which span, after or before which place, in which language.

    ``onwards`` says that all pages beyond it will be read as well.
    """

    filter: EventFilter
    span: Span
    limit: int
    language: str
    place: Place | None = None
    backwards: bool = False
    onwards: bool = False

    @property
    def part(self) -> Span:
        """Return the part of the span that this page and those beyond it may show."""
        start, end = self.span
        if self.place is None:
            return self.span
        at = min(max(self.place.at, start), end)
        return Span(start, min(at + TICK, end)) if self.backwards else Span(at, end)

    @property
    def far_end(self) -> datetime:
        """Return where paging in this direction ends."""
        return self.part.start if self.backwards else self.part.end

    def beyond(self, place: Place) -> bool:
        """Say whether an event at ``place`` comes after this page's own place."""
        if self.place is None:
            return True
        return place < self.place if self.backwards else place > self.place

    def within(self, horizon: datetime, at: datetime) -> bool:
        """Say whether a moment lies on this side of how far the page can see."""
        return at >= horizon if self.backwards else at < horizon


@dataclass(frozen=True, slots=True)
class EventPage:
    """A page: events oldest first, which of them are not stored, where the neighbours begin.

    ``stored`` are the stored parts of the whole span, ``computed`` what was computed for this
    page; ``complete`` is the span in which this page leaves nothing out.
    """

    events: list[Shown]
    unstored_ids: frozenset[UUID]
    next: Place | None
    previous: Place | None
    stored: list[Span]
    computed: list[Span]
    complete: Span


@dataclass(frozen=True, slots=True)
class Computed:
    """What was computed for a page; beyond ``horizon`` it was not."""

    occurrences: list[Occurrence]
    spans: list[Span]
    horizon: datetime


def event_page(request: PageRequest, windows: Windows | None = None) -> EventPage:
    """Return one page; a year at most is computed for it, and what is left is the next page's.

    Of ``visible_from`` a thousand events at most are looked at, so that a page may hold few or
    none and still have a next one.

    ``windows`` are all that are stored, if the caller knows them.

    Queries: the stored spans, the rows, and, where events were computed, which are known.
    """
    if request.filter.visible_from is None:
        return _page(request, windows)
    scanned = min(max(request.limit * SCAN_TIMES, SCAN_LEAST), SCAN_MOST)
    return _seen_page(request, _page(replace(request, limit=scanned), windows))


def _seen_page(request: PageRequest, page: EventPage) -> EventPage:
    """Return what can be seen of a longer page, cut to the length that was asked for."""
    seen = _seen(request, page.events[::-1] if request.backwards else page.events)
    shown = seen[: request.limit]
    following = page.previous if request.backwards else page.next
    complete = page.complete
    if len(seen) > request.limit:
        following = Place(shown[-1].occurs_at, shown[-1].pk)
        complete = Span(request.part.start, seen[-1].occurs_at)
        if request.backwards:
            complete = Span(following.at, request.part.end)
    ids = {event.pk for event in shown}
    return replace(
        page,
        events=shown[::-1] if request.backwards else shown,
        unstored_ids=page.unstored_ids & ids,
        next=page.next if request.backwards else following,
        previous=following if request.backwards else page.previous,
        complete=complete,
    )


def _seen(request: PageRequest, events: list[Shown]) -> list[Shown]:
    """Return the first events that can be seen, one more than the page takes if there are."""
    seen: list[Shown] = []
    for at in range(0, len(events), SCAN_STEP):
        step = events[at : at + SCAN_STEP]
        seen += compress(step, events_seen(place=request.filter.visible_from, items=step))
        if len(seen) > request.limit:
            break
    return seen[: request.limit + 1]


def _page(request: PageRequest, windows: Windows | None) -> EventPage:
    """Return one page of what may be seen from somewhere, if a place is asked for."""
    families = request.filter.families_meant
    stored = spans_stored(span=request.span, families=families, windows=windows)
    rows = rows_stored(request)
    computed = _compute(request, stored, rows)
    candidates: list[Candidate] = [(Place(row.occurs_at, row.pk), row) for row in rows]
    candidates += [(_place_of(o), o) for o in unstored(computed.occurrences)]
    candidates = [
        (place, item)
        for place, item in candidates
        if request.beyond(place) and request.within(computed.horizon, place.at)
    ]
    candidates.sort(key=_by_place, reverse=request.backwards)
    return _composed(request, candidates, computed, stored)


def rows_stored(request: PageRequest) -> list[StoredRow]:
    """Return the stored events of the page and one more, in the page's direction."""
    shape = replace(request, span=WHERE_SPAN, place=None if request.place is None else WHERE_PLACE)
    start, end = request.part
    values: dict[object, object] = {WHERE_SPAN.start: start, WHERE_SPAN.end: end}
    if request.place is not None:
        values |= {WHERE_PLACE.at: request.place.at, WHERE_PLACE.id: request.place.id}
    # What people type is asked once: it shall not push out what is asked all the time.
    write = _statement if request.filter.search else _statement_kept
    return rows_read(write(shape), values=values, language=request.language)


def _statement(shape: PageRequest) -> Statement:
    """Return the statement for pages of one shape: writing it costs more than running it."""
    return statement_written(rows_wanted(shape, shape.span), language=shape.language)


_statement_kept = lru_cache(maxsize=STATEMENTS)(_statement)


def rows_wanted(request: PageRequest, part: Span) -> EventQuerySet:
    """Return the query for the stored events of a page and one more."""
    rows = request.filter.stored().between(*part)
    place = request.place
    if place is not None and request.backwards:
        rows = rows.exclude(occurs_at=place.at, id__gte=place.id)
    elif place is not None:
        rows = rows.exclude(occurs_at=place.at, id__lte=place.id)
    order = ("-occurs_at", "-id") if request.backwards else ("occurs_at", "id")
    return rows.order_by(*order)[: request.limit + 1]


def _compute(request: PageRequest, stored: list[Span], rows: list[StoredRow]) -> Computed:
    """Compute quarter after quarter, nearest first, until the page is full or a year is done."""
    steps = _steps(request, stored, rows)
    # A quarter fills a page, unless a filter lets little pass; then a year at once is cheaper.
    year = CHUNKS_A_YEAR if request.onwards or request.filter.narrows else 0
    times = [row.occurs_at for row in rows]
    found: list[Occurrence] = []
    done = 0
    for chunk in steps[:CHUNKS_A_YEAR]:
        ahead = steps[done + 1 : year]
        fresh = occurrences_in(chunk, request.filter.computed_families, ahead)
        found += [o for o in fresh if request.filter.passes(o) and request.beyond(_place_of(o))]
        done += 1
        near = chunk.start if request.backwards else chunk.end
        if len(found) + sum(request.within(near, at) for at in times) > request.limit:
            break
    horizon = request.far_end
    if done < len(steps):
        horizon = steps[done].end if request.backwards else steps[done].start
    return Computed(found, merged(steps[:done]), horizon)


def _steps(request: PageRequest, stored: list[Span], rows: list[StoredRow]) -> list[Span]:
    """Return the quarters that are not stored, as far as the page's rows leave room, nearest first.

    With more rows than the page takes, what lies beyond the last of them cannot be shown.
    """
    part = request.part
    if not request.filter.computed_families:
        return []
    if len(rows) > request.limit:
        edge = rows[-1].occurs_at
        part = Span(edge, part.end) if request.backwards else Span(part.start, edge + TICK)
    steps = [chunk for gap in without(part, stored) for chunk in chunks(gap)]
    return steps[::-1] if request.backwards else steps


def _place_of(occurrence: Occurrence) -> Place:
    return Place(occurrence.utc, event_id(occurrence.key))


def _by_place(candidate: Candidate) -> Place:
    return candidate[0]


def _composed(
    request: PageRequest, candidates: list[Candidate], computed: Computed, stored: list[Span]
) -> EventPage:
    """Cut the page and find where its neighbours begin."""
    shown = candidates[: request.limit]
    here = shown[0][0] if shown else Place(computed.horizon)
    following = None
    if len(candidates) > request.limit:
        following = shown[-1][0]
    elif computed.horizon != request.far_end:
        following = Place(computed.horizon)
    behind = None if request.place is None else here
    events, unstored_ids = _events(request, shown)
    return EventPage(
        events=events,
        unstored_ids=unstored_ids,
        next=behind if request.backwards else following,
        previous=following if request.backwards else behind,
        stored=stored,
        computed=computed.spans,
        complete=_complete(request, candidates, computed),
    )


def _complete(request: PageRequest, candidates: list[Candidate], computed: Computed) -> Span:
    cut = len(candidates) > request.limit
    if request.backwards:
        far = candidates[request.limit - 1][0].at if cut else computed.horizon
        return Span(far, request.part.end)
    far = candidates[request.limit][0].at if cut else computed.horizon
    return Span(request.part.start, far)


def _events(request: PageRequest, shown: list[Candidate]) -> tuple[list[Shown], frozenset[UUID]]:
    """Return the page's events, oldest first; words are rendered for those shown alone."""
    fresh = [item for _place, item in shown if isinstance(item, Occurrence)]
    languages = dict.fromkeys((request.language, settings.LANGUAGE_CODE))
    unsaved = {event.pk: event for event in events_unsaved(fresh, tuple(languages))}
    events = [unsaved[p.id] if isinstance(item, Occurrence) else item for p, item in shown]
    return (events[::-1] if request.backwards else events), frozenset(unsaved)


def events_in(*, filter: EventFilter, span: Span, language: str) -> list[Event]:  # noqa: A002
    """Return every event of a span of at most a year, oldest first, computed where not stored."""
    families = filter.computed_families
    rows = list(filter.stored().between(*span).in_time_order())
    gaps = without(span, spans_stored(span=span, families=families))
    steps = [part for gap in gaps for part in chunks(gap)]
    found = [
        occurrence
        for at, part in enumerate(steps)
        for occurrence in occurrences_in(part, families, steps[at + 1 : at + CHUNKS_A_YEAR])
    ]
    fresh = unstored([occurrence for occurrence in found if filter.passes(occurrence)])
    rows = list(compress(rows, events_seen(place=filter.visible_from, items=rows)))
    fresh = list(compress(fresh, events_seen(place=filter.visible_from, items=fresh)))
    languages = dict.fromkeys((language, settings.LANGUAGE_CODE))
    events = [*rows, *events_unsaved(fresh, tuple(languages))]
    return sorted(events, key=lambda event: (event.occurs_at, event.pk))
