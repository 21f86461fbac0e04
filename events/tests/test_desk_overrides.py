"""The page of overrides: what it shows to whom, what it refuses, and what two editors see."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from events.desk.overrides import MomentField, moment_text
from events.models import Event
from events.services.curation import EventEdit, event_create
from events.services.overrides import event_override
from events.tests.desk_support import change_page, form_values, member
from starscal.core.models import AuditEntry
from starscal.testing.staff import staff_sign_in

WHY = "The hour of the gathering counts."
LATER = "2026-06-30 00:30:00.125"
ERRORS = re.compile(r'<ul class="errorlist" id="([^"]*)_error">(.*?)</ul>', re.DOTALL)


def page_of(event: Event) -> str:
    return reverse("admin:events_event_overrides", args=[event.pk])


class Editor:
    """Somebody who has the page open, in a browser of their own."""

    def __init__(self, event: Event, person: User) -> None:
        self.event, self.client = event, Client()
        staff_sign_in(self.client, person)
        self.html = ""

    def open(self) -> str:
        self.html = self.client.get(page_of(self.event)).content.decode()
        return self.html

    def save(self, **typed: str) -> str:
        """Send the form back as a browser does; return what the answer leads to."""
        sent = form_values(self.html, "override_form") | typed
        self.html = self.client.post(page_of(self.event), sent, follow=True).content.decode()
        return self.html

    def error(self, name: str) -> str:
        """Return what stands beside a field."""
        before = self.html[: self.html.index(f'name="{name}"')]
        found = ERRORS.findall(before)
        return unescape(found[-1][1]) if found and found[-1][0] == f"id_{name}" else ""


@pytest.fixture
def editor(full_moon: Event) -> Editor:
    someone = Editor(full_moon, member("Curator"))
    someone.open()
    return someone


def stored(event: Event) -> Event:
    return Event.objects.get(pk=event.pk)


def test_facts_are_set_and_shown_with_name_reason_and_computed_value(
    full_moon: Event, editor: Editor
) -> None:
    html = editor.save(occurs_at=LATER, significance="5", reason=WHY)
    event = stored(full_moon)
    assert event.occurs_at == datetime(2026, 6, 30, 0, 30, 0, 125_000, tzinfo=UTC)
    assert (event.significance, event.override_reason) == (5, WHY)
    assert "Set by member-Curator" in html
    assert WHY in html
    row = html[html.index('data-fact="occurs_at"') :]
    assert moment_text(full_moon.occurs_at) in row[: row.index("</tr>")]
    assert f"<code>{LATER}</code>" in row[: row.index("</tr>")]


def test_an_emptied_field_is_lifted_and_the_rest_stays_as_it_was_explained(
    full_moon: Event, editor: Editor
) -> None:
    editor.save(occurs_at=LATER, significance="5", reason=WHY)
    first = stored(full_moon)
    editor.save(significance="")
    event = stored(full_moon)
    assert (event.overridden, event.significance) == (["occurs_at"], full_moon.significance)
    assert (event.override_set_at, event.override_reason) == (first.override_set_at, WHY)
    editor.save(occurs_at="", reason="It was a mistake.")
    assert stored(full_moon).overridden == []
    newest = AuditEntry.objects.filter(action="event.override").order_by("-pk")[0]
    assert newest.reason == "It was a mistake."


def test_a_better_reason_alone_is_saved(full_moon: Event, editor: Editor) -> None:
    editor.save(significance="5", reason=WHY)
    editor.save(reason="A comet\nstands near.")
    assert stored(full_moon).override_reason == "A comet stands near."


def test_saving_without_a_change_writes_nothing(full_moon: Event, editor: Editor) -> None:
    editor.save(begins_at="2026-06-29 10:00:00.123456", reason=WHY)
    revision = stored(full_moon).revision
    assert "Saved." not in editor.save()
    assert stored(full_moon).revision == revision
    assert stored(full_moon).begins_at == datetime(2026, 6, 29, 10, 0, 0, 123_456, tzinfo=UTC)


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        pytest.param("occurs_at", "tomorrow", "such as 2026-06-30", id="no moment"),
        pytest.param("occurs_at", "2026-06-30", "such as 2026-06-30", id="a day"),
        pytest.param("occurs_at", "2026-06-30T00:30+02:00", "in UTC", id="an offset"),
        pytest.param("ends_at", "2026-02-30 00:30", "such as", id="no such day"),
        pytest.param("ends_at", "2101-01-01 00:00", "1900 to 2100", id="out of range"),
        pytest.param("ends_at", "1.1234567", "such as", id="seven decimals"),
        pytest.param("begins_at", "\x00", "such as", id="NUL"),
        pytest.param("significance", "9", "less than or equal to 5", id="too much"),
        pytest.param("significance", "1e3", "whole number", id="no number"),
        pytest.param("occurs_at", LATER, "", id="no reason"),
    ],
)
def test_what_makes_no_sense_is_told_beside_the_field_and_kept(
    full_moon: Event, editor: Editor, field: str, typed: str, told: str
) -> None:
    reason = {"reason": WHY} if told else {}
    html = editor.save(**{field: typed}, **reason)
    assert told in editor.error(field)
    if not told:
        assert "Give the reason; readers see it." in editor.error("reason")
    assert form_values(html, "override_form")[field] == typed
    assert stored(full_moon).overridden == []


def test_what_the_service_refuses_stands_beside_the_field(editor: Editor) -> None:
    editor.save(begins_at="2026-07-15 00:00", reason=WHY)
    assert "begins before it occurs" in editor.error("occurs_at")
    values = form_values(editor.html, "override_form")
    assert (values["begins_at"], values["reason"]) == ("2026-07-15 00:00", WHY)
    editor.save(begins_at="", significance="5", reason="turned \u202e writing")
    assert editor.error("reason")


def test_two_editors_are_told_of_each_other_and_nothing_is_lost(
    full_moon: Event, editor: Editor, curator: User
) -> None:
    other = Editor(full_moon, curator)
    other.open()
    editor.save(significance="5", begins_at="2026-06-29 10:00", reason=WHY)
    html = other.save(significance="1", reason="Mine.")
    assert "Compare what they wrote with yours" in html
    assert "“5”" in other.error("significance")
    assert WHY in other.error("reason")
    assert stored(full_moon).significance == 5
    values = form_values(html, "override_form")
    assert (values["significance"], values["reason"]) == ("1", "Mine.")
    assert values["begins_at"] == "2026-06-29 10:00:00.000"
    other.save()
    event = stored(full_moon)
    assert (event.significance, event.override_reason) == (1, "Mine.")
    assert event.overridden == ["begins_at", "significance"]


@pytest.mark.parametrize("group", ["Translator-de", "Publisher", "Auditor"])
def test_others_see_it_and_set_nothing(
    full_moon: Event, editor: Editor, curator: User, at: datetime, group: str
) -> None:
    event_override(
        event_id=full_moon.pk, actor=curator, values={"significance": 5}, reason=WHY,
        revision=None, at=at,
    )  # fmt: skip
    reader = Editor(full_moon, member(group))
    html = reader.open()
    assert WHY in html
    assert 'name="significance"' not in html
    sent: dict[str, Any] = {"significance": "1", "reason": "Mine.", "revision": "1"}
    assert reader.client.post(page_of(full_moon), sent).status_code == 403
    assert stored(full_moon).significance == 5


def test_the_page_is_for_who_may_see_events(client: Client, full_moon: Event) -> None:
    stranger = User.objects.create_user("stranger", password=None, is_staff=True)
    staff_sign_in(client, stranger)
    assert client.get(page_of(full_moon)).status_code == 403


def test_the_form_leads_to_it_but_not_of_an_event_of_staff(
    full_moon: Event, editor: Editor, curator: User, at: datetime
) -> None:
    def linked(event: Event) -> bool:
        return page_of(event) in editor.client.get(change_page(event)).content.decode()

    walk = event_create(
        actor=curator, occurs_at=at, edit=EventEdit(texts={"title_en": "A walk"}), at=at
    )
    assert (linked(full_moon), linked(walk)) == (True, False)
    editor.event = walk
    assert 'name="significance"' not in editor.open()
    sent = {"significance": "5", "reason": WHY, "revision": str(walk.revision)}
    answer = editor.client.post(page_of(walk), sent)
    assert "nothing computes them" in answer.content.decode()
    assert stored(walk).override_significance is None


def test_the_trail_tells_of_it_in_words(full_moon: Event, editor: Editor) -> None:
    editor.save(significance="5", reason=WHY)
    address = reverse("admin:events_event_history", args=[full_moon.pk])
    html = editor.client.get(address).content.decode()
    assert "Facts set by hand" in html
    assert "Significance" in html
    assert "override_" not in html


@pytest.mark.parametrize(
    "typed", ["2026-06-30 00:30", "2026-06-30T00:30:00Z", " 2026-06-30 00:30:00,0 UTC "]
)
def test_a_moment_is_read_as_people_write_it(typed: str) -> None:
    assert MomentField().clean(typed) == datetime(2026, 6, 30, 0, 30, tzinfo=UTC)
