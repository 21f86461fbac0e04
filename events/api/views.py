"""The list of events, one event, and the calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from events import ical
from events.api import operations
from events.api.cursors import PageCursor, cursor_read, cursor_write
from events.api.kept_lists import KEPT, WINDOWS, KeptList
from events.api.parameters import (
    ListAsked,
    Reader,
    calendar_span,
    list_span,
    read_calendar,
    read_list,
    read_reader,
)
from events.api.schemas import Coverage
from events.freshness import Freshness, freshness_read
from events.models import Event
from events.pages import EventPage, PageRequest, Place, event_page, events_in
from events.payloads import EventPayload, event_payload, instant_text
from events.selectors import event_find
from events.windows import Span
from starscal.core import clock
from starscal.core.api.conditional import conditional_answer
from starscal.core.api.content import Beginning, Content
from starscal.core.api.parameters import link_header, query_pairs
from starscal.core.api.renderers import (
    CalendarRenderer,
    OrjsonRenderer,
    ProblemRenderer,
    json_bytes,
)
from starscal.core.api.requests import django_request
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.selectors import Cursor

STREAM: Final = "events"
LIST_AGE_S: Final = 30
DETAIL_AGE_S: Final = 60
CALENDAR_AGE_S: Final = 900
JSON: Final = "application/json"


class EventListView(APIView):
    """Events in order of time, a page at a time."""

    permission_classes = (AllowAny,)

    renderer_classes = (OrjsonRenderer, ProblemRenderer)

    @extend_schema(**operations.LIST)
    def get(self, request: Request) -> HttpResponseBase:
        http = django_request(request)
        asked = read_list(http)
        # Read before the rows: what changes in between comes again as a message, never not at all.
        fresh = freshness_read(stream=STREAM)
        wanted = page_request(asked, clock.now())
        page = _kept_page(wanted, asked, fresh)
        links = page_links(http, asked, wanted.span, following=page.next, previous=page.previous)
        end = list_end(links, page.coverage, fresh.cursor)
        return conditional_answer(
            http,
            Content(page.rows, end),
            content_type=JSON,
            max_age_s=LIST_AGE_S,
            headers=link_header(links),
        )


class EventDetailView(APIView):
    """One event by its id, slug or key."""

    permission_classes = (AllowAny,)

    renderer_classes = (OrjsonRenderer, ProblemRenderer)

    @extend_schema(**operations.DETAIL)
    def get(self, request: Request, reference: str) -> HttpResponseBase:
        http = django_request(request)
        reader = read_reader(http)
        languages = dict.fromkeys((reader.language, settings.LANGUAGE_CODE))
        found = event_find(reference=reference, languages=tuple(languages))
        if found is None:
            raise ApplicationError(ErrorCode.EVENT_NOT_FOUND, _("There is no such event."))
        payload = event_payload(
            found.event,
            language=reader.language,
            zone=reader.zone,
            stored=found.stored,
            fallback=reader.fallback,
        )
        return conditional_answer(
            http,
            json_bytes(payload),
            content_type=JSON,
            max_age_s=DETAIL_AGE_S,
            modified_at=found.event.updated_at if found.stored else None,
        )


class EventCalendarView(APIView):
    """A year of events as an iCalendar to subscribe to."""

    permission_classes = (AllowAny,)

    renderer_classes = (CalendarRenderer, OrjsonRenderer, ProblemRenderer)

    @extend_schema(**operations.CALENDAR)
    def get(self, request: Request) -> HttpResponseBase:
        http = django_request(request)
        asked = read_calendar(http)
        span = calendar_span(asked, clock.now())
        events = events_in(filter=asked.filter, span=span, language=asked.reader.language)
        content = ical.calendar_bytes(
            events,
            language=asked.reader.language,
            zone=asked.reader.zone,
            address=lambda event: _address(http, asked.reader.language, event),
        )
        return conditional_answer(
            http,
            content,
            content_type="text/calendar; charset=utf-8",
            max_age_s=CALENDAR_AGE_S,
            headers={"Content-Disposition": 'inline; filename="starscalendars.ics"'},
        )


def _address(request: HttpRequest, language: str, event: Event) -> str:
    return request.build_absolute_uri(reverse("pages:event", args=[language, event.slug]))


def page_request(asked: ListAsked, now: datetime) -> PageRequest:
    """Return the page that is asked for. Errors: range.inverted, cursor.invalid."""
    language = asked.reader.language
    if asked.cursor is None:
        return PageRequest(asked.filter, list_span(asked, now), asked.limit, language)
    cursor = cursor_read(asked.cursor, digest=asked.digest)
    return PageRequest(
        asked.filter, cursor.span, asked.limit, language, cursor.place, cursor.backwards
    )


def _kept_page(wanted: PageRequest, asked: ListAsked, fresh: Freshness) -> KeptList:
    """Return a page that was made before, or make it."""
    reader = asked.reader
    name = (wanted, reader.zone, reader.fallback)
    mark = fresh.mark
    kept = KEPT.find(name, mark)
    if kept is None:
        page = event_page(wanted, WINDOWS.windows(mark))
        rows = b'{"results":' + json_bytes(results_of(page, reader))
        kept = KeptList(
            mark=mark,
            rows=Beginning(rows, reader.language),
            next=page.next,
            previous=page.previous,
            coverage=coverage(wanted.span, page),
        )
        KEPT.keep(name, kept)
    return kept


def list_end(links: Mapping[str, str | None], covered: Coverage, cursor: Cursor) -> bytes:
    """Return what follows the rows of a list."""
    end = {
        "next": links["next"],
        "previous": links["prev"],
        "coverage": covered,
        "cursors": cursors_of(cursor),
    }
    return b"," + json_bytes(end)[1:]


def cursors_of(cursor: Cursor) -> dict[str, list[str | int]]:
    """Return where the live stream stood before the rows were read."""
    return {STREAM: [str(cursor.epoch), cursor.seq]}


def results_of(page: EventPage, reader: Reader) -> list[EventPayload]:
    """Return the events of a page as a reader gets them."""
    return [
        event_payload(
            event,
            language=reader.language,
            zone=reader.zone,
            stored=event.pk not in page.unstored_ids,
            fallback=reader.fallback,
        )
        for event in page.events
    ]


def coverage(span: Span, page: EventPage) -> Coverage:
    """Return what the list spans, what of it is stored, and what was computed for this page."""

    def texts(part: Span) -> list[str]:
        return [instant_text(part.start), instant_text(part.end)]

    return {
        "start": instant_text(span.start),
        "end": instant_text(span.end),
        "stored": [texts(part) for part in page.stored],
        "computed": [texts(part) for part in page.computed],
        "page": texts(page.complete),
    }


def page_links(
    request: HttpRequest,
    asked: ListAsked,
    span: Span,
    *,
    following: Place | None,
    previous: Place | None = None,
) -> dict[str, str | None]:
    """Return the addresses of the pages beside this one, by their relation to it."""
    kept = [(name, value) for name, value in query_pairs(request) if name != "cursor"]

    def link(place: Place | None, *, backwards: bool) -> str | None:
        if place is None:
            return None
        cursor = cursor_write(PageCursor(place, backwards, span, asked.digest))
        query = urlencode([*kept, ("cursor", cursor)])
        return request.build_absolute_uri(f"{request.path}?{query}")

    return {"next": link(following, backwards=False), "prev": link(previous, backwards=True)}
