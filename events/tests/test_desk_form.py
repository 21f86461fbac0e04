"""The form of an event: a language at a time, source beside target beside machine text."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from events.admin_forms import EventForm
from events.desk.layout import MACHINE, MISSING, UNWRITTEN, Cell, desk_layout
from events.models import Event, TextState
from events.rendering import ALL_LANGUAGES
from events.tests.desk_support import change_page, form_values, member
from starscal.core import clock
from starscal.testing.staff import staff_sign_in


@pytest.fixture
def desk(client: Client, curator: User) -> Client:
    staff_sign_in(client, curator)
    return client


def part_of(html: str, language: str) -> str:
    """Return the markup of the texts in one language."""
    rest = html[html.index(f'id="text-{language}"') :]
    return rest[: rest.index("</section>")]


def state_set(event: Event, **given: Any) -> TextState:
    values = {"field": "title", "language": "de", "source": "human", "status": "ok"} | given
    return TextState.objects.create(event=event, **values)


def cell_of(form: EventForm, event: Event | None, field: str, language: str) -> Cell:
    parts = desk_layout(form=form, event=event, reader="en").parts
    part = next(part for part in parts if part.code == language)
    return next(cell for cell in part.cells if cell.field == field)


def test_every_language_has_its_part_and_its_tab(desk: Client, full_moon: Event) -> None:
    html = desk.get(change_page(full_moon)).content.decode()
    parts = re.findall(r'<section class="desk-part" id="text-([a-z-]+)"', html)
    tabs = re.findall(r'<a href="#text-([a-z-]+)"', html)
    assert tuple(parts) == tuple(tabs) == ALL_LANGUAGES
    assert 'data-opened="en"' in html


def test_source_target_and_machine_stand_side_by_side(desk: Client, full_moon: Event) -> None:
    part = part_of(desk.get(change_page(full_moon)).content.decode(), "de")
    english, german = full_moon.text("title", "en"), full_moon.text("title", "de")
    assert f'data-source="title">{english}</div>' in part
    assert f'<input type="text" name="title_de" value="{german}"' in part
    assert f'id="machine-title_de" lang="de" dir="auto">{german}</div>' in part
    assert f"{len(german)} / 200" in part


def test_every_text_stands_once_in_the_form(desk: Client, full_moon: Event) -> None:
    html = desk.get(change_page(full_moon)).content.decode()
    names = re.findall(r'<(?:input|textarea)[^>]* name="((?:title|description)_\w+)"', html)
    names += re.findall(r'<textarea name="((?:reflection)_\w+)"', html)
    assert len(set(names)) == len(names) == 3 * len(ALL_LANGUAGES)


@pytest.mark.parametrize(
    ("given", "code", "words"),
    [
        ({}, "human", "Own words"),
        ({"status": "stale"}, "stale", "Stale"),
        ({"status": "needs_review"}, "needs_review", "Needs review"),
        ({"source": "imported"}, "imported", "Imported"),
        ({"source": "generated", "status": "needs_review"}, "needs_review", "Needs review"),
    ],
    ids=["human", "stale", "review", "imported", "generated-review"],
)
def test_a_text_says_in_words_how_it_stands(
    desk: Client, curator: User, full_moon: Event, given: dict[str, str], code: str, words: str
) -> None:
    state_set(
        full_moon, **given, generated_text="Vom Rechner", editor=curator, edited_at=clock.now()
    )
    part = part_of(desk.get(change_page(full_moon)).content.decode(), "de")
    assert re.search(rf'class="desk-state" data-state="{code}"[^>]*>.*?{words}</span>', part)
    assert ">Vom Rechner</div>" in part
    assert re.search(r'class="desk-by">curator · \S', part)


def test_texts_without_a_state_are_the_machines_or_missing(full_moon: Event) -> None:
    form = EventForm(instance=full_moon)
    assert cell_of(form, full_moon, "title", "hi").state == MACHINE
    assert cell_of(form, full_moon, "reflection", "hi").state == UNWRITTEN
    Event.objects.filter(pk=full_moon.pk).update(title_hi="")
    full_moon.refresh_from_db()
    cell = cell_of(EventForm(instance=full_moon), full_moon, "title", "hi")
    assert (cell.state, cell.has_machine) == (MISSING, False)


def test_a_column_outside_the_form_is_shown_to_be_read(full_moon: Event) -> None:
    form = EventForm(instance=full_moon)
    for name in [name for name in form.fields if not name.endswith("_hy")]:
        del form.fields[name]
    shown = desk_layout(form=form, event=full_moon, reader="ru")
    assert [part.code for part in shown.parts if part.writable] == ["hy"]
    assert shown.opened == "hy"
    cell = cell_of(form, full_moon, "title", "ru")
    assert (cell.input, cell.text) == (None, full_moon.text("title", "ru"))


def test_a_translator_writes_one_language_and_reads_the_others(
    client: Client, full_moon: Event
) -> None:
    staff_sign_in(client, member("Translator-hy"))
    html = client.get(change_page(full_moon)).content.decode()
    assert 'data-opened="hy"' in html
    for code in ALL_LANGUAGES:
        part = part_of(html, code)
        assert full_moon.text("title", code) in part
        assert bool(re.search("<(input|textarea|button)", part)) == (code == "hy")


def test_onlookers_read_every_text(client: Client, full_moon: Event) -> None:
    onlooker = User.objects.create_user("onlooker", password=None, is_staff=True)
    onlooker.user_permissions.set(Permission.objects.filter(codename="view_event"))
    staff_sign_in(client, onlooker)
    html = client.get(change_page(full_moon)).content.decode()
    for code in ALL_LANGUAGES:
        part = part_of(html, code)
        assert full_moon.text("title", code) in part
        assert not re.search("<(input|textarea|button)", part)


def test_an_error_opens_its_language_and_keeps_what_was_typed(
    desk: Client, full_moon: Event
) -> None:
    machine, typed = full_moon.text("title", "ja"), "月" * 201
    values = form_values(desk.get(change_page(full_moon)).content.decode())
    html = desk.post(change_page(full_moon), values | {"title_ja": typed}).content.decode()
    assert 'data-opened="ja"' in html
    assert re.search(r'<a href="#text-ja"[^>]*class="has-errors"', html)
    part = part_of(html, "ja")
    assert f'value="{typed}"' in part
    assert f'id="machine-title_ja" lang="ja" dir="auto">{machine}</div>' in part
    assert 'class="errorlist"' in part


def test_texts_are_no_markup(desk: Client, full_moon: Event) -> None:
    Event.objects.filter(pk=full_moon.pk).update(title_en='"><img src=x>', title_de="<b>")
    state_set(full_moon, generated_text="</div><script>")
    html = desk.get(change_page(full_moon)).content.decode()
    assert "<img src=x>" not in html
    assert "</div><script>" not in html


def test_a_new_event_begins_with_empty_texts(desk: Client, db: None) -> None:
    html = desk.get(reverse("admin:events_event_add")).content.decode()
    part = part_of(html, "fr")
    assert '<input type="text" name="title_fr"' in part
    assert "desk-state" not in part
    assert "desk-machine" not in part


def test_states_cost_one_query_however_many(desk: Client, curator: User, full_moon: Event) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(change_page(full_moon)).status_code == 200
        return len(queries)

    state_set(full_moon, language="en", editor=curator)
    one = count()
    for code in ALL_LANGUAGES[1:]:
        editor = User.objects.create_user(f"editor-{code}", password=None, is_staff=True)
        state_set(full_moon, language=code, editor=editor)
    assert count() == one


def test_facts_and_provenance_are_readable(desk: Client, full_moon: Event) -> None:
    html = desk.get(change_page(full_moon)).content.decode()
    facts = html[html.index('class="fieldset-heading">Facts') :]
    assert '<th scope="row">Ephemeris</th>' in facts
    assert facts.count("<summary>JSON</summary>") == 2
