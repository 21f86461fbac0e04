"""The channel is told what matters, once, in its language, and what becomes of it."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from celery import current_app

from accounts.models import User
from events.models import Event
from events.services.announcements import announcements_append
from events.services.curation import (
    EventEdit,
    event_cancel,
    event_hide,
    event_publish,
    event_update,
)
from events.services.generation import event_generate
from events.services.notices import (
    announcement_create,
    announcement_publish,
    announcement_update,
    announcement_withdraw,
)
from events.tests.concurrency import in_own_connection
from events.tests.conftest import SUMMER_2026
from starscal.core.models import Stream
from telegram_link.bot.event_words import notice_message
from telegram_link.models import LogCursor, Notification, TelegramChat
from telegram_link.services import announcing
from telegram_link.services.announcing import announcements_follow

pytestmark = pytest.mark.django_db
CHANNEL = -1001234567890
H, M = timedelta(hours=1), timedelta(minutes=1)
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def bot(settings: Any) -> None:
    settings.TELEGRAM_BOT_TOKEN = "1:only-for-tests"
    settings.TELEGRAM_CHANNEL_ID = str(CHANNEL)
    settings.TELEGRAM_CHANNEL_LANGUAGE = "de-DE"
    settings.SITE_URL = "https://stars.example"


@pytest.fixture
def editor(db: None) -> User:
    return User.objects.create_superuser("editor", password=None)


@pytest.fixture
def moon(db: None) -> Event:
    """Return a full moon that comes, with a channel that has heard everything before."""
    event_generate(span=SUMMER_2026, families=("moon_phases",))
    Event.objects.exclude(slug="moon-full-2026-06-29").delete()
    Event.objects.update(significance=4)
    event = Event.objects.get()
    announcements_follow(at=NOON)
    return event


def announced(event: Event, before: timedelta) -> int:
    """Have an event announced so long before, and the channel told."""
    at = event.occurs_at - before
    announcements_append(at=at)
    return announcements_follow(at=at)


def bodies() -> list[dict[str, Any]]:
    return list(Notification.objects.order_by("pk").values_list("body", flat=True))


def heads() -> list[str]:
    return [body["text"].partition("\n")[0] for body in bodies()]


def test_the_channel_is_told_a_day_and_an_hour_before_and_when_it_is(moon: Event) -> None:
    assert [announced(moon, before) for before in (24 * H, H, M, 0 * M)] == [1, 1, 0, 1]
    coming = f"In Kürze: <b>{moon.text('title', 'de')}</b>."
    assert heads() == [coming, coming, f"Gerade jetzt: <b>{moon.text('title', 'de')}</b>."]
    row = Notification.objects.earliest("pk")
    assert (row.chat_id, row.kind, row.method) == (CHANNEL, "announcement", "sendPhoto")
    assert row.body["figure_of"] == moon.key
    url = f"https://stars.example/de/events/{moon.slug}/"
    assert row.body["keyboard"][0][0]["url"] == url
    assert TelegramChat.objects.get().kind == "channel"


def test_a_second_run_tells_nothing_twice(moon: Event) -> None:
    announced(moon, 24 * H)
    LogCursor.objects.update(seq=0)
    at = moon.occurs_at - 24 * H
    announcements_follow(at=at)
    assert len(bodies()) == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_tell_it_once(moon: Event) -> None:
    at = moon.occurs_at - 24 * H
    announcements_append(at=at)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(in_own_connection, [partial(announcements_follow, at=at)] * 4))
    announcements_follow(at=at)
    assert len(bodies()) == 1


def test_what_matters_less_is_not_told(moon: Event) -> None:
    Event.objects.update(significance=3)
    assert announced(moon, 24 * H) == 0


def test_what_is_late_is_not_told(moon: Event) -> None:
    announcements_append(at=moon.occurs_at - H)
    assert announcements_follow(at=moon.occurs_at + M) == 0
    announcements_append(at=moon.occurs_at)
    assert announcements_follow(at=moon.occurs_at + 6 * H) == 0


def test_in_another_epoch_it_begins_with_the_newest(moon: Event) -> None:
    announcements_append(at=moon.occurs_at - 24 * H)
    Stream.objects.filter(name="events").update(epoch=uuid4())
    assert announcements_follow(at=moon.occurs_at - 24 * H) == 0
    assert announced(moon, H) == 1


def test_what_was_announced_and_moves_is_told(moon: Event, editor: User) -> None:
    announced(moon, 24 * H)
    edit = EventEdit(fields={"quantum_resonance": 0.5}, revision=moon.revision)
    moon = event_update(event_id=moon.pk, actor=editor, edit=edit, at=NOON)
    assert announcements_follow(at=NOON) == 0
    Event.objects.update(occurs_at=moon.occurs_at + 5 * M)
    edit = EventEdit(fields={"quantum_resonance": 0.6}, revision=moon.revision)
    event_update(event_id=moon.pk, actor=editor, edit=edit, at=NOON)
    assert [announcements_follow(at=NOON) for _n in range(2)] == [1, 0]
    assert heads()[-1] == f"Im Kalender geändert: <b>{moon.text('title', 'de')}</b>."


def moved(event: Event, editor: User, by: timedelta) -> Event:
    """Have an event moved, and its change said."""
    event.refresh_from_db()
    Event.objects.update(occurs_at=event.occurs_at + by)
    resonance = (event.quantum_resonance or 0.0) + 0.01
    edit = EventEdit(fields={"quantum_resonance": resonance}, revision=event.revision)
    return event_update(event_id=event.pk, actor=editor, edit=edit, at=NOON)


def test_what_moves_twice_before_the_channel_is_told_is_told_once(
    moon: Event, editor: User
) -> None:
    announced(moon, 24 * H)
    moved(moon, editor, 5 * M)
    moved(moon, editor, 5 * M)
    assert announcements_follow(at=NOON) == 1
    moved(moon, editor, -5 * M)
    moved(moon, editor, 5 * M)
    assert announcements_follow(at=NOON) == 0
    for by in (5 * M, -5 * M, 5 * M):
        moved(moon, editor, by)
        assert announcements_follow(at=NOON) == 1


def test_a_notice_that_is_edited_or_comes_back_is_told_once(moon: Event, editor: User) -> None:
    fields = {"title_en": "Hello", "body_en": "Text."}
    notice = announcement_create(actor=editor, fields=fields)
    announcement_publish(announcement_id=notice.pk, actor=editor, at=NOON)
    assert announcements_follow(at=NOON) == 1
    announcement_update(
        announcement_id=notice.pk, actor=editor, fields={**fields, "body_en": "A better text."}
    )
    announcements_follow(at=NOON)
    announcement_withdraw(announcement_id=notice.pk, actor=editor)
    announcement_publish(announcement_id=notice.pk, actor=editor, at=NOON)
    announcements_follow(at=NOON)
    assert heads() == ["<b>Hello</b>"]


def test_what_was_announced_and_is_cancelled_is_told_once(moon: Event, editor: User) -> None:
    announced(moon, 24 * H)
    event_cancel(event_id=moon.pk, actor=editor, reason="Rain")
    assert announcements_follow(at=NOON) == 1
    assert heads()[-1] == f"Abgesagt: <b>{moon.text('title', 'de')}</b>."
    event_hide(event_id=moon.pk, actor=editor)
    assert announcements_follow(at=NOON) == 0


def test_what_was_announced_and_is_taken_back_is_told(moon: Event, editor: User) -> None:
    announced(moon, 24 * H)
    event_hide(event_id=moon.pk, actor=editor)
    assert announcements_follow(at=NOON) == 1
    assert moon.text("title", "de") in heads()[-1]
    event_publish(event_id=moon.pk, actor=editor)
    assert announcements_follow(at=NOON) == 0


def test_nothing_is_told_of_what_was_not_announced(moon: Event, editor: User) -> None:
    event_cancel(event_id=moon.pk, actor=editor, reason="Rain")
    assert announcements_follow(at=NOON) == 0


def test_notices_by_staff_are_told_until_they_are_withdrawn(moon: Event, editor: User) -> None:
    fields = {"title_en": "Hello <all>", "body_en": "A & B", "link": "https://stars.example/x"}
    notice = announcement_create(actor=editor, fields=fields)
    announcement_publish(announcement_id=notice.pk, actor=editor, at=NOON)
    assert announcements_follow(at=NOON) == 1
    assert bodies()[0]["text"] == "<b>Hello &lt;all&gt;</b>\n\nA &amp; B"
    assert bodies()[0]["keyboard"][0][0]["url"] == "https://stars.example/x"
    announcement_withdraw(announcement_id=notice.pk, actor=editor)
    assert announcements_follow(at=NOON) == 0


@pytest.mark.parametrize("named", ["", "@nobody", "nonsense"])
def test_without_a_channel_nobody_is_told(moon: Event, settings: Any, named: str) -> None:
    settings.TELEGRAM_CHANNEL_ID = named
    assert announced(moon, H) == 0


def test_a_channel_with_a_name_is_found_once_the_bot_has_heard_of_it(
    moon: Event, settings: Any
) -> None:
    settings.TELEGRAM_CHANNEL_ID = "@StarsChannel"
    TelegramChat.objects.create(pk=-5, kind="channel", username="starschannel")
    assert announced(moon, H) == 1
    assert Notification.objects.get().chat_id == -5


def test_one_that_fails_is_recorded_and_holds_up_neither_the_others_nor_reminders(
    moon: Event, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:

    def broken(body: Any, **told: Any) -> Any:
        if body["words"]["en"]["title"] == "Broken":
            raise KeyError("text")
        return notice_message(body, **told)

    monkeypatch.setattr(announcing, "notice_message", broken)
    for title in ("Broken", "Whole"):
        notice = announcement_create(actor=editor, fields={"title_en": title, "body_en": "Text."})
        announcement_publish(announcement_id=notice.pk, actor=editor, at=NOON)
    assert [announcements_follow(at=NOON) for _n in range(2)] == [1, 0]
    assert heads() == ["<b>Whole</b>"]


@pytest.mark.parametrize("token", ["", "5550001111:AAdouble-of-the-Bot-API_only-here00"])
def test_the_clock_rings_for_the_bot_only_where_there_is_one(token: str) -> None:
    code = (
        "from starscal.settings import base\n"
        "for name, entry in base.CELERY_BEAT_SCHEDULE.items():\n"
        "    if name.startswith('telegram-'): print(entry['task'])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "TELEGRAM_BOT_TOKEN": token},
        capture_output=True,
        text=True,
        check=True,
    )
    rung = set(ran.stdout.split())
    current_app.loader.import_default_modules()
    ours = {name for name in current_app.tasks if name.startswith("telegram_link.")}
    assert rung == (ours if token else {"telegram_link.prune"})
