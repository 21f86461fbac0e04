"""Ten thousand people with linked chats, and more who only wish to be reminded."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db import connection

from accounts.models import User
from bench.live.machine import cpu_seconds
from events.kinds import COMPUTED
from events.models import Event, Reminder
from events.services.generation import event_generate
from events.services.reminding import reminders_append
from events.windows import Span
from starscal.core import clock
from starscal.testing.telegram.double import TelegramDouble
from telegram_link.client import client_from_settings
from telegram_link.models import Notification, TelegramAccount, TelegramChat
from telegram_link.sender import Sender
from telegram_link.services.digests import digests_queue
from telegram_link.services.following import reminders_follow

ZONES: Final = ("Europe/Berlin", "Asia/Tokyo", "America/Sao_Paulo", "Asia/Kolkata", "UTC")
LANGUAGES: Final = ("en", "de", "ru", "ja", "hi", "zh-hans", "es", "fr", "pt-br", "hy")
LEAD: Final = 60
RINGS_MOST: Final = 100
MANY: Final = 5_000


class Crowd:
    """Everybody, with a digest that is due now, and a full moon an hour from now."""

    def __init__(self, double: TelegramDouble, *, people: int, reminders: int) -> None:
        self.people = people
        self.now = clock.now()
        self.moon = self._moon()
        users = [self._user(number) for number in range(max(people, reminders))]
        User.objects.bulk_create(users, batch_size=MANY)
        chats = [
            TelegramChat(pk=double.people.add().id, digest="daily", digest_hour=8)
            for _user in users[:people]
        ]
        TelegramChat.objects.bulk_create(chats, batch_size=MANY)
        pairs = zip(users, chats, strict=False)
        TelegramAccount.objects.bulk_create(
            [
                TelegramAccount(user=user, chat=chat, telegram_user_id=chat.pk)
                for user, chat in pairs
            ],
            batch_size=MANY,
        )
        Reminder.objects.bulk_create(
            [
                Reminder(user=user, event_type="full_moon", lead_minutes=LEAD)
                for user in users[:reminders]
            ],
            batch_size=MANY,
        )
        Reminder.objects.update(created_at=self.now - timedelta(days=1))
        TelegramChat.objects.update(digest_due_at=self.now)
        for zone in ZONES:
            _hour_set(zone, self.now)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def _user(self, number: int) -> User:
        return User(
            id=uuid4(), username=f"p{number}", username_folded=f"p{number}", email=None,
            timezone=ZONES[number % len(ZONES)], language=LANGUAGES[number % len(LANGUAGES)],
        )  # fmt: skip

    def _moon(self) -> Event:
        """Store two months of the sky; one full moon is an hour from now."""
        first = datetime(self.now.year, self.now.month, 1, tzinfo=UTC)
        event_generate(span=Span(first, first + timedelta(days=62)), families=tuple(COMPUTED))
        moon = Event.objects.filter(event_type="full_moon").earliest("occurs_at")
        Event.objects.filter(pk=moon.pk).update(occurs_at=self.now + timedelta(minutes=LEAD))
        return moon

    def digests_queue(self) -> int:
        """Have every chat's digest due at once, wherever it is, and queue them."""
        return digests_queue(at=self.now)

    def people_remind(self) -> int:
        told = 0
        for _ring in range(RINGS_MOST):
            count = reminders_append(at=self.now)
            told += count
            if not count:
                break
        return told

    def reminders_follow(self) -> int:
        return reminders_follow(at=self.now)

    def send(self, stopping: threading.Event) -> None:
        """Send digests alone: reminders are more urgent, and would all go before them."""
        Notification.objects.filter(kind="reminder").delete()
        with client_from_settings() as client:
            Sender(client).run(stopping)
        connection.close()


def _hour_set(zone: str, at: datetime) -> None:
    hour = at.astimezone(ZoneInfo(zone)).hour
    TelegramChat.objects.filter(account__user__timezone=zone).update(digest_hour=hour)


def backend_s() -> float:
    """Return the processor time of the database's process that serves this thread."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        row = cursor.fetchone()
    return cpu_seconds(row[0]) if row else 0.0
