"""The list in the formats of other programs: a table and a feed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from events.api import operations
from events.api.kept_lists import KEPT, WINDOWS, KeptList
from events.api.parameters import CALENDAR_DAYS, ListAsked, read_list, read_table
from events.api.views import STREAM, coverage, page_links, page_request, results_of
from events.atom import Feed, feed_bytes
from events.freshness import Freshness, freshness_read
from events.pages import EventPage, PageRequest, Place, event_page
from events.selectors import changed_at
from events.tables import BOM, header, row_of, table_text
from events.windows import Span
from starscal.core import clock
from starscal.core.api.conditional import conditional_answer
from starscal.core.api.content import Beginning, Content
from starscal.core.api.parameters import link_header
from starscal.core.api.renderers import (
    AtomRenderer,
    CsvRenderer,
    OrjsonRenderer,
    ProblemRenderer,
)
from starscal.core.api.requests import django_request

TABLE_AGE_S: Final = 300
FEED_AGE_S: Final = 900
TABLE_STEP: Final = 500  # rows read at once
TABLE_ROWS: Final = 10_000


class EventTableView(APIView):
    """A year of events as a table, and where the next one begins."""

    permission_classes = (AllowAny,)

    renderer_classes = (CsvRenderer, OrjsonRenderer, ProblemRenderer)

    @extend_schema(**operations.TABLE)
    def get(self, request: Request) -> HttpResponseBase:
        http = django_request(request)
        asked = read_table(http, step=TABLE_STEP)
        fresh = freshness_read(stream=STREAM)
        # A table goes forward, wherever the cursor of another list was going.
        wanted = replace(page_request(asked, clock.now()), backwards=False)
        year = _first_year(wanted)
        table = _table(http, asked, wanted, year, fresh)
        links = page_links(http, asked, wanted.span, following=table.next)
        name = f"starscalendars-{year.start:%Y-%m-%d}-{asked.reader.language}.csv"
        return conditional_answer(
            http,
            table.text.encode(),
            content_type="text/csv; charset=utf-8; header=present",
            max_age_s=TABLE_AGE_S,
            headers={
                "Content-Disposition": f'attachment; filename="{name}"',
                **link_header(links),
            },
        )


@dataclass(frozen=True, slots=True)
class Table:
    """The text of a table, and where what it leaves out begins."""

    text: str
    next: Place | None


def _first_year(wanted: PageRequest) -> Span:
    """Return the part of the span that one table may hold."""
    start, end = wanted.part
    return Span(start, min(start + timedelta(days=CALENDAR_DAYS), end))


def _table(
    request: HttpRequest, asked: ListAsked, wanted: PageRequest, year: Span, fresh: Freshness
) -> Table:
    reader = asked.reader
    address = _addresses(request, reader.language)
    texts = [BOM, table_text([header(local=reader.zone is not None)])]
    rows, following = 0, None
    for page in _pages(wanted, year, fresh):
        rows += len(page.events)
        following = page.next
        texts.append(table_text(row_of(row, address) for row in results_of(page, reader)))
        if rows >= TABLE_ROWS:
            break
    if following is None and year.end < wanted.span.end:
        following = Place(year.end)
    return Table("".join(texts), following)


def _pages(wanted: PageRequest, year: Span, fresh: Freshness) -> Iterator[EventPage]:
    """Read a year page by page."""
    windows = WINDOWS.windows(fresh.mark)
    step: PageRequest | None = replace(wanted, span=Span(wanted.span.start, year.end), onwards=True)
    while step is not None:
        page = event_page(step, windows)
        yield page
        step = replace(step, place=page.next) if page.next else None


class EventFeedView(APIView):
    """What comes next as an Atom feed."""

    permission_classes = (AllowAny,)

    renderer_classes = (AtomRenderer, OrjsonRenderer, ProblemRenderer)

    @extend_schema(**operations.FEED)
    def get(self, request: Request) -> HttpResponseBase:
        http = django_request(request)
        asked = read_list(http)
        fresh = freshness_read(stream=STREAM)
        wanted = page_request(asked, _hour(clock.now()))
        kept = _kept_feed(http, asked, wanted, fresh)
        links = page_links(http, asked, wanted.span, following=kept.next, previous=kept.previous)
        return conditional_answer(
            http,
            Content(kept.rows),
            content_type="application/atom+xml; charset=utf-8",
            max_age_s=FEED_AGE_S,
            headers=link_header(links),
        )


def _hour(now: datetime) -> datetime:
    """Return when a feed without a start begins, so that it stays the same for a while."""
    return now.replace(minute=0, second=0, microsecond=0)


def _kept_feed(
    request: HttpRequest, asked: ListAsked, wanted: PageRequest, fresh: Freshness
) -> KeptList:
    """Return a feed that was made before, or make it; addresses in it name the host."""
    name = ("atom", request.build_absolute_uri(), wanted, asked.reader)
    kept = KEPT.find(name, fresh.mark)
    if kept is None:
        page = event_page(wanted, WINDOWS.windows(fresh.mark))
        kept = KeptList(
            mark=fresh.mark,
            rows=Beginning(_feed(request, asked, wanted, page), asked.reader.language),
            next=page.next,
            previous=page.previous,
            coverage=coverage(wanted.span, page),
        )
        KEPT.keep(name, kept)
    return kept


def _feed(request: HttpRequest, asked: ListAsked, wanted: PageRequest, page: EventPage) -> bytes:
    language = asked.reader.language
    links = page_links(request, asked, wanted.span, following=page.next, previous=page.previous)
    home = request.build_absolute_uri(reverse("pages:home", args=[language]))
    feed = Feed(
        language=language,
        zone=asked.reader.zone,
        identity=f"atom {language} {asked.digest}",
        home=home,
        links={
            "self": request.build_absolute_uri(),
            "next": links["next"],
            "previous": links["prev"],
        },
        address=_addresses(request, language),
    )
    return feed_bytes(feed, page.events, changed_at(ids=[event.pk for event in page.events]))


def _addresses(request: HttpRequest, language: str) -> Callable[[str], str]:
    """Return what gives the address of an event's page by its slug."""

    def address(slug: str) -> str:
        return request.build_absolute_uri(reverse("pages:event", args=[language, slug]))

    return address
