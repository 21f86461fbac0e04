"""The list as a table and as a feed: what other programs read of it, in every script."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest
import time_machine
from django.conf import settings

from events.api import exports
from events.formulas import guarded
from events.models import ComputedWindow, Event
from events.services.generation import event_generate
from events.tests.api_support import EVENTS, ask, get
from events.windows import Span
from starscal.core.i18n import LOCALES

pytestmark = pytest.mark.django_db
LANGUAGES = [code for code, _name in settings.LANGUAGES]
TABLE, FEED = f"{EVENTS}.csv", f"{EVENTS}.atom"
QUERY: dict[str, Any] = {"start": "2027-01-01", "end": "2027-03-01", "family": "moon_phases"}
ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@pytest.fixture
def stored() -> Event:
    span = Span(datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 3, 1, tzinfo=UTC))
    event_generate(span=span, families=("moon_phases",))
    event: Event = Event.objects.order_by("occurs_at")[0]
    return event


def parsed(content: bytes) -> list[dict[str, str]]:
    text = content.decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline=""), strict=True))


def table(**query: Any) -> list[dict[str, str]]:
    answer = get(TABLE, **{**QUERY, **query})
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"].startswith("text/csv; charset=utf-8")
    return parsed(answer.content)


def following(answer: Any) -> Any:
    """Follow ``rel=next``, or return None at the end."""
    link = answer.get("Link", "")
    if 'rel="next"' not in link:
        return None
    address = urlsplit(link[1 : link.index(">")])
    return get(address.path, **{name: value[0] for name, value in parse_qs(address.query).items()})


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_table_says_what_the_list_says(stored: Event, language: str) -> None:
    more = {"lang": language, "tz": "Asia/Kolkata"}
    rows = table(**more)
    listed = ask(**{**QUERY, **more})["results"]
    assert [row["key"] for row in rows] == [event["key"] for event in listed]
    for row, event in zip(rows, listed, strict=True):
        for name in ("id", "slug", "occurs_at", "title", "description", "lang_used", "family"):
            assert row[name] == event[name]
        assert row["local_occurs_at"] == event["local"]["occurs_at"]
        assert row["timezone"] == "Asia/Kolkata"
        assert row["stored"] == "true"
        assert row["url"].endswith(f"/{language}/events/{event['slug']}/")


def test_every_field_of_an_event_has_a_column(stored: Event) -> None:
    event = ask(**QUERY, tz="Asia/Kolkata")["results"][0]
    columns = set(table(tz="Asia/Kolkata")[0])
    assert set(event) - columns <= {"local", "figure", "texts"}


def test_lines_end_as_the_standard_has_it(stored: Event) -> None:
    Event.objects.filter(pk=stored.pk).update(description_en='Two\nlines, a comma, a "quote"')
    answer = get(TABLE, **QUERY)
    assert answer.content.startswith(b"\xef\xbb\xbfid,key,slug,")
    assert answer.content.endswith(b"\r\n")
    assert answer.content.count(b"\r\n") == 1 + Event.objects.count()
    assert parsed(answer.content)[0]["description"] == 'Two\nlines, a comma, a "quote"'
    assert "local_occurs_at" not in parsed(answer.content)[0]


def test_the_file_has_a_name_that_says_what_it_holds() -> None:
    answer = get(TABLE, **QUERY, lang="zh-CN")
    assert answer["Content-Disposition"] == (
        'attachment; filename="starscalendars-2027-01-01-zh-hans.csv"'
    )
    assert answer["Content-Language"] == "zh-hans"


@pytest.mark.parametrize(
    "evil",
    ["=1+2", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\n=1", "＝1", "=cmd|' /C calc'!A0", "'=1",
     "\u00a0=1"],
)  # fmt: skip
def test_no_text_is_a_formula(stored: Event, evil: str) -> None:
    Event.objects.filter(pk=stored.pk).update(title_en=evil, description_en=evil)
    row = table()[0]
    assert row["title"] == row["description"] == guarded(evil) == f"'{evil}"


def test_texts_cannot_add_rows_or_cells(stored: Event) -> None:
    evil = 'x",y\r\n"z",\x00'.replace("\x00", "\x0b\u202e\x85")
    Event.objects.filter(pk=stored.pk).update(title_en=evil)
    rows = table()
    assert len(rows) == Event.objects.count()
    assert rows[0]["title"] == 'x",y\n"z",'
    assert all(None not in row and None not in row.values() for row in rows)


def test_stored_and_computed_give_the_same_table(stored: Event) -> None:
    before = table()
    Event.objects.all().delete()
    ComputedWindow.objects.all().delete()
    after = table()
    assert {row.pop("stored") for row in before} == {"true"}
    assert {row.pop("stored") for row in after} == {"false"}
    assert after == before


def test_a_table_of_years_comes_in_parts_that_leave_nothing_out() -> None:
    query: dict[str, Any] = {
        "start": "1999-06-01",
        "end": "2002-01-01",
        "family": "seasons,transits",
    }
    listed = ask(limit=200, **query)
    keys = [row["key"] for row in listed["results"]]
    while listed["next"]:
        listed = get(listed["next"].partition("testserver")[2]).json()
        keys += [row["key"] for row in listed["results"]]
    answer, got, parts = get(TABLE, **query), [], 0
    while answer is not None:
        assert answer.status_code == 200
        got += [row["key"] for row in parsed(answer.content)]
        answer, parts = following(answer), parts + 1
    assert (got, parts) == (keys, 3)
    assert len(keys) >= 10


def test_the_cursor_of_a_list_that_went_back_ends_a_table_as_well() -> None:
    query: dict[str, Any] = {"family": "seasons", "start": "2026-01-01", "end": "2027-01-01"}
    first = ask(**query, limit=1)
    second = get(first["next"].partition("testserver")[2]).json()
    (cursor,) = parse_qs(urlsplit(second["previous"]).query)["cursor"]
    assert len(parsed(get(TABLE, **query, cursor=cursor).content)) <= 4


def test_many_rows_come_in_parts(stored: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [row["key"] for row in table()]
    monkeypatch.setattr(exports, "TABLE_STEP", 2)
    monkeypatch.setattr(exports, "TABLE_ROWS", 3)
    answer, got, parts = get(TABLE, **QUERY), [], 0
    while answer is not None:
        got += [row["key"] for row in parsed(answer.content)]
        answer, parts = following(answer), parts + 1
    assert got == whole
    assert parts == 2


def feed(**query: Any) -> ET.Element:
    answer = get(FEED, **{**QUERY, **query})
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ET.fromstring(answer.content)  # noqa: S314 - our own
    check_feed(root)
    return root


def one(parent: ET.Element, name: str) -> str:
    (found,) = parent.findall(f"{ATOM}{name}")
    assert found.text
    return found.text


def check_feed(root: ET.Element) -> None:
    """Hold a feed to RFC 4287, 4.1.1 and 4.1.2."""
    assert root.tag == f"{ATOM}feed"
    assert len(root.findall(f"{ATOM}author/{ATOM}name")) == 1
    assert len([x for x in root.findall(f"{ATOM}link") if x.get("rel") == "self"]) == 1
    ids = []
    for part in (root, *root.findall(f"{ATOM}entry")):
        assert one(part, "title")
        assert datetime.fromisoformat(one(part, "updated")).tzinfo is not None
        ids.append(UUID(one(part, "id").removeprefix("urn:uuid:")))
        (page,) = (x for x in part.findall(f"{ATOM}link") if x.get("rel") == "alternate")
        assert page.get("href", "").startswith("http://testserver/")
    assert len(set(ids)) == len(ids)
    changes = [one(entry, "updated") for entry in root.findall(f"{ATOM}entry")]
    assert not changes or one(root, "updated") == max(changes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_feed_says_what_the_list_says(stored: Event, language: str) -> None:
    root = feed(lang=language)
    assert root.get(LANG) == LOCALES[language]
    listed = ask(**QUERY, lang=language)["results"]
    entries = root.findall(f"{ATOM}entry")
    assert [one(entry, "id") for entry in entries] == [f"urn:uuid:{e['id']}" for e in listed]
    for entry, event in zip(entries, listed, strict=True):
        assert one(entry, "title") == event["title"]
        assert event["description"] in one(entry, "summary")
        terms = [category.get("term") for category in entry.findall(f"{ATOM}category")]
        assert terms == [event["event_type"], event["family"]]


def test_an_entry_keeps_its_id_and_tells_when_it_changed(stored: Event) -> None:
    entry = feed().find(f"{ATOM}entry")
    assert entry is not None
    assert one(entry, "id") == stored.pk.urn
    Event.objects.filter(pk=stored.pk).update(status="cancelled")
    stored.refresh_from_db()
    changed = feed().find(f"{ATOM}entry")
    assert changed is not None
    assert datetime.fromisoformat(one(changed, "updated")) == stored.updated_at.replace(
        microsecond=stored.updated_at.microsecond // 1000 * 1000
    )
    assert one(changed, "summary").startswith("Cancelled")


def test_hostile_texts_stay_texts(stored: Event) -> None:
    evil = "]]><script>&amp;\x0b\u202e\ufffe\uffff<!ENTITY x>"
    Event.objects.filter(pk=stored.pk).update(title_en=evil, description_en=evil)
    entry = feed().find(f"{ATOM}entry")
    assert entry is not None
    assert one(entry, "title") == "]]><script>&amp;<!ENTITY x>"
    assert len(list(entry)) == 7


def test_a_link_of_staff_goes_along(stored: Event) -> None:
    address = "https://example.org/?a=1&b=2"
    Event.objects.filter(pk=stored.pk).update(link=address, origin="staff")
    assert table()[0]["link"] == address
    links = feed().findall(f"{ATOM}entry/{ATOM}link")
    assert [x.get("href") for x in links if x.get("rel") == "related"] == [address]


def test_a_feed_without_events_is_a_feed() -> None:
    assert feed(family="seasons", end="2027-01-02").findall(f"{ATOM}entry") == []


def test_a_long_feed_leads_on(stored: Event) -> None:
    answer, ids, pages = get(FEED, **QUERY, limit=3), [], 0
    while answer is not None:
        root = ET.fromstring(answer.content)  # noqa: S314 - our own
        ids += [one(entry, "id") for entry in root.findall(f"{ATOM}entry")]
        inside = [x.get("href") for x in root.findall(f"{ATOM}link") if x.get("rel") == "next"]
        answer, pages = following(answer), pages + 1
        assert bool(inside) is (answer is not None)
    assert ids == [f"urn:uuid:{row['id']}" for row in ask(**QUERY)["results"]]
    assert pages == -(-len(ids) // 3)


def test_feeds_of_other_filters_and_languages_are_other_feeds() -> None:
    others: list[dict[str, Any]] = [{}, {"lang": "de"}, {"min_significance": 3}, {"q": "moon"}]
    ids = {one(feed(**query), "id") for query in others}
    assert len(ids) == 4
    assert one(feed(), "id") == one(feed(limit=7), "id")


@pytest.mark.parametrize("path", [TABLE, FEED])
def test_a_feed_from_now_stays_the_same_while_nothing_happens(path: str, stored: Event) -> None:
    tags = set()
    for minute in (1, 2):
        with time_machine.travel(datetime(2027, 1, 2, 3, minute, 20, tzinfo=UTC), tick=False):
            query = {"family": "moon_phases", "end": "2027-03-01"}
            if path == FEED:
                query["limit"] = "3"  # so that it names the page that follows
            tags.add(get(path, **query)["ETag"])
    assert len(tags) == 1


@pytest.mark.parametrize("path", [TABLE, FEED])
def test_formats_are_named_by_what_is_accepted(path: str) -> None:
    media = "text/csv" if path == TABLE else "application/atom+xml"
    assert get(path, headers={"Accept": media}, **QUERY).status_code == 200
    assert get(path, headers={"Accept": "image/png"}, **QUERY).status_code == 406


@pytest.mark.parametrize(
    ("path", "query", "code"),
    [
        (TABLE, "limit=5", "parameter.unknown"),
        (TABLE, "start=2027-01-02&end=2027-01-01", "range.inverted"),
        (TABLE, "cursor=x", "cursor.invalid"),
        (FEED, "limit=201", "parameter.invalid"),
        (FEED, "format=rss", "parameter.unknown"),
        (FEED, "cursor=x", "cursor.invalid"),
    ],
)
def test_what_they_do_not_know_is_refused(path: str, query: str, code: str) -> None:
    answer = get(f"{path}?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, code)
