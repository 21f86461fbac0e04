"""Reminders reach the linked chat: every one, once, whoever writes and reads at the same time."""

from __future__ import annotations

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from events.message_payloads import reminder_body
from events.models import Event, Reminder
from events.services.generation import event_generate
from events.services.reminding import reminders_append
from events.tests.concurrency import in_own_connection
from events.tests.conftest import SUMMER_2026
from events.tests.live_people import say
from starscal.core.models import OutboxMessage, Stream
from telegram_link.bot.event_words import reminder_message
from telegram_link.models import Notification, TelegramAccount, TelegramChat
from telegram_link.selectors.readers import reader_of
from telegram_link.services import following
from telegram_link.services.following import reminders_follow

pytestmark = pytest.mark.django_db
H, TICK = timedelta(hours=1), timedelta(microseconds=1)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def bot(settings: Any) -> None:
    settings.TELEGRAM_BOT_TOKEN = "1:only-for-tests"


@pytest.fixture
def moon(db: None) -> Event:
    event_generate(span=SUMMER_2026, families=("moon_phases",))
    event = Event.objects.get(slug="moon-full-2026-06-29")
    Event.objects.exclude(pk=event.pk).delete()
    return event


def linked(number: int, **fields: Any) -> User:
    """Return somebody whose chat has the same number."""
    user = User.objects.create_user(f"person{number}", timezone="Europe/Berlin")
    chat = TelegramChat.objects.create(pk=number, **fields)
    TelegramAccount.objects.create(user=user, chat=chat, telegram_user_id=number)
    TelegramAccount.objects.update(linked_at=LONG_AGO)
    return user


def reminded(event: Event, *users: User, lead: int = 60) -> datetime:
    """Have people be told so long before an event, and return when that is."""
    Reminder.objects.bulk_create(
        Reminder(user=user, event_type=event.event_type, lead_minutes=lead) for user in users
    )
    Reminder.objects.update(created_at=LONG_AGO)
    at = event.occurs_at - timedelta(minutes=lead)
    assert reminders_append(at=at) == len(users)
    return at


def chats() -> list[int]:
    rows = Notification.objects.filter(kind="reminder").order_by("chat_id", "pk")
    return list(rows.values_list("chat_id", flat=True))


def test_what_is_said_to_a_person_is_queued_for_the_chat_once(moon: Event) -> None:
    at = reminded(moon, linked(1), linked(2), User.objects.create_user("unlinked"))
    assert [reminders_follow(at=at) for _n in range(2)] == [2, 0]
    row = Notification.objects.get(chat=1)
    assert row.body == {"reminder": str(moon.pk), "lead_minutes": 60}
    assert row.key == OutboxMessage.objects.get(stream_id=f"me:{row.chat.account.user_id}").key
    reminded(moon, *User.objects.filter(username="person1"), lead=30)
    assert reminders_follow(at=at) == 1
    TelegramAccount.objects.update(heard_epoch=None, heard_seq=None)  # how far it came is lost
    reminders_follow(at=at)
    assert chats() == [1, 1, 2]


def test_what_was_said_before_the_link_is_not_told(moon: Event) -> None:
    user = linked(1)
    at = reminded(moon, user)
    said = OutboxMessage.objects.get(kind="reminder.due")
    TelegramAccount.objects.update(linked_at=said.created_at + TICK)
    assert reminders_follow(at=at) == 0
    reminded(moon, user, lead=30)
    assert reminders_follow(at=at) == 1


def test_in_another_epoch_it_begins_with_the_newest(moon: Event) -> None:
    user = linked(1)
    at = reminded(moon, user)
    reminders_follow(at=at)
    reminded(moon, user, lead=30)
    Stream.objects.filter(name=f"me:{user.pk}").update(epoch=uuid4())
    assert reminders_follow(at=at) == 0
    reminded(moon, user, lead=15)
    assert reminders_follow(at=at) == 1


def test_quiet_hours_move_it_to_their_end(moon: Event) -> None:
    at = reminded(moon, linked(1, quiet_from=time(22), quiet_until=time(6)))
    reminders_follow(at=at)  # it is 0:56 in Berlin
    assert Notification.objects.get().due_at == datetime(2026, 6, 30, 4, tzinfo=UTC)


@pytest.mark.parametrize("field", ["blocked_at", "stopped_at"])
def test_who_wants_nothing_is_told_nothing_later_either(moon: Event, field: str) -> None:
    at = reminded(moon, linked(1))
    TelegramChat.objects.update(**{field: at})
    assert reminders_follow(at=at) == 0
    TelegramChat.objects.update(**{field: None})
    assert reminders_follow(at=at) == 0


def test_nobody_is_reminded_of_what_is_over(moon: Event) -> None:
    reminded(moon, linked(1))
    assert reminders_follow(at=moon.occurs_at + H) == 0


def test_members_alone_are_reminded_where_the_settings_say_so(moon: Event, settings: Any) -> None:
    first, second = linked(1), linked(2)
    User.objects.filter(pk=second.pk).update(is_telegram_subscribed=True)
    settings.TELEGRAM_CHANNEL_ID, settings.TELEGRAM_MEMBERS_ONLY = "-1001", ["reminders"]
    Reminder.objects.bulk_create(
        Reminder(user=user, event_type=moon.event_type, lead_minutes=60) for user in (first, second)
    )
    Reminder.objects.update(created_at=LONG_AGO)
    assert reminders_append(at=moon.occurs_at - H) == 1
    assert reminders_follow(at=moon.occurs_at - H) == 1
    assert chats() == [2]


def test_what_was_cut_off_halfway_is_done_by_the_next(
    moon: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = reminded(moon, linked(1), linked(2))

    def lost(_behind: object) -> None:
        raise OperationalError("The connection is lost.")

    with monkeypatch.context() as broken, transaction.atomic():
        broken.setattr(following, "_heard", lost)
        with pytest.raises(OperationalError):
            reminders_follow(at=at)
    assert chats() == []
    reminders_follow(at=at)
    assert chats() == [1, 2]


def test_without_a_bot_nothing_is_queued(moon: Event, settings: Any) -> None:
    at = reminded(moon, linked(1))
    settings.TELEGRAM_BOT_TOKEN = ""
    assert reminders_follow(at=at) == 0
    settings.TELEGRAM_BOT_TOKEN = "1:only-for-tests"
    assert reminders_follow(at=at) == 1


def test_many_take_no_more_statements_than_one(moon: Event) -> None:
    at = reminded(moon, linked(1))
    with CaptureQueriesContext(connections["default"]) as one:
        reminders_follow(at=at)
    reminded(moon, *(linked(number) for number in range(2, 40)), lead=30)
    with CaptureQueriesContext(connections["default"]) as many:
        assert reminders_follow(at=at) == 38
    assert len(many) == len(one)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_lost_or_doubled_while_many_write_and_two_read(
    moon: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Transactions commit in another order than their rows were made in."""
    monkeypatch.setattr(following, "BATCH", 7)
    streams = sorted(f"me:{linked(number).pk}" for number in range(1, 21))
    body = dict(reminder_body(moon, lead_minutes=60))
    at = moon.occurs_at - H
    is_over = threading.Event()

    def write(seed: int) -> None:
        dice = random.Random(seed)
        for _n in range(25):
            with transaction.atomic(), connection.cursor() as cursor:
                for stream in sorted(dice.sample(streams, 3)):
                    say(stream, "reminder.due", **body)
                    cursor.execute("SELECT pg_sleep(%s)", [dice.random() / 200])

    def read() -> None:
        while not is_over.is_set():
            reminders_follow(at=at)

    with ThreadPoolExecutor(6) as pool:
        readers = [pool.submit(in_own_connection, read) for _n in range(2)]
        list(pool.map(in_own_connection, [partial(write, seed) for seed in range(4)]))
        is_over.set()
        for reader in readers:
            reader.result(30)
    reminders_follow(at=at)
    said = OutboxMessage.objects.filter(kind="reminder.due").values_list("key", flat=True)
    queued = Notification.objects.values_list("key", flat=True)
    assert len(said) == 4 * 25 * 3
    assert sorted(said) == sorted(queued)


LANGUAGES = ["en", "zh-hans", "es", "hi", "pt-br", "de", "fr", "ja", "ru", "hy"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reminder_is_written_in_the_readers_language(
    moon: Event, language: str, settings: Any
) -> None:
    settings.SITE_URL = "https://stars.example"
    user = linked(1)
    User.objects.update(language=language)
    at = reminded(moon, user)
    reminders_follow(at=at)
    row = Notification.objects.get()
    message = reminder_message(reader_of(chat=row.chat, at=at), row.body)
    assert message is not None
    assert f"<b>{moon.text('title', language)}</b>" in message.text
    assert "UTC" in message.text or "GMT" in message.text
    assert message.keyboard[0][0].url == f"https://stars.example/{language}/events/{moon.slug}/"


def test_a_reminder_tells_the_event_as_it_is_when_it_is_sent(moon: Event) -> None:
    room = TelegramChat.objects.get(account__user=linked(1))
    reader = reader_of(chat=room, at=moon.occurs_at - H)
    body = {"reminder": str(moon.pk), "lead_minutes": 60}
    told = reminder_message(reader, body)
    assert told is not None
    assert "in 1 hour" in told.text
    assert told.keyboard[-1][0].data == "reminders:"
    Event.objects.update(title_en="<b>&", status="cancelled")
    told = reminder_message(reader, body)
    assert told is not None
    assert told.text.startswith("Cancelled: <b>&lt;b&gt;&amp;</b>.")
    Event.objects.update(status="hidden")
    assert reminder_message(reader, body) is None
