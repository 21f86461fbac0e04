"""What comes next and what is under way, for widgets and servers that ask often."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from events.api import operations
from events.api.cursors import PageCursor, cursor_write
from events.api.kept_lists import WINDOWS
from events.api.parameters import ListAsked, list_span, read_next, read_now
from events.api.views import JSON, STREAM, coverage, cursors_of, list_end, results_of
from events.freshness import freshness_read
from events.moments import events_next, events_now
from events.pages import PageRequest, Place
from events.payloads import event_payload
from events.windows import Span
from starscal.core import clock
from starscal.core.api.conditional import conditional_answer
from starscal.core.api.content import Beginning, Content
from starscal.core.api.parameters import link_header, query_pairs
from starscal.core.api.renderers import OrjsonRenderer, ProblemRenderer, json_bytes
from starscal.core.api.requests import django_request

MOMENT_AGE_S: Final = 10


class NextEventsView(APIView):
    """The events that come next."""

    permission_classes = (AllowAny,)

    renderer_classes = (OrjsonRenderer, ProblemRenderer)

    @extend_schema(**operations.NEXT)
    def get(self, request: Request) -> HttpResponseBase:
        http = django_request(request)
        asked = read_next(http)
        now = clock.now()
        fresh = freshness_read(stream=STREAM)
        span = list_span(asked, now)
        wanted = PageRequest(asked.filter, span, asked.limit, asked.reader.language)
        page = events_next(wanted, now=now, windows=WINDOWS.windows(fresh.mark))
        links = {"next": _further(http, asked, span, page.next), "prev": None}
        rows = b'{"results":' + json_bytes(results_of(page, asked.reader))
        return conditional_answer(
            http,
            Content(
                Beginning(rows, asked.reader.language),
                list_end(links, coverage(span, page), fresh.cursor),
            ),
            content_type=JSON,
            max_age_s=MOMENT_AGE_S,
            headers=link_header(links),
        )


def _further(request: HttpRequest, asked: ListAsked, span: Span, place: Place | None) -> str | None:
    """Return the address of the list that goes on where the answer ends."""
    if place is None:
        return None
    kept = [(name, value) for name, value in query_pairs(request) if name != "count"]
    cursor = cursor_write(PageCursor(place, backwards=False, span=span, digest=asked.digest))
    query = urlencode([*kept, ("cursor", cursor)])
    return request.build_absolute_uri(f"{reverse('event-list')}?{query}")


class EventsNowView(APIView):
    """The events under way."""

    permission_classes = (AllowAny,)

    renderer_classes = (OrjsonRenderer, ProblemRenderer)

    @extend_schema(**operations.NOW)
    def get(self, request: Request) -> HttpResponseBase:
        http = django_request(request)
        asked = read_now(http)
        reader = asked.reader
        fresh = freshness_read(stream=STREAM)
        events = events_now(filter=asked.filter, now=clock.now(), language=reader.language)
        results = [
            event_payload(
                event,
                language=reader.language,
                zone=reader.zone,
                stored=not event._state.adding,
                fallback=reader.fallback,
            )
            for event in events
        ]
        body = {"results": results, "cursors": cursors_of(fresh.cursor)}
        return conditional_answer(http, json_bytes(body), content_type=JSON, max_age_s=MOMENT_AGE_S)
