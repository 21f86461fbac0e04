"""The sender at work against the double: who waits for whom, and what survives what."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.db import connection, transaction
from django.db.models.functions import Now

from events.live.log import connection_params
from starscal.core import clock
from starscal.testing.polling import poll
from starscal.testing.telegram import TelegramDouble
from telegram_link import pace
from telegram_link import sender as sender_module
from telegram_link.client import client_from_settings
from telegram_link.messages import Button, Message, stored
from telegram_link.models import BotState, Notification, TelegramChat
from telegram_link.sender import Sender
from telegram_link.services.queue import message_queue
from telegram_link.turn import TURN_LOCK
from telegram_link.writers import EDITED

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

Kind = Notification.Kind
Status = Notification.Status


class Running:
    """A sender in a thread of its own."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.client = client_from_settings()
        self.sender = Sender(self.client)
        self.thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        try:
            self.sender.run(self.stopping)
        finally:
            connection.close()

    def start(self) -> Running:
        self.thread.start()
        return self

    def stop(self) -> None:
        self.stopping.set()
        self.sender._ring()  # one that idles for longer than usual, for a test, looks at once
        if self.thread.ident is not None:
            self.thread.join(timeout=30)
        self.client.close()
        assert not self.thread.is_alive()


@pytest.fixture
def running(
    telegram: TelegramDouble, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], Running]]:
    monkeypatch.setattr(pace, "START_S", 0.0)
    with ExitStack() as stack:

        def start() -> Running:
            made = Running().start()
            stack.callback(made.stop)
            return made

        yield start


@pytest.fixture
def chat(telegram: TelegramDouble) -> Callable[[], int]:
    def add() -> int:
        number = telegram.people.add().id
        TelegramChat.objects.create(pk=number)
        return number

    return add


def queued(chat_id: int, key: str = "", **facts: Any) -> Notification:
    key = key or f"to-{chat_id}"
    message_queue(chat_id=chat_id, key=key, message=Message(key), kind=Kind.REPLY)
    Notification.objects.filter(key=key).update(**facts)
    return Notification.objects.get(key=key)


def becomes(row: Notification, status: str, timeout_s: float = 20.0) -> Notification:
    def has() -> bool:
        row.refresh_from_db()
        return row.status == status

    assert poll(has, timeout_s=timeout_s), (row.status, row.reason)
    return row


def test_what_waits_is_sent_and_its_content_forgotten(
    telegram: TelegramDouble, chat: Callable[[], int], running: Callable[[], Running]
) -> None:
    row = queued(chat(), "hello")
    running()
    becomes(row, Status.SENT)
    (call,) = telegram.accepted()
    assert (call.chat_id, call.text) == (row.chat_id, "hello")
    assert (row.message_id, row.body) == (call.result["message_id"], {})


def test_an_answer_that_takes_long_keeps_nobody_else_waiting(
    telegram: TelegramDouble, chat: Callable[[], int], running: Callable[[], Running]
) -> None:
    rows = [queued(chat()) for _number in range(12)]
    slow = rows[0]
    telegram.fail("slow", chat_id=slow.chat_id, seconds=6.0)
    running()
    for row in rows[1:]:
        becomes(row, Status.SENT)
    slow.refresh_from_db()
    assert slow.status == Status.QUEUED
    becomes(slow, Status.SENT)


def test_a_bell_wakes_an_idle_sender(
    monkeypatch: pytest.MonkeyPatch,
    telegram: TelegramDouble,
    chat: Callable[[], int],
    running: Callable[[], Running],
) -> None:
    monkeypatch.setattr(sender_module, "LONGEST_IDLE_S", 25.0)  # longer than is waited below
    running()
    becomes(queued(chat(), "first"), Status.SENT)
    becomes(queued(chat(), "second"), Status.SENT)


def test_a_stopped_sender_finishes_what_is_under_way_and_begins_nothing(
    telegram: TelegramDouble, chat: Callable[[], int], running: Callable[[], Running]
) -> None:
    first = queued(chat())
    telegram.fail("slow", chat_id=first.chat_id, seconds=2.0)
    at_work = running()
    telegram.wait_for(lambda: any(call.chat_id == first.chat_id for call in telegram.log))
    at_work.stopping.set()
    second = queued(chat())
    at_work.thread.join(timeout=30)
    becomes(first, Status.SENT, timeout_s=0.1)
    second.refresh_from_db()
    assert (second.status, second.tries) == (Status.QUEUED, 0)


def test_one_sender_works_and_another_stands_by(
    telegram: TelegramDouble, chat: Callable[[], int], running: Callable[[], Running]
) -> None:
    first = running()
    assert poll(lambda: first.sender.is_active, timeout_s=20)
    second = running()
    becomes(queued(chat()), Status.SENT)
    assert not second.sender.is_active
    first.stop()
    becomes(queued(chat()), Status.SENT)
    assert second.sender.is_active


def sever(but: int = 0) -> None:
    """Cut the sender's connections, the one with the lock among them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> ALL(%s)",
            [[but, connection.connection.info.backend_pid]],
        )


def test_what_was_sent_is_remembered_over_a_loss_of_the_database(
    telegram: TelegramDouble, chat: Callable[[], int], running: Callable[[], Running]
) -> None:
    row = queued(chat())
    telegram.fail("slow", chat_id=row.chat_id, seconds=1.0)
    running()
    telegram.wait_for(lambda: any(call.chat_id == row.chat_id for call in telegram.log))
    sever()
    becomes(row, Status.SENT)
    becomes(queued(chat(), "after"), Status.SENT)
    assert len(telegram.accepted()) == 2


def test_what_was_under_way_is_written_down_while_another_has_the_turn(
    telegram: TelegramDouble, chat: Callable[[], int], running: Callable[[], Running]
) -> None:
    row = queued(chat())
    telegram.fail("slow", chat_id=row.chat_id, seconds=2.0)
    at_work = running()
    telegram.wait_for(lambda: any(call.chat_id == row.chat_id for call in telegram.log))
    with psycopg.connect(**connection_params(), autocommit=True) as other:
        sever(but=other.info.backend_pid)
        other.execute("SET lock_timeout = 0")
        other.execute("SELECT pg_advisory_lock(%s)", [TURN_LOCK])
        becomes(row, Status.SENT)
        assert not at_work.sender.is_active


def test_whoever_loses_the_lock_stops_sending(
    telegram: TelegramDouble, running: Callable[[], Running]
) -> None:
    at_work = running()
    assert poll(lambda: at_work.sender.is_active, timeout_s=20)
    sever()
    assert poll(lambda: not at_work.sender.is_active, timeout_s=20, interval_s=0.01)
    assert poll(lambda: at_work.sender.is_active, timeout_s=20)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [TURN_LOCK])
        assert cursor.fetchone() == (False,)


def test_one_that_cannot_be_written_holds_up_no_other(
    telegram: TelegramDouble, chat: Callable[[], int], running: Callable[[], Running]
) -> None:
    broken = queued(chat(), body={"unknown": 1}, tries=7)
    sound = queued(chat())
    running()
    becomes(sound, Status.SENT)
    becomes(broken, Status.DEAD)
    assert broken.reason == "Unwritten: KeyError"


@pytest.mark.parametrize(
    ("fault", "facts", "status", "reason"),
    [
        ({"kind": "refused", "code": 400, "told": "message is too long"}, {}, "dead", "too long"),
        ({"kind": "unavailable"}, {"tries": 7}, "dead", "502"),
        ({"kind": "garbage"}, {"tries": 7}, "dead", "200"),
        ({"kind": "closed"}, {"tries": 7}, "dead", "Error"),
    ],
    ids=["400", "502", "garbage", "closed"],
)
def test_what_fails_for_good_is_dead_with_its_reason(
    telegram: TelegramDouble,
    chat: Callable[[], int],
    running: Callable[[], Running],
    fault: dict[str, Any],
    facts: dict[str, Any],
    status: str,
    reason: str,
) -> None:
    row = queued(chat(), **facts)
    telegram.fail(chat_id=row.chat_id, **fault)
    running()
    becomes(row, status)
    assert reason in row.reason


@pytest.mark.parametrize("code", [401, 404])
def test_a_refused_token_silences_the_bot_and_costs_no_try(
    telegram: TelegramDouble, chat: Callable[[], int], running: Callable[[], Running], code: int
) -> None:
    row = queued(chat())
    telegram.fail("refused", code=code)
    running()
    assert poll(lambda: BotState.objects.filter(silent_until__isnull=False).exists(), timeout_s=20)
    row.refresh_from_db()
    assert (row.status, row.tries, row.lease_until) == (Status.QUEUED, 0, None)
    assert telegram.token not in row.reason


def test_buttons_are_answered_and_messages_edited(
    telegram: TelegramDouble, chat: Callable[[], int], running: Callable[[], Running]
) -> None:
    number = chat()
    first = queued(number, "first")
    running()
    becomes(first, Status.SENT)
    words = Message("<b>now</b>", keyboard=((Button("Again", data="today:1"),),))
    body = {**stored(words), EDITED: first.message_id}
    edit = queued(number, "edit", method="editMessageText", body=body)
    same = queued(number, "same", method="editMessageText", body=body)
    late = queued(
        number, "late", method="answerCallbackQuery", body={"callback_query_id": "1", "text": "Ok."}
    )
    becomes(late, Status.DROPPED)
    becomes(edit, Status.SENT)
    becomes(same, Status.DROPPED)
    message = telegram.world.chats[number].messages[first.message_id or 0]
    assert message["text"] == "now"
    assert message["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "today:1"


def test_whoever_holds_a_chat_costs_the_sender_no_turn(
    telegram: TelegramDouble, chat: Callable[[], int], running: Callable[[], Running]
) -> None:
    first, other = queued(chat()), chat()
    telegram.fail("slow", chat_id=first.chat_id, seconds=1.0)
    with patch.object(sender_module.log, "warning") as complained:
        at_work = running()
        telegram.wait_for(lambda: any(call.chat_id == first.chat_id for call in telegram.log))
        with transaction.atomic():
            TelegramChat.objects.select_for_update().get(pk=first.chat_id)
            assert poll(lambda: at_work.sender._mark_at > 0, timeout_s=20)
            assert at_work.sender.is_active
        becomes(first, Status.SENT)
        becomes(queued(other), Status.SENT)
    complained.assert_not_called()
    assert len(telegram.accepted()) == 2


def quiet_now(chat_id: int, zone: str = "Asia/Tokyo") -> None:
    """Have a chat set quiet hours around this hour of its zone."""
    local = clock.now().astimezone(ZoneInfo(zone))
    start, end = ((local + timedelta(hours=hours)).time() for hours in (-1, 2))
    TelegramChat.objects.filter(pk=chat_id).update(timezone=zone, quiet_from=start, quiet_until=end)


@pytest.mark.parametrize("kind", [Kind.REMINDER, Kind.DIGEST, Kind.ANNOUNCEMENT])
def test_what_nobody_asked_for_waits_for_the_end_of_quiet_hours(
    telegram: TelegramDouble, chat: Callable[[], int], running: Callable[[], Running], kind: str
) -> None:
    number = chat()
    unasked = queued(number, "unasked", kind=kind, priority=0)
    reply = queued(number, "reply")
    quiet_now(number)
    running()
    becomes(reply, Status.SENT)
    unasked.refresh_from_db()
    assert [call.text for call in telegram.log] == ["reply"]
    assert (unasked.status, unasked.tries, unasked.lease_until) == (Status.QUEUED, 0, None)
    wait_s = (unasked.due_at - clock.now()).total_seconds()
    assert wait_s == pytest.approx(7200, abs=60)
    TelegramChat.objects.update(quiet_from=None, quiet_until=None)
    Notification.objects.filter(pk=unasked.pk).update(due_at=Now())
    becomes(unasked, Status.SENT)


def test_a_group_that_became_a_supergroup_loses_nothing(
    telegram: TelegramDouble, running: Callable[[], Running]
) -> None:
    group = telegram.people.chat(-700, "group")
    telegram.people.chat(-100700, "supergroup")
    group.moved_to = -100700
    TelegramChat.objects.create(pk=-700, kind="group", title="Sky", language="hy", digest="daily")
    rows = [queued(-700, f"n-{number}") for number in range(2)]
    running()
    for row in rows:
        becomes(row, Status.SENT)
        assert row.chat_id == -100700
    assert [call.chat_id for call in telegram.accepted()] == [-100700, -100700]
    assert len([call for call in telegram.log if call.chat_id == -700]) == 1
    new = TelegramChat.objects.get()
    assert (new.kind, new.title, new.language, new.digest) == ("supergroup", "Sky", "hy", "daily")
