"""The reads of the big table, as the API, the pages, beat and the desk do them, by name."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from events.filters import EventFilter
from events.models import Event
from events.moments import events_next, events_now
from events.page_selectors import events_upcoming
from events.pages import PageRequest, Place, events_in, rows_stored
from events.searching import TitleSearch
from events.selectors import event_find, windows_all
from events.services.announcements import _near
from events.windows import Span

Read = Callable[[datetime], object]
END: Final = datetime(2101, 1, 1, tzinfo=UTC)
READ_MOST: Final = 50_000  # rows: a list counts to ten thousand and stops
MIDDLE: Final = UUID(int=1 << 127)


def _page(asked: EventFilter, *, limit: int = 50, backwards: bool = False) -> Read:
    """Read a page in the middle of the list: what a cursor deep in it asks for."""

    def read(at: datetime) -> object:
        whole = Span(datetime(1900, 1, 1, tzinfo=UTC), END)
        return rows_stored(PageRequest(asked, whole, limit, "ja", Place(at, MIDDLE), backwards))

    return read


def _searched(words: str, language: str, **more: Any) -> Read:
    """Search as the API does: the first page from a moment on."""
    return _page(EventFilter(search=TitleSearch(tuple(words.split()), language), **more))


def _range(days: int) -> Read:
    def read(at: datetime) -> object:
        span = Span(at, min(at + timedelta(days=days), END))
        return rows_stored(PageRequest(EventFilter(), span, 200, "en"))

    return read


def _titles(words: str, *languages: str) -> Read:
    """Search titles as the desk does: a page of fifty in order of time."""

    def read(_at: datetime) -> object:
        named = Q()
        for language in languages:
            named |= Q(**{f"title_{language}__contains_any_case": words})
        return list(Event.objects.rewrite(False).filter(named).in_time_order()[:50])

    return read


def _year_as_calendar(at: datetime) -> object:
    span = Span(at, min(at + timedelta(days=366), END))
    return events_in(filter=EventFilter(families=("moon_phases",)), span=span, language="hi")


def _next(at: datetime) -> object:
    request = PageRequest(EventFilter(), Span(at, END), 20, "en")
    return events_next(request, now=at, windows=windows_all())


READS: Final[Mapping[str, Read]] = {
    "first page": _page(EventFilter()),
    "page of 200": _page(EventFilter(), limit=200),
    "page backwards": _page(EventFilter(), backwards=True),
    "a month": _range(31),
    "a year": _range(366),
    "one kind, common": _page(EventFilter(kinds=("aspect_trine",))),
    "one kind, rare": _page(EventFilter(kinds=("transit",))),
    "four kinds": _page(
        EventFilter(kinds=("new_moon", "first_quarter", "full_moon", "last_quarter"))
    ),
    "one family, common": _page(EventFilter(families=("aspects",))),
    "one family, rare": _page(EventFilter(families=("transits",))),
    "eclipses": _page(EventFilter(families=("lunar_eclipses", "solar_eclipses"))),
    "eclipses backwards": _page(
        EventFilter(families=("lunar_eclipses", "solar_eclipses")), backwards=True
    ),
    "kind and family": _page(EventFilter(kinds=("full_moon",), families=("moon_phases",))),
    "body, common": _page(EventFilter(bodies=("moon",))),
    "body, rare": _page(EventFilter(bodies=("earth",))),
    "two bodies": _page(EventFilter(bodies=("pluto", "spica"))),
    "body and family": _page(EventFilter(bodies=("pluto",), families=("stations",))),
    "body and common family": _page(EventFilter(bodies=("mars",), families=("conjunctions",))),
    "body and rare family": _page(EventFilter(bodies=("venus",), families=("occultations",))),
    "body and kind": _page(EventFilter(bodies=("pluto",), kinds=("aspect_square",))),
    "significance 2": _page(EventFilter(min_significance=2)),
    "significance 3": _page(EventFilter(min_significance=3)),
    "significance 5": _page(EventFilter(min_significance=5)),
    "significance and family": _page(EventFilter(families=("conjunctions",), min_significance=3)),
    "resonance": _page(EventFilter(min_resonance=0.5)),
    "sign": _page(EventFilter(signs=("leo",))),
    "sign backwards": _page(EventFilter(signs=("leo", "aries")), backwards=True),
    "sign and kind": _page(EventFilter(signs=("leo",), kinds=("full_moon",))),
    "sign and family": _page(EventFilter(signs=("leo",), families=("stations",))),
    "sign and body": _page(EventFilter(signs=("leo",), bodies=("mars",))),
    "sign that never is": _page(EventFilter(signs=("leo",), families=("seasons",))),
    "sign, far body": _page(EventFilter(signs=("leo",), families=("aspects",), bodies=("pluto",))),
    "search en, common": _searched("moon", "en"),
    "search en, rare": _searched("transit venus", "en"),
    "search en, two letters": _searched("ve tr", "en"),
    "search ja, two characters": _searched("満月", "ja"),
    "search ja, rare characters": _searched("彗星", "ja"),
    "search ja, mixed": _searched("満月 leo", "ja"),
    "search, nowhere": _searched("betelgeuse", "ja"),
    "search and sign": _searched("満月", "ja", signs=("leo",)),
    "search and kind": _searched("mars", "en", kinds=("aspect_trine",)),
    "under way": lambda at: events_now(filter=EventFilter(), now=at, language="en"),
    "next": _next,
    "calendar of a year": _year_as_calendar,
    "home page": lambda at: events_upcoming(at=at, limit=40),
    "due announcements": lambda at: list(_near(at)),
    "by slug": lambda _at: event_find(reference="moon-full-2026-12-24", languages=("en",)),
    "title en, common": _titles("eclipse", "en"),
    "title en, rare": _titles("transit of venus", "en"),
    "title de": _titles("sonnenfinsternis", "de", "en"),
    "title ru": _titles("затмение", "ru", "en"),
    "title ja": _titles("皆既日食", "ja", "en"),
    "title zh": _titles("日全食", "zh_hans", "en"),
    "title, nowhere": _titles("betelgeuse", "hy", "en"),
}


class Plan(NamedTuple):
    """How the database answered one statement."""

    milliseconds: float
    nodes: tuple[str, ...]
    tables_scanned: frozenset[str]


def plans(read: Read, at: datetime) -> list[Plan]:
    """Return the plans of the statements of one read that touch the events."""
    with CaptureQueriesContext(connection) as queries:
        read(at)
    asked = (query["sql"] for query in queries)
    return [_plan(s) for s in asked if "events_event" in s and not s.startswith("EXPLAIN")]


def _plan(sql: str) -> Plan:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}")
        (found,) = cursor.fetchone()
    whole = json.loads(found)[0] if isinstance(found, str) else found[0]
    nodes = list(_nodes(whole["Plan"]))
    return Plan(
        whole["Planning Time"] + whole["Execution Time"],
        tuple(dict.fromkeys(node["Node Type"] for node in nodes)),
        frozenset(node["Relation Name"] for node in nodes if _scans(node)),
    )


def _scans(node: dict[str, Any]) -> bool:
    """Say whether a node read a table from its beginning, and not just until it had enough."""
    read = node.get("Actual Rows", 0) + node.get("Rows Removed by Filter", 0)
    return bool(node["Node Type"] == "Seq Scan" and read > READ_MOST)


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for part in node.get("Plans", ()):
        yield from _nodes(part)
