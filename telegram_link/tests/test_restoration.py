"""A restored backup sends nothing that was sent since it was made."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from events.models import Event, Reminder
from events.services.announcements import announcements_append
from events.services.generation import event_generate
from events.services.reminding import reminders_append
from events.tests.conftest import SUMMER_2026
from starscal.core import clock
from starscal.core.backup.journal import journal_obeyed
from starscal.core.backup.restoration import streams_begin_anew
from telegram_link.models import Notification, TelegramAccount, TelegramChat, TelegramUpdate
from telegram_link.services.announcing import announcements_follow
from telegram_link.services.digests import digests_queue
from telegram_link.services.following import reminders_follow

pytestmark = pytest.mark.django_db
H = timedelta(hours=1)
CHANNEL = -1001234567890


@pytest.fixture
def moon(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Event:
    """Return a full moon that is in half an hour, by the only clock."""
    settings.TELEGRAM_BOT_TOKEN = "1:only-for-tests"
    settings.TELEGRAM_CHANNEL_ID = str(CHANNEL)
    event_generate(span=SUMMER_2026, families=("moon_phases",))
    Event.objects.exclude(slug="moon-full-2026-06-29").delete()
    Event.objects.update(significance=4)
    event = Event.objects.get()
    announcements_follow(at=event.occurs_at - 30 * H)
    monkeypatch.setattr(clock, "now", lambda: event.occurs_at - H / 2)
    return event


def test_a_restored_backup_sends_nothing_again(moon: Event) -> None:
    now, before = clock.now(), clock.now() - 48 * H
    user = User.objects.create_user("ada", timezone="Europe/Berlin")
    chat = TelegramChat.objects.create(pk=7, digest="daily", digest_hour=0, digest_due_at=now - H)
    TelegramAccount.objects.create(user=user, chat=chat, telegram_user_id=7)
    TelegramAccount.objects.update(linked_at=before)
    Reminder.objects.create(user=user, event_type=moon.event_type, lead_minutes=60)
    Reminder.objects.update(created_at=before)
    for key, due_at in (("past", now - H), ("quiet", now + H)):
        Notification.objects.create(chat=chat, key=key, kind="reminder", due_at=due_at)
    TelegramUpdate.objects.create(pk=1, chat_id=7, body={"a": 1})
    streams_begin_anew()

    assert journal_obeyed([])["telegram_queue"] == 3

    announcements_append(at=now)
    reminders_append(at=now)
    assert (announcements_follow(at=now), reminders_follow(at=now), digests_queue(at=now)) == (
        0,
        0,
        0,
    )
    rows = Notification.objects.order_by("pk").values_list("key", "status", "reason")
    assert list(rows) == [("past", "dropped", "restored"), ("quiet", "queued", "")]
    assert not TelegramUpdate.objects.exists()
    announcements_append(at=moon.occurs_at)
    assert announcements_follow(at=moon.occurs_at) == 1  # what comes next is told
