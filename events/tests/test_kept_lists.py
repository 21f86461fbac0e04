"""Lists kept as bytes: the same bytes as made by hand, and worthless at the first change."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from accounts.models import User
from events.api import kept_lists
from events.api.kept_lists import KEPT, KeptList, KeptLists
from events.freshness import Mark, freshness_read
from events.models import ComputedWindow, Event, KindSetting
from events.payloads import event_payload
from events.selectors import event_find
from events.services.curation import event_hide
from events.services.generation import event_generate
from events.tests.api_support import EVENTS, get, keys
from events.tests.conftest import FEW_FAMILIES, SUMMER_2026
from starscal.core.api.content import Beginning, Content
from starscal.core.api.renderers import json_bytes
from starscal.core.models import Stream

LANGUAGES = ("en", "de", "zh-hans", "hi", "pt-br", "ru", "xx")
PAGE = f"{EVENTS}?start=2026-06-01&end=2026-09-01&family={','.join(FEW_FAMILIES)}&lang=de"


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    kept_lists.KEPT.clear()
    yield
    kept_lists.KEPT.clear()


@pytest.fixture
def stored_summer(transactional_db: None) -> None:
    event_generate(span=SUMMER_2026, families=FEW_FAMILIES)


def payload_by_hand(row: dict[str, Any], language: str, zone: str) -> Any:
    """Write one row from an instance of the model, as the page of one event does."""
    known = language if language != "xx" else "en"
    found = event_find(reference=row["key"], languages=tuple({known, "en"}))
    assert found is not None
    return event_payload(
        found.event,
        language=known,
        zone=ZoneInfo(zone) if zone else None,
        stored=found.stored,
        fallback=language == "xx",
    )


@given(
    minutes=st.integers(0, 240_000),
    days=st.integers(1, 120),
    families=st.sets(st.sampled_from(FEW_FAMILIES), min_size=1),
    least=st.integers(1, 5),
    limit=st.integers(1, 12),
    lang=st.sampled_from(LANGUAGES),
    tz=st.sampled_from(["", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns"]),
    body=st.sampled_from(["", "moon", "sun"]),
)
@example(44_640, 90, {"moon_phases"}, 1, 12, "hi", "Asia/Kolkata", "moon")
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_rows_are_the_bytes_that_instances_give(
    stored_summer: None, minutes: int, days: int, families: set[str], least: int, limit: int,
    lang: str, tz: str, body: str,
) -> None:  # fmt: skip
    start = datetime(2026, 5, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    query: dict[str, Any] = {
        "start": start.isoformat(),
        "end": (start + timedelta(days=days)).isoformat(),
        "family": ",".join(sorted(families)), "min_significance": least, "limit": limit,
        "lang": lang, **({"tz": tz} if tz else {}), **({"body": body} if body else {}),
    }  # fmt: skip
    made = get(**query)
    assert made.status_code == 200, made.content
    told = json.loads(made.content)
    rows = [payload_by_hand(row, lang, tz) for row in told["results"]]
    assert made.content == json_bytes({**told, "results": rows})
    assert list(told) == ["results", "next", "previous", "coverage", "cursors"]
    zipped = get(headers={"Accept-Encoding": "gzip"}, **query)
    assert gzip.decompress(zipped.content) == made.content
    again = get(**query)
    assert (again.content, again["ETag"]) == (made.content, made["ETag"])


def one_of(kind: str) -> Event:
    return Event.objects.filter(event_type=kind, status="published").order_by("occurs_at")[0]


def staff() -> User:
    return User.objects.create_superuser("staff", password=None)


def updated_by_sql() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE events_event SET title_de = 'Anders' WHERE key = %s", [one_of("full_moon").key]
        )


CHANGES: dict[str, Callable[[], object]] = {
    "service": lambda: event_hide(event_id=one_of("full_moon").pk, actor=staff()),
    "update": lambda: Event.objects.filter(event_type="full_moon").update(status="hidden"),
    "sql": updated_by_sql,
    "delete": lambda: one_of("new_moon").delete(),
    "truncate-windows": lambda: ComputedWindow.objects.all().delete(),
    "review": lambda: KindSetting.objects.create(code="full_moon", needs_review=True),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_any_change_is_seen_at_once(stored_summer: None, change: Callable[[], object]) -> None:
    before = freshness_read(stream="events").changes
    get(PAGE)
    assert len(KEPT) == 1
    change()
    assert freshness_read(stream="events").changes == before + 1
    fresh = get(PAGE)
    KEPT.clear()
    assert fresh.content == get(PAGE).content


def test_a_list_that_did_not_change_costs_one_question(stored_summer: None) -> None:
    first = get(PAGE)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        again = get(PAGE)
        unchanged = get(PAGE, headers={"If-None-Match": first["ETag"]})
    assert again.content == first.content
    assert unchanged.status_code == 304
    assert "RateLimit" in again.headers  # counted, though it cost little
    assert len(asked) == 2  # one each


def test_a_message_moves_the_cursor_and_keeps_the_rows(stored_summer: None) -> None:
    first = get(PAGE)
    Stream.objects.filter(pk="events").update(last_seq=F("last_seq") + 1)
    again = get(PAGE, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200
    was, now = json.loads(first.content), json.loads(again.content)
    assert now["cursors"]["events"][1] == was["cursors"]["events"][1] + 1
    assert now["results"] == was["results"]
    assert len(KEPT) == 1
    assert gzip.decompress(get(PAGE, headers={"Accept-Encoding": "gzip"}).content) == again.content


class Writer(threading.Thread):
    """A transaction of its own that hides an event and commits when it is told to."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind
        self.written, self.go = threading.Event(), threading.Event()

    def run(self) -> None:
        with transaction.atomic():
            Event.objects.filter(pk=one_of(self.kind).pk).update(status="hidden")
            self.written.set()
            assert self.go.wait(20)
        connection.close()


def test_writers_neither_wait_for_each_other_nor_hide_behind_each_other(
    stored_summer: None,
) -> None:
    first, second = Writer("full_moon"), Writer("new_moon")
    start = freshness_read(stream="events").changes
    before = get(PAGE)
    for writer in (first, second):
        writer.start()
        assert writer.written.wait(20)  # both at once, uncommitted
    assert get(PAGE).content == before.content
    assert freshness_read(stream="events").changes == start
    seen = [keys(json.loads(before.content))]
    for number, writer in enumerate((second, first), 1):  # the later one commits first
        writer.go.set()
        writer.join()
        assert freshness_read(stream="events").changes == start + number
        seen.append(keys(json.loads(get(PAGE).content)))
    assert len({len(listed) for listed in seen}) == 3


def test_a_rolled_back_change_counts_for_nothing(stored_summer: None) -> None:
    start = freshness_read(stream="events").changes
    with transaction.atomic():
        Event.objects.update(significance=1)
        Event.objects.update(significance=2)
        transaction.set_rollback(True)
    assert freshness_read(stream="events").changes == start
    with transaction.atomic():
        point = transaction.savepoint()
        Event.objects.update(significance=1)
        transaction.savepoint_rollback(point)
        Event.objects.update(significance=2)
    assert freshness_read(stream="events").changes == start + 1


def kept(length: int, changes: int = 1) -> KeptList:
    coverage: Any = {}
    return KeptList(Mark("e", changes), Beginning(b"x" * length, "en"), None, None, coverage)


def test_room_is_made_for_what_is_asked_for() -> None:
    lists = KeptLists(limit=100_000)
    for number in range(10):
        lists.keep(number, kept(10_000))
        assert lists.find(0, Mark("e", 1)) is not None  # asked for again and again
    assert lists.size <= 100_000
    assert len(lists) < 10
    assert lists.find(1, Mark("e", 1)) is None
    lists.keep("huge", kept(50_000))
    assert lists.find("huge", Mark("e", 1)) is None
    assert lists.find(0, Mark("e", 2)) is None
    assert lists.find(0, Mark("e", 1)) is None  # what was out of date is gone
    lists.clear()
    assert (len(lists), lists.size) == (0, 0)


@given(st.binary(max_size=3000), st.binary(max_size=3000), st.sampled_from(LANGUAGES))
def test_a_beginning_and_an_end_are_the_whole(start: bytes, end: bytes, language: str) -> None:
    parts, whole = (
        Content(Beginning(start, language), end),
        Content(Beginning(start + end, language)),
    )
    assert parts.plain() == whole.plain() == start + end
    assert parts.digest() == whole.digest()
    assert len(parts) == len(start) + len(end)
    assert gzip.decompress(parts.zipped()) == start + end
    assert parts.zipped() == Content(Beginning(start, language), end).zipped()
