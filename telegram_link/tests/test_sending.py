"""The queue as senders see it: who may send what, when, and what is written down of it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now

from starscal.core import clock
from starscal.testing.databases import waiting_for_locks
from starscal.testing.polling import poll
from telegram_link.messages import Message
from telegram_link.models import BotState, Notification, TelegramChat
from telegram_link.services.queue import message_queue
from telegram_link.services.sending import (
    GROUP_PACE_S,
    PRIVATE_PACE_S,
    TRIES_MOST,
    Claimed,
    Outcome,
    chat_close,
    notifications_claim,
    notifications_mark,
    notifications_sweep,
    sending_wait_s,
)

pytestmark = pytest.mark.django_db(transaction=True)

Kind = Notification.Kind
Status = Notification.Status
LEASE = timedelta(seconds=settings.TELEGRAM_LEASE_S)


def chat(number: int = 1, kind: str = TelegramChat.Kind.PRIVATE) -> TelegramChat:
    return TelegramChat.objects.create(pk=number, kind=kind)


def queued(chat_id: int, key: str, kind: str = Kind.REMINDER) -> Notification:
    message_queue(chat_id=chat_id, key=key, message=Message(key), kind=kind)
    return Notification.objects.get(key=key)


def keys(limit: int = 10) -> list[str]:
    return [claimed.key for claimed in notifications_claim(limit=limit)]


def claimed_one() -> Claimed:
    (claimed,) = notifications_claim(limit=1)
    return claimed


def paced_on() -> None:
    """Let the pace of every chat have passed."""
    TelegramChat.objects.update(next_send_at=Now())


def sent(claimed: Claimed) -> Outcome:
    return Outcome(claimed, Status.SENT, message_id=77)


def test_the_most_urgent_goes_first_and_one_message_a_chat() -> None:
    for number in (1, 2):
        chat(number)
        queued(number, f"digest-{number}", Kind.DIGEST)
        queued(number, f"reply-{number}", Kind.REPLY)
    assert keys(1) == ["reply-1"]
    assert keys() == ["reply-2"]
    assert keys() == []


def test_messages_of_a_chat_go_in_the_order_in_which_they_were_queued() -> None:
    chat()
    told = []
    for number in range(4):
        queued(1, f"n-{number}")
    for _round in range(4):
        claimed = claimed_one()
        told.append(claimed.key)
        notifications_mark(outcomes=[sent(claimed)])
        paced_on()
    assert told == ["n-0", "n-1", "n-2", "n-3"]


def test_what_is_due_later_waits() -> None:
    chat()
    row = queued(1, "later")
    Notification.objects.update(due_at=clock.now() + timedelta(hours=1))
    assert keys() == []
    assert sending_wait_s() is None
    Notification.objects.update(due_at=clock.now() + timedelta(seconds=0.9))
    assert sending_wait_s() == pytest.approx(0.5, abs=0.5)
    assert notifications_claim(limit=1, at=row.due_at + timedelta(hours=2)) != []


def test_a_lease_that_ends_frees_the_message_and_its_chat() -> None:
    chat()
    queued(1, "a")
    queued(1, "b")
    first = claimed_one()
    now = clock.now()
    assert notifications_claim(limit=5, at=now + LEASE - timedelta(seconds=5)) == []
    (again,) = notifications_claim(limit=5, at=now + LEASE + timedelta(seconds=5))
    assert (again.id, again.tries) == (first.id, 2)


class Senders:
    """Two threads with a connection each, that start at the same instant."""

    def __init__(self) -> None:
        self.pool = ThreadPoolExecutor(2)
        self.barrier = Barrier(2)

    def claim(self, limit: int) -> list[list[Claimed]]:
        return list(self.pool.map(self._claim, [limit] * 2))

    def _claim(self, limit: int) -> list[Claimed]:
        self.barrier.wait(timeout=30)
        return notifications_claim(limit=limit)

    def mark(self, outcomes: list[Outcome]) -> Future[None]:
        return self.pool.submit(notifications_mark, outcomes=outcomes)

    def close(self) -> None:
        self.barrier = Barrier(2)
        list(self.pool.map(self._close, range(2)))
        self.pool.shutdown()

    def _close(self, _number: int) -> None:
        self.barrier.wait(timeout=30)
        connection.close()


@pytest.fixture
def senders() -> Iterator[Senders]:
    made = Senders()
    yield made
    made.close()


def test_two_senders_at_once_never_claim_the_same_nor_the_same_chat(senders: Senders) -> None:
    for number in range(1, 41):
        chat(number)
        queued(number, f"a-{number}")
        queued(number, f"b-{number}")
    told: list[Claimed] = []
    for _round in range(20):
        rounds = [claimed for each in senders.claim(4) for claimed in each]
        assert len({claimed.chat_id for claimed in rounds}) == len(rounds)
        told += rounds
    assert len({claimed.id for claimed in told}) == len(told) == 40
    assert {claimed.tries for claimed in told} == {1}


@pytest.mark.parametrize(
    ("kind", "pace_s"),
    [
        (TelegramChat.Kind.PRIVATE, PRIVATE_PACE_S),
        (TelegramChat.Kind.GROUP, GROUP_PACE_S),
        (TelegramChat.Kind.CHANNEL, GROUP_PACE_S),
    ],
)
def test_a_chat_rests_after_each_message(kind: str, pace_s: float) -> None:
    chat(kind=kind)
    queued(1, "a")
    queued(1, "b")
    notifications_mark(outcomes=[sent(claimed_one())])
    next_at = TelegramChat.objects.get().next_send_at
    marked_at = Notification.objects.get(key="a").settled_at
    assert marked_at is not None
    assert pace_s - 1 < (next_at - marked_at).total_seconds() <= pace_s
    assert notifications_claim(limit=10, at=next_at - timedelta(milliseconds=1)) == []
    assert [claimed.key for claimed in notifications_claim(limit=10, at=next_at)] == ["b"]


def test_answers_to_buttons_wait_for_no_pace() -> None:
    chat()
    queued(1, "a")
    assert keys() == ["a"]
    for number in range(2):
        row = queued(1, f"press-{number}", Kind.REPLY)
        Notification.objects.filter(pk=row.pk).update(method="answerCallbackQuery")
    before = TelegramChat.objects.get()
    assert keys() == ["press-0", "press-1"]
    assert keys() == []  # they are being sent
    assert TelegramChat.objects.get().next_send_at == before.next_send_at


def test_silence_holds_for_everybody_and_over_restarts() -> None:
    chat(1)
    chat(2)
    queued(1, "a")
    queued(2, "b", Kind.REPLY)
    claimed = claimed_one()
    notifications_mark(outcomes=[Outcome.silenced(claimed, "Too Many Requests", 30)])
    row = Notification.objects.get(key="b")
    assert (row.status, row.tries, row.lease_until) == (Status.QUEUED, 0, None)
    assert keys() == []
    notifications_mark(outcomes=[Outcome.silenced(claimed, "Too Many Requests", 3)])
    assert sending_wait_s() == pytest.approx(30, abs=5)
    until = BotState.objects.get().silent_until
    assert until is not None
    assert until > clock.now() + timedelta(seconds=20)  # a shorter one ends no longer one
    assert [c.key for c in notifications_claim(limit=5, at=until + timedelta(seconds=2))] == [
        "b",
        "a",
    ]


@pytest.mark.parametrize("column", ["blocked_at", "stopped_at"])
def test_a_chat_that_wants_nothing_is_sent_nothing(column: str) -> None:
    chat()
    queued(1, "a")
    TelegramChat.objects.update(**{column: Now()})
    assert keys() == []
    assert sending_wait_s() is None
    notifications_sweep()
    row = Notification.objects.get()
    assert (row.status, row.body) == (Status.DROPPED, {})


def test_whoever_stopped_the_bot_still_gets_its_reply() -> None:
    chat()
    queued(1, "goodbye", Kind.REPLY)
    TelegramChat.objects.update(stopped_at=Now())
    notifications_sweep()
    assert keys() == ["goodbye"]


def test_a_chat_that_refuses_is_closed_with_its_queue() -> None:
    chat(1)
    chat(2)
    for number in (1, 1, 2):
        queued(number, f"{number}-{Notification.objects.count()}")
    claimed = claimed_one()
    refused = Outcome(claimed, Status.DROPPED, "Forbidden: bot was blocked", is_closed=True)
    notifications_mark(outcomes=[refused])
    assert TelegramChat.objects.get(pk=1).blocked_at is not None
    found = set(Notification.objects.values_list("chat_id", "status", "reason"))
    assert found == {
        (1, Status.DROPPED, "Forbidden: bot was blocked"),
        (1, Status.DROPPED, "The chat is closed."),
        (2, Status.QUEUED, ""),
    }
    since = TelegramChat.objects.get(pk=1).blocked_at
    chat_close(chat_id=1)
    assert TelegramChat.objects.get(pk=1).blocked_at == since


def test_waits_grow_and_the_eighth_try_is_the_last() -> None:
    chat()
    row = queued(1, "a")
    waits = []
    for number in range(1, TRIES_MOST + 1):
        claimed = claimed_one()
        assert claimed.tries == number
        notifications_mark(outcomes=[Outcome.again(claimed, "Bad Gateway")])
        row.refresh_from_db()
        if row.status == Status.QUEUED:
            waits.append((row.due_at - clock.now()).total_seconds())
            Notification.objects.update(due_at=Now())
        paced_on()
    assert waits == pytest.approx([2, 8, 32, 128, 512, 2048, 8192], abs=1.5)
    assert (row.status, row.reason) == (Status.DEAD, "Bad Gateway")
    assert row.body["text"] == "a"  # kept, so that staff can have it tried again
    assert row.settled_at is not None


def test_what_ended_eight_processes_is_given_up() -> None:
    chat()
    queued(1, "a")
    Notification.objects.update(tries=TRIES_MOST, lease_until=Now() - timedelta(seconds=1))
    assert keys() == []
    assert sending_wait_s() is None
    notifications_sweep()
    assert Notification.objects.get().status == Status.DEAD


def test_marks_are_idempotent_and_a_sent_message_stays_sent() -> None:
    chat()
    queued(1, "a")
    claimed = claimed_one()
    notifications_mark(outcomes=[sent(claimed)])
    before = Notification.objects.values().get()
    assert (before["status"], before["message_id"], before["body"]) == (Status.SENT, 77, {})
    for late in (sent(claimed), Outcome.again(claimed, "late"), Outcome(claimed, Status.DEAD)):
        notifications_mark(outcomes=[late])
    assert Notification.objects.values().get() == before


def test_whoever_lost_the_lease_says_only_that_it_was_sent() -> None:
    chat()
    queued(1, "a")
    slow = claimed_one()
    (quick,) = notifications_claim(limit=1, at=clock.now() + LEASE * 2)
    notifications_mark(outcomes=[Outcome(slow, Status.DEAD, "late")])
    row = Notification.objects.get()
    assert (row.status, row.reason) == (Status.QUEUED, "")
    assert row.lease_until is not None
    notifications_mark(outcomes=[sent(slow)])
    notifications_mark(outcomes=[Outcome.again(quick, "late")])
    assert Notification.objects.get().status == Status.SENT


def test_chats_are_held_in_the_order_of_their_numbers(senders: Senders) -> None:
    for number in (2, 1):
        chat(number)
        queued(number, f"to-{number}")
    outcomes = [sent(claimed) for claimed in notifications_claim(limit=2)]
    stored_backwards()
    with transaction.atomic():
        held = TelegramChat.objects.select_for_update(nowait=True)
        held.get(pk=1)
        marking = senders.mark(outcomes)
        assert poll(lambda: waiting_for_locks() > 0, timeout_s=10)
        held.get(pk=2)
    marking.result(timeout=30)
    assert set(Notification.objects.values_list("status", flat=True)) == {Status.SENT}


def stored_backwards() -> None:
    """Have the table hold its chats in the other order, and be read as it is stored."""
    for number in (2, 1):
        TelegramChat.objects.filter(pk=number).update(title="Sky")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE telegram_link_telegramchat")
        cursor.execute("SELECT id FROM telegram_link_telegramchat")
        assert cursor.fetchall() == [(2,), (1,)]


def claimed_elsewhere() -> list[str]:
    """Claim over another connection."""

    def claim() -> list[str]:
        try:
            return keys()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(claim).result(timeout=30)


def test_a_message_that_is_just_being_queued_holds_up_nobody() -> None:
    chat()
    queued(1, "a")
    with transaction.atomic():
        queued(1, "b")
        connection.check_constraints()  # as at a commit: a lock of its own on the chat's row
        assert claimed_elsewhere() == ["a"]


def test_what_somebody_else_holds_is_left_for_the_next_time() -> None:
    for number in (1, 2):
        chat(number)
        queued(number, f"to-{number}")
    with transaction.atomic():
        TelegramChat.objects.select_for_update().get(pk=1)
        assert claimed_elsewhere() == ["to-2"]
    assert keys() == ["to-1"]
