"""Two connections at work on the same rows."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from django.db import connection, connections

T = TypeVar("T")
DEADLINE_S = 10.0
BLOCKED = "SELECT count(*) FROM pg_locks WHERE NOT granted"


def in_own_connection(work: Callable[[], T]) -> T:
    """Do the work of a thread, then close the connection that the thread opened."""
    try:
        return work()
    finally:
        connections.close_all()


def wait_until_blocked(work: Future[T]) -> None:
    """Return as soon as another connection waits for a lock, or its work is over."""
    deadline = time.monotonic() + DEADLINE_S
    while not work.done() and time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(BLOCKED)
            if cursor.fetchone()[0]:
                return
