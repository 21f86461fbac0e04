"""The threads that answer: quickly, several at once, and over a lost database."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from telegram_link.bot import dispatch
from telegram_link.bot.frame import Answer, Command, said
from telegram_link.bot.reader import Reader
from telegram_link.models import Notification, TelegramUpdate
from telegram_link.services.updates import updates_store
from telegram_link.tests.update_shapes import private
from telegram_link.worker import THREADS, updates_answer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]


class Answering:
    """One command, which waits where it is told to."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.waiting = threading.Semaphore(0)

    def answer(self, _reader: Reader, words: str) -> Answer:
        if words == "wait":
            self.waiting.release()
            self.gate.wait(30)
        return said(f"said: {words}")


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Iterator[Answering]:
    """Run the worker of the process beside the test."""
    made = Answering()
    known = {"echo": Command("echo", "echo", made.answer)}
    monkeypatch.setattr(dispatch, "command_named", known.get)
    stopping = threading.Event()
    worker = threading.Thread(target=updates_answer, args=(stopping,))
    worker.start()
    yield made
    made.gate.set()
    stopping.set()
    worker.join(30)
    assert not worker.is_alive()


def texts(chat: int) -> list[Any]:
    rows = Notification.objects.filter(chat=chat).order_by("pk")
    return [row.body["text"] for row in rows]


def comes(chat: int, *words: str) -> bool:
    deadline = time.monotonic() + 20
    while texts(chat) != [f"said: {each}" for each in words]:
        if time.monotonic() > deadline:
            return False
        threading.Event().wait(0.02)
    return True


def test_an_update_is_answered_when_it_is_stored(answering: Answering) -> None:
    updates_store(updates=[private(1, "/echo a")])
    assert comes(1, "a")


def test_a_long_answer_keeps_its_own_chat_waiting_alone(answering: Answering) -> None:
    updates_store(updates=[private(1, "/echo wait"), private(1, "/echo after")])
    assert answering.waiting.acquire(timeout=20)
    updates_store(updates=[private(chat, "/echo b") for chat in range(2, 9)])
    assert all(comes(chat, "b") for chat in range(2, 9))
    assert texts(1) == []
    answering.gate.set()
    assert comes(1, "wait", "after")


def test_more_than_there_are_threads_are_answered_in_time(answering: Answering) -> None:
    updates_store(updates=[private(chat, "/echo wait") for chat in range(1, THREADS + 3)])
    for _thread in range(THREADS):
        assert answering.waiting.acquire(timeout=20)
    answering.gate.set()
    assert all(comes(chat, "wait") for chat in range(1, THREADS + 3))


def test_a_lost_database_is_waited_for(answering: Answering) -> None:
    updates_store(updates=[private(1, "/echo a")])
    assert comes(1, "a")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )
    updates_store(updates=[private(1, "/echo b")])
    assert comes(1, "a", "b")
    assert TelegramUpdate.objects.filter(done_at=None).count() == 0
