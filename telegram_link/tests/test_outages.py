"""What fails is tried again, ever more rarely, and at once after it has worked."""

from __future__ import annotations

import threading
from functools import partial

import pytest
from django.db import OperationalError

from telegram_link import outages
from telegram_link.outages import Pause, sessions_hold

pytestmark = pytest.mark.django_db(transaction=True)


class Hours(threading.Event):
    """An event that nobody waits for: it keeps the pauses, and is set after some."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most
        self.pauses: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.pauses.append(timeout)
        if len(self.pauses) == self.most:
            self.set()
        return self.is_set()


def broken() -> None:
    raise OperationalError("away")


def test_a_pause_grows_until_something_has_worked() -> None:
    pause = Pause(1.0, 5.0)
    assert [pause.taken_s() for _number in range(5)] == [1.0, 2.0, 4.0, 5.0, 5.0]
    pause.reset()
    assert pause.taken_s() == 1.0


def test_a_lost_database_is_waited_for() -> None:
    stopping = Hours(most=7)
    sessions_hold(broken, stopping)
    assert stopping.pauses == [0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0]


def test_after_a_session_that_lasted_the_pause_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outages, "STEADY_S", -1.0)
    stopping = Hours(most=3)
    sessions_hold(broken, stopping)
    assert stopping.pauses == [0.2, 0.2, 0.2]


def test_what_is_no_outage_goes_on_to_the_caller() -> None:
    with pytest.raises(StopIteration):
        sessions_hold(partial(next, iter(())), Hours(most=1))
