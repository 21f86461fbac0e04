"""T14: hostile texts are kept to the letter or refused by rule, and no surface obeys them."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from icalendar import Calendar

from accounts.models import User
from events.models import Event, TextState
from events.services.curation import EventEdit, event_create, event_publish, event_update
from events.tests.api_support import EVENTS, get
from events.tests.desk_support import change_page, form_values
from events.tests.hostile_texts import KEPT, REFUSED
from events.tests.live_world import NOON
from starscal.core.exceptions import ApplicationError
from starscal.core.models import AuditEntry, OutboxMessage
from starscal.testing.staff import staff_sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.drill("T14")]
DAY = {"start": "2026-07-01", "end": "2026-07-02", "family": "staff", "limit": "200"}
SENDABLE = {name: text for name, text in REFUSED.items() if name not in {"surrogate", "pair"}}
HOSTILE = KEPT | SENDABLE
LINE_ENDS = "One\r\nTwo\n=3"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
SCRIPT = re.compile(r"<script\b", re.IGNORECASE)


@pytest.fixture
def curator(db: None) -> User:
    return User.objects.create_superuser("curator", password=None)


@pytest.fixture
def desk(client: Client, curator: User) -> Client:
    staff_sign_in(client, curator)
    return client


@pytest.fixture
def told(curator: User) -> dict[str, Event]:
    """Publish an event for every hostile text, which is its title and all of its words."""
    return {
        name: published(curator, text, place) for place, (name, text) in enumerate(KEPT.items())
    }


def words(text: str) -> dict[str, str]:
    return {"title_en": text, "title_de": text, "description_en": text, "reflection_en": text}


def published(curator: User, text: str, place: int) -> Event:
    at = NOON + timedelta(minutes=place)
    edit = EventEdit(texts=words(text))
    event = event_create(actor=curator, occurs_at=at, edit=edit, at=NOON)
    return event_publish(event_id=event.pk, actor=curator)


def test_the_store_keeps_every_letter(told: dict[str, Event]) -> None:
    for name, event in told.items():
        event.refresh_from_db()
        assert event.text("title", "en") == event.text("description", "en") == KEPT[name]
        assert re.fullmatch(r"[a-z0-9_-]+", event.slug), event.slug


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("column", ["title_en", "title_hi", "description_ja", "reflection_hy"])
def test_the_services_refuse_what_nobody_sees(curator: User, name: str, column: str) -> None:
    edit = EventEdit(texts={"title_en": "Moon", column: REFUSED[name]})
    with pytest.raises(ApplicationError) as refusal:
        event_create(actor=curator, occurs_at=NOON, edit=edit, at=NOON)
    assert (refusal.value.status, refusal.value.pointer) == (400, f"/{column}")
    assert not TextState.objects.exists()
    assert not Event.objects.exists()


def test_line_ends_become_plain_and_titles_have_none(curator: User, told: dict[str, Event]) -> None:
    event = told["en"]
    edit = EventEdit(texts={"description_en": LINE_ENDS})
    assert event_update(event_id=event.pk, actor=curator, edit=edit, at=NOON).text(
        "description", "en"
    ) == LINE_ENDS.replace("\r", "")
    with pytest.raises(ApplicationError):
        event_update(
            event_id=event.pk, actor=curator, edit=EventEdit({}, {"title_en": LINE_ENDS}), at=NOON
        )


def test_lists_and_details_are_json_with_the_same_letters(told: dict[str, Event]) -> None:
    rows = get(EVENTS, **DAY).json()["results"]
    assert [row["title"] for row in rows] == list(KEPT.values())
    assert [row["description"] for row in rows] == list(KEPT.values())
    for name, event in told.items():
        answer = get(f"{EVENTS}/{event.pk}")
        assert answer.json()["title"] == KEPT[name]
        assert answer["Content-Type"] == "application/json"


def test_the_calendar_has_as_many_entries_as_there_are_events(
    told: dict[str, Event], figures: dict[str, Any]
) -> None:
    query = {key: value for key, value in DAY.items() if key != "limit"}
    calendar = Calendar.from_ical(get(f"{EVENTS}.ics", **query).content)
    entries = calendar.walk("VEVENT")
    figures["entries"] = len(entries)
    assert len(entries) == len(calendar.subcomponents) == len(KEPT)
    assert {str(entry["SUMMARY"]) for entry in entries} == set(KEPT.values())
    assert all(not entry.subcomponents for entry in entries)


def test_pages_show_the_letters_and_run_none(told: dict[str, Event], client: Client) -> None:
    plain = len(SCRIPT.findall(client.get(f"/en/events/{told['en'].slug}/").content.decode()))
    for name, event in told.items():
        page = client.get(f"/en/events/{event.slug}/").content.decode()
        assert len(SCRIPT.findall(page)) == plain, name
        assert "<img src=x" not in page
        assert KEPT[name] in html.unescape(page), name
        data = re.search(r'<script id="page-data"[^>]*>(.*?)</script>', page, re.DOTALL)
        assert data
        json.loads(data[1])


def test_the_admin_round_trips_every_text(
    told: dict[str, Event], desk: Client, curator: User
) -> None:
    for name, event in told.items():
        page = desk.get(change_page(event)).content.decode()
        assert "<img src=x" not in page
        sent = form_values(page)
        assert sent["title_en"] == KEPT[name]
        answer = desk.post(change_page(event), sent | {"title_ru": KEPT[name]})
        assert answer.status_code == 302, name
        event.refresh_from_db()
        assert event.text("title", "ru") == event.text("title", "en") == KEPT[name]


def test_lists_of_the_admin_escape(told: dict[str, Event], desk: Client) -> None:
    for path in ("/admin/events/event/?time=all", "/admin/events/textstate/",
                 "/admin/core/auditentry/", "/admin/core/outboxmessage/"):  # fmt: skip
        answer = desk.get(path)
        assert answer.status_code == 200, path
        page = answer.content.decode()
        assert "<img src=x" not in page
        assert "<script>alert" not in page


def test_the_admin_says_what_it_refuses(desk: Client, curator: User) -> None:
    event = published(curator, "Moon", 0)
    values = form_values(desk.get(change_page(event)).content.decode())
    for name, text in SENDABLE.items():
        answer = desk.post(change_page(event), values | {"title_de": text})
        assert answer.status_code == 200, name
        assert "errornote" in answer.content.decode()
        event.refresh_from_db()
        assert event.text("title", "de") == "Moon"


def test_messages_and_the_trail_hold_the_same_letters(
    told: dict[str, Event], curator: User
) -> None:
    bodies = OutboxMessage.objects.filter(kind="event.published").values_list("body", flat=True)
    titles = [body["words"]["en"]["title"] for body in bodies.order_by("seq")]
    assert titles == list(KEPT.values())
    edit = EventEdit(texts={"title_fr": KEPT["script"]})
    event_update(event_id=told["en"].pk, actor=curator, edit=edit, at=NOON)
    entry = AuditEntry.objects.get(action="event.update")
    assert entry.changes["title_fr"][1] == KEPT["script"]


PLACES: dict[str, Callable[[str], Any]] = {
    "reference": lambda text: get(f"{EVENTS}/{quote(text, safe='')}"),
    "figure": lambda text: get(f"{EVENTS}/{quote(text, safe='')}/figure.svg"),
    "circumstances": lambda text: get(
        f"{EVENTS}/{quote(text, safe='')}/circumstances", lat=text, lon="0"
    ),
    "page": lambda text: get(f"/en/events/{quote(text, safe='')}/"),
    "value": lambda text: get(EVENTS, family=text),
    "name": lambda text: get(EVENTS, **{text: "1"}),
    "language": lambda text: get(EVENTS, lang=text, limit="1", family="staff"),
    "zone": lambda text: get(f"{EVENTS}.ics", tz=text),
    "cursor": lambda text: get(EVENTS, cursor=text),
    "place": lambda text: get("/api/v1/sky/sun", lat=text, lon=text),
    "kind": lambda text: get(f"/api/v1/kinds/{quote(text, safe='')}"),
}


@pytest.mark.parametrize("place", PLACES)
def test_parameters_never_break_an_answer(place: str, figures: dict[str, Any]) -> None:
    answers = [PLACES[place](text) for text in HOSTILE.values()]
    figures["answers"] = len(answers)
    for answer in answers:
        assert answer.status_code < 500, answer.content
        assert "\r" not in str(answer.headers) or "\\r" not in repr(dict(answer.headers))
        assert "Set-Cookie" not in answer.headers
        if answer["Content-Type"].startswith("application/"):
            json.loads(answer.content)
        else:
            assert "<script>alert" not in answer.content.decode()
            assert "<img src=x" not in answer.content.decode()


def test_headers_never_break_a_line_of_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    for text in HOSTILE.values():
        sent = text.encode("utf-8").decode("latin-1")
        answer = get(
            EVENTS,
            headers={"X-Request-ID": sent, "Accept-Language": sent, "User-Agent": sent},
            family="staff",
        )
        assert answer.status_code < 500
        assert re.fullmatch(r"[A-Za-z0-9._-]{1,64}", answer["X-Request-ID"])
        get(f"{EVENTS}/{quote(text, safe='')}")
    lines = [line for line in capsys.readouterr().err.split("\n") if line]
    assert len(lines) >= 2 * len(HOSTILE)
    for line in lines:
        assert json.loads(line)["event"]
        assert all(sign.isprintable() for sign in line)


def test_a_table_holds_every_text_and_no_formula(told: dict[str, Event]) -> None:
    answer = get(f"{EVENTS}.csv", **{name: value for name, value in DAY.items() if name != "limit"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    titles = {row["key"]: row["title"] for row in rows}
    assert len(rows) == len(told)
    for name, event in told.items():
        assert titles[event.key].removeprefix("'") == KEPT[name].removeprefix("'")
    assert not [cell for row in rows for cell in row.values() if cell.startswith(FORMULA)]
