"""Two editors never overwrite each other unseen, and nobody is refused for another's cell."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from events.models import Announcement, Event
from events.services.curation import (
    EventEdit,
    event_cancel,
    event_create,
    event_hide,
    event_publish,
    event_update,
)
from events.services.generation import event_generate
from events.services.notices import announcement_create, announcement_update
from events.tests.concurrency import in_own_connection, wait_until_blocked
from events.tests.conftest import SUMMER_2026
from events.tests.desk_support import change_page, form_values, member
from events.tests.live_world import NOON
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.testing.staff import staff_sign_in

Save = Callable[..., Event]
OTHERS = "Somebody else has saved this event in the meantime."
CELLS = "Somebody else has saved this in the meantime."


@pytest.fixture
def save(full_moon: Event, curator: User, at: datetime) -> Save:
    """Return what saves texts that were made from what stood in the event at first."""

    def saved(actor: User | None = None, seen: Event = full_moon, **texts: str) -> Event:
        before = {name: getattr(seen, name) or "" for name in texts}
        edit = EventEdit(texts=texts, seen=before)
        return event_update(event_id=full_moon.pk, actor=actor or curator, edit=edit, at=at)

    return saved


def refused(work: Callable[[], Any]) -> ApplicationError:
    with pytest.raises(ApplicationError) as caught:
        work()
    assert (caught.value.code, caught.value.status) == (ErrorCode.EVENT_CONFLICT, 409)
    return caught.value


def recompute(event: Event, **old_texts: str) -> None:
    """Let the machine write some texts anew."""
    Event.objects.filter(pk=event.pk).update(template_hash="older", **old_texts)
    event_generate(span=SUMMER_2026, families=("moon_phases",))


def test_translators_of_two_languages_work_at_once(save: Save) -> None:
    save(member("Translator-hy"), title_hy="Լիալուսին լճի մոտ")
    event = save(member("Translator-ru"), title_ru="Полнолуние у озера")
    assert event.text("title", "hy") == "Լիալուսին լճի մոտ"
    assert event.text("title", "ru") == "Полнолуние у озера"


def test_whoever_comes_second_to_a_cell_is_shown_both_texts(save: Save, full_moon: Event) -> None:
    save(title_de="Ihrer")
    conflict = refused(lambda: save(title_de="Meiner", title_fr="La mienne"))
    stored = Event.objects.get(pk=full_moon.pk)
    assert conflict.extra == {
        "revision": stored.revision,
        "cells": {"title_de": {"mine": "Meiner", "theirs": "Ihrer"}},
    }
    assert stored.text("title", "fr") == full_moon.text("title", "fr")  # all or nothing
    assert save(seen=stored, title_de="Meiner").text("title", "de") == "Meiner"


def test_the_same_words_twice_are_no_conflict(save: Save) -> None:
    first = save(title_de="Der Mond", description_de="Eins.\n\nZwei.")
    second = save(title_de="Der Mond", description_de="Eins.\r\n\r\nZwei.")
    assert (first.pk, second.text("title", "de")) == (second.pk, "Der Mond")


def test_a_recomputation_of_other_cells_refuses_nobody(save: Save, full_moon: Event) -> None:
    recompute(full_moon, title_fr="Ancien", description_ja="古い")
    assert Event.objects.get(pk=full_moon.pk).revision > full_moon.revision
    assert save(title_de="Meiner").text("title", "de") == "Meiner"


def test_a_recomputation_of_the_same_cell_is_shown(
    full_moon: Event, curator: User, at: datetime
) -> None:
    machine = full_moon.text("title", "de")
    recompute(full_moon, title_de="Alt")  # what the editor had before them
    edit = EventEdit(texts={"title_de": "Meiner"}, seen={"title_de": "Alt"})
    conflict = refused(lambda: event_update(event_id=full_moon.pk, actor=curator, edit=edit, at=at))
    assert conflict.extra["cells"] == {"title_de": {"mine": "Meiner", "theirs": machine}}


@pytest.mark.parametrize(
    ("name", "value", "other"),
    [("quantum_resonance", 0.5, 0.7), ("publish_at", NOON, NOON + timedelta(days=1))],
)
def test_plain_fields_need_what_was_seen_or_the_revision(
    full_moon: Event, curator: User, at: datetime, name: str, value: Any, other: Any
) -> None:
    def update(new: Any, **basis: Any) -> Event:
        edit = EventEdit(fields={name: new}, **basis)
        return event_update(event_id=full_moon.pk, actor=curator, edit=edit, at=at)

    with pytest.raises(ApplicationError) as caught:
        update(value)
    assert (caught.value.code, caught.value.status) == (ErrorCode.PRECONDITION_REQUIRED, 428)
    update(value, revision=full_moon.revision)
    refused(lambda: update(other, revision=full_moon.revision))
    refused(lambda: update(other, seen={name: ""}))
    assert getattr(Event.objects.get(pk=full_moon.pk), name) == value
    recompute(full_moon, title_fr="Ancien")
    seen = value.isoformat() if isinstance(value, datetime) else str(value)
    update(other, seen={name: seen}, revision=full_moon.revision)
    assert getattr(Event.objects.get(pk=full_moon.pk), name) == other


@pytest.mark.parametrize("work", [event_publish, event_hide, event_cancel])
def test_nobody_publishes_what_they_have_not_seen(
    save: Save, full_moon: Event, curator: User, work: Callable[..., Event]
) -> None:
    if work is event_publish:
        Event.objects.filter(pk=full_moon.pk).update(status="draft")
    revision = save(title_de="Ihrer").revision
    one: dict[str, Any] = {"event_id": full_moon.pk, "actor": curator}
    refused(lambda: work(**one, revision=full_moon.revision))
    done = work(**one, revision=revision)
    assert done.revision == revision + 1
    assert work(**one, revision=revision).revision == revision + 1  # it is done: no conflict


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_a_cell_at_once_one_is_told(
    save: Save, full_moon: Event, curator: User
) -> None:
    def late() -> ApplicationError:
        return refused(lambda: save(title_de="Meiner"))

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            save(title_de="Ihrer")
            second = pool.submit(in_own_connection, late)
            wait_until_blocked(second)
        assert second.result(10).extra["cells"]["title_de"]["theirs"] == "Ihrer"
    assert Event.objects.get(pk=full_moon.pk).text("title", "de") == "Ihrer"


# The form


def at_the_desk(name: str) -> Client:
    client = Client()
    staff_sign_in(client, member(name))
    return client


def opened(client: Client, event: Event) -> dict[str, str]:
    return form_values(client.get(change_page(event)).content.decode())


def test_two_forms_opened_at_once_undo_nothing_of_each_other(full_moon: Event) -> None:
    armenian, russian, curator = (
        at_the_desk(name) for name in ("Translator-hy", "Translator-ru", "Curator")
    )
    forms = [opened(client, full_moon) for client in (armenian, russian, curator)]
    page = change_page(full_moon)
    assert armenian.post(page, forms[0] | {"title_hy": "Լճի լուսին"}).status_code == 302
    assert russian.post(page, forms[1] | {"title_ru": "Луна у озера"}).status_code == 302
    recompute(full_moon, title_fr="Ancien")
    # The curator's form still has the older texts of both, and changes neither.
    mine = {"title_de": "Der Mond", "quantum_resonance": "0.5"}
    assert curator.post(page, forms[2] | mine).status_code == 302
    stored = Event.objects.get(pk=full_moon.pk)
    assert stored.text("title", "hy") == "Լճի լուսին"
    assert stored.text("title", "ru") == "Луна у озера"
    assert stored.text("title", "de") == "Der Mond"
    assert stored.text("title", "fr") == full_moon.text("title", "fr")
    assert stored.quantum_resonance == 0.5


def test_a_conflict_shows_both_texts_and_saving_again_keeps_mine(
    full_moon: Event, save: Save
) -> None:
    client = at_the_desk("Curator")
    values = opened(client, full_moon)
    theirs = "Ihrer <b>\nist zwei Zeilen lang"
    save(description_de=theirs, title_fr="Leur lune")
    mine = {"description_de": "Meiner", "title_es": "La mía"}
    html = client.post(change_page(full_moon), values | mine).content.decode()
    assert CELLS in html
    assert "Ihrer &lt;b&gt;" in html
    again = form_values(html)
    assert {name: again[name] for name in mine} == mine
    assert again["initial-description_de"] == theirs
    assert again["title_fr"] == "Leur lune"  # left alone: what is stored now
    assert Event.objects.get(pk=full_moon.pk).text("title", "es") != "La mía"
    assert client.post(change_page(full_moon), again).status_code == 302
    stored = Event.objects.get(pk=full_moon.pk)
    assert stored.text("description", "de") == "Meiner"
    assert (stored.text("title", "es"), stored.text("title", "fr")) == ("La mía", "Leur lune")


def test_a_third_who_saves_in_between_is_shown_again(full_moon: Event, save: Save) -> None:
    client = at_the_desk("Translator-de")
    values = opened(client, full_moon)
    second = save(title_de="Ihrer")
    again = form_values(
        client.post(change_page(full_moon), values | {"title_de": "Meiner"}).content.decode()
    )
    save(seen=second, title_de="")
    html = client.post(change_page(full_moon), again).content.decode()
    machine = full_moon.text("title", "de")  # an emptied text is the machine's again
    assert form_values(html)["initial-title_de"] == machine
    assert form_values(html)["title_de"] == "Meiner"


def test_times_conflict_too(curator: User, client: Client, db: None) -> None:
    gathering = event_create(
        actor=curator, occurs_at=NOON, edit=EventEdit(texts={"title_en": "Fire"}), at=NOON
    )
    staff_sign_in(client, curator)
    values = opened(client, gathering)
    later = {"occurs_at": NOON + timedelta(hours=2)}
    edit = EventEdit(fields=later, revision=gathering.revision)
    event_update(event_id=gathering.pk, actor=curator, edit=edit, at=NOON)
    html = client.post(change_page(gathering), values | {"occurs_at_1": "20:00:00"})
    again = form_values(html.content.decode())
    assert (again["occurs_at_1"], again["initial-occurs_at_1"]) == ("20:00:00", "14:00:00")
    assert client.post(change_page(gathering), again).status_code == 302
    gathering.refresh_from_db()
    assert gathering.occurs_at == NOON + timedelta(hours=8)


def test_a_form_without_twins_goes_by_the_revision(full_moon: Event, save: Save) -> None:
    client = at_the_desk("Translator-de")
    values = opened(client, full_moon)
    bare = {name: text for name, text in values.items() if not name.startswith("initial-")}
    save(title_hy="Լճի լուսին")
    answer = client.post(change_page(full_moon), bare | {"title_de": "Meiner"})
    assert CELLS in answer.content.decode()
    fresh = {"seen_revision": str(Event.objects.get(pk=full_moon.pk).revision)}
    answer = client.post(change_page(full_moon), bare | {"title_de": "Meiner"} | fresh)
    assert answer.status_code == 302


def test_a_button_carries_the_revision(full_moon: Event, save: Save) -> None:
    client = at_the_desk("Publisher")
    assert (
        f'name="revision" value="{full_moon.revision}"'
        in client.get(change_page(full_moon)).content.decode()
    )
    save(title_de="Ihrer")
    address = reverse("admin:events_event_status", args=[full_moon.pk])
    stale = {"operation": "hide", "revision": str(full_moon.revision)}
    assert OTHERS in client.post(address, stale, follow=True).content.decode()
    assert Event.objects.get(pk=full_moon.pk).status == "published"


def test_announcements_are_written_by_two_at_once(client: Client, db: None) -> None:
    owner = User.objects.create_superuser("owner", password=None)
    notice = announcement_create(actor=owner, fields={"title_en": "Rain", "title_de": "Regen"})
    staff_sign_in(client, owner)
    page = reverse("admin:events_announcement_change", args=[notice.pk])
    values = form_values(client.get(page).content.decode(), "announcement_form")
    theirs = {"title_en": "Showers", "title_fr": "Pluie"}
    announcement_update(announcement_id=notice.pk, actor=owner, fields=theirs)
    assert client.post(page, values | {"title_de": "Schauer"}).status_code == 302
    html = client.post(page, values | {"title_en": "Sun"}).content.decode()
    assert CELLS in html
    assert "Showers" in html
    notice.refresh_from_db()
    texts = [notice.text("title", code) for code in ("en", "de", "fr")]
    assert texts == ["Showers", "Schauer", "Pluie"]
    again = form_values(html, "announcement_form")
    assert client.post(page, again).status_code == 302
    assert Announcement.objects.get(pk=notice.pk).text("title", "en") == "Sun"
