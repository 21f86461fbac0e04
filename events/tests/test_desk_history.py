"""The history of an event is our audit trail, read by pages."""

from __future__ import annotations

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from events.desk.history import SHOWN
from events.models import Event
from events.services.curation import EventEdit, event_cancel, event_publish, event_update
from starscal.core import clock
from starscal.core.audit import audit_record
from starscal.core.selectors import audit_of
from starscal.testing.staff import staff_sign_in


def history_page(event: Event) -> str:
    return reverse("admin:events_event_history", args=[event.pk])


@pytest.fixture
def desk(client: Client, curator: User) -> Client:
    staff_sign_in(client, curator)
    return client


def edit(event: Event, actor: User, **given: str) -> None:
    event_update(event_id=event.pk, actor=actor, edit=EventEdit(texts=given), at=clock.now())


def record(event: Event, number: int) -> None:
    audit_record(
        actor="scheduler", action="event.update", object_type="event", object_id=str(event.pk),
        changes={"significance": [number, number + 1]}, reason=f"note {number};",
    )  # fmt: skip


def test_an_edit_is_told_with_old_new_and_who(
    desk: Client, curator: User, full_moon: Event
) -> None:
    old = full_moon.text("title", "de")
    edit(full_moon, curator, title_de="Der Honigmond")
    html = desk.get(history_page(full_moon)).content.decode()
    assert "<b>Edited</b> <span>curator</span>" in html
    told = re.sub(r"<[^>]+>", "", html)
    assert "Title · Deutsch" in told
    assert old in told
    assert "Der Honigmond" in told


def test_texts_are_compared_word_by_word(desk: Client, curator: User, full_moon: Event) -> None:
    edit(full_moon, curator, title_de="Der Mond geht auf", title_ja="満月の夜")
    edit(full_moon, curator, title_de="Der Vollmond geht auf", title_ja="満月の朝")
    html = desk.get(history_page(full_moon)).content.decode()
    assert "<td>Der <del>Mond</del> geht auf</td><td>Der <ins>Vollmond</ins> geht auf</td>" in html
    assert "<td>満月の<del>夜</del></td><td>満月の<ins>朝</ins></td>" in html
    head = '<th scope="row" lang="en">Title · <span lang="ja">日本語</span></th>'
    assert f'<tr lang="ja">{head}' in html


def test_status_reason_and_request_are_told(desk: Client, curator: User, full_moon: Event) -> None:
    event_cancel(event_id=full_moon.pk, actor=curator, reason="Clouds\nall week.")
    status = reverse("admin:events_event_status", args=[full_moon.pk])
    answer = desk.post(status, {"operation": "hide"})
    html = desk.get(history_page(full_moon)).content.decode()
    assert "Clouds\nall week." in html
    assert "<td>Cancelled</td><td>Hidden</td>" in html
    assert answer.headers["X-Request-ID"] in html


def test_the_trail_is_that_of_this_event_alone(
    desk: Client, curator: User, full_moon: Event
) -> None:
    other = Event.objects.exclude(pk=full_moon.pk).first()
    assert other is not None
    edit(other, curator, title_de="Ein anderer")
    html = desk.get(history_page(full_moon)).content.decode()
    assert "Ein anderer" not in html
    assert "Nobody has changed this event yet." in html


def test_pages_go_on_where_the_last_one_ended(desk: Client, full_moon: Event) -> None:
    for number in range(2 * SHOWN + 3):
        record(full_moon, number)
    seen: list[str] = []
    address = history_page(full_moon)
    while address:
        html = desk.get(address).content.decode()
        seen += re.findall(r"note (\d+);", html)
        record(full_moon, 999)  # what comes in between moves nothing
        older = re.search(r'href="\?before=(\d+)"', html)
        address = f"{history_page(full_moon)}?before={older[1]}" if older else ""
    assert seen == [str(number) for number in reversed(range(2 * SHOWN + 3))]


@pytest.mark.parametrize("before", ["x", "-1", "1.5", "9" * 30, "0" * 5_000, str(2**63), "١", " 1"])
def test_a_place_is_a_number(desk: Client, full_moon: Event, before: str) -> None:
    assert desk.get(history_page(full_moon), {"before": before}).status_code == 400


def test_a_page_costs_the_same_for_one_as_for_many(
    desk: Client, curator: User, full_moon: Event
) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(history_page(full_moon)).status_code == 200
        return len(queries)

    edit(full_moon, curator, title_de="Eins")
    one = count()
    for number in range(9):
        record(full_moon, number)
        edit(full_moon, curator, title_de=f"Noch einer {number}")
    assert count() == one


def test_what_was_written_is_text(desk: Client, curator: User, full_moon: Event) -> None:
    edit(full_moon, curator, title_en="<b>bold</b>")
    audit_record(
        actor="gone", action="event.<i>", object_type="event", object_id=str(full_moon.pk),
        changes={"<u>": {"a": 1}, "occurs_at": ["nonsense", None]}, reason="<s>",
    )  # fmt: skip
    html = desk.get(history_page(full_moon)).content.decode()
    assert not re.search("<(b>bold|i>|u>|s>)", html)
    assert "nonsense" in html


def test_djangos_own_log_is_not_asked(desk: Client, curator: User, draft: Event) -> None:
    event_publish(event_id=draft.pk, actor=curator)
    with CaptureQueriesContext(connection) as queries:
        desk.get(history_page(draft))
    assert not [q for q in queries if LogEntry._meta.db_table in q["sql"]]


def test_the_trail_of_an_object_is_found_by_its_index(full_moon: Event) -> None:
    for number in range(3):
        record(full_moon, number)
    found = audit_of(object_type="event", object_id=str(full_moon.pk), before=None, limit=2)
    assert [entry.reason for entry in found] == ["note 2;", "note 1;"]
    place = {"object_type": "event", "object_id": str(full_moon.pk), "before": found[1].pk}
    assert [entry.reason for entry in audit_of(**place, limit=2)] == ["note 0;"]  # type: ignore[arg-type]
