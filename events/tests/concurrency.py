"""Two connections at work on the same rows."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from django.db import connections

from starscal.testing.databases import waiting_for_locks
from starscal.testing.polling import poll

T = TypeVar("T")
DEADLINE_S = 30.0


def in_own_connection(work: Callable[[], T]) -> T:
    """Do the work of a thread, then close the connection that the thread opened."""
    try:
        return work()
    finally:
        connections.close_all()


def wait_until_blocked(work: Future[T]) -> None:
    """Return as soon as another connection waits for a lock, or its work is over."""
    assert poll(lambda: work.done() or waiting_for_locks() > 0, timeout_s=DEADLINE_S)
