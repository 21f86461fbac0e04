"""Answer updates as soon as they are stored; a part of ``manage.py telegram``.

One thread looks what waits; others work, so that an answer that takes long keeps no other chat
waiting.
"""

from __future__ import annotations

import threading
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any, Final

import psycopg
from django.db import connection

from events.live.log import connection_params
from starscal.core import clock
from telegram_link.outages import DATABASE_LOST, sessions_hold
from telegram_link.services.updates import BELL, Job, update_work, updates_open

THREADS: Final = 4
BATCH: Final = 50
POLL_S: Final = 1.0  # a bell that was lost costs no more
BUSY_POLL_S: Final = 0.02  # while others work, whose chats may have more to say

Listener = psycopg.Connection[Any]


def updates_answer(stopping: threading.Event) -> None:
    """Work until told to stop; a lost database is waited for, with growing pauses.

    Any number of processes may do so at once.
    """

    def session() -> None:
        with psycopg.connect(**connection_params(), autocommit=True) as bells:
            bells.execute(f"LISTEN {BELL}".encode())
            Workers(bells).run(stopping)

    sessions_hold(session, stopping)
    connection.close()


class Workers:
    """Threads that each work on one update; of a chat one is under way at most."""

    def __init__(self, bells: Listener) -> None:
        self._bells = bells
        self._under_way: dict[int, Future[bool]] = {}

    def run(self, stopping: threading.Event) -> None:
        """Give them what waits until told to stop. Raises: DATABASE_LOST, also theirs."""
        with ThreadPoolExecutor(THREADS, thread_name_prefix="telegram-answer") as pool:
            try:
                while not stopping.is_set():
                    if not self._begin(pool):
                        self._wait()
                    self._settle()
            finally:
                _connections_close(pool)

    def _begin(self, pool: ThreadPoolExecutor) -> bool:
        """Begin what is open and not under way; say whether there was any."""
        if len(self._under_way) >= THREADS:
            wait(self._under_way.values(), timeout=POLL_S, return_when=FIRST_COMPLETED)
            self._settle()
        jobs = [job for job in updates_open(limit=BATCH) if job.id not in self._under_way]
        for job in jobs[: THREADS - len(self._under_way)]:
            self._under_way[job.id] = pool.submit(_work, job)
        return bool(jobs)

    def _wait(self) -> None:
        """Wait for the bell of a new update."""
        seconds = BUSY_POLL_S if self._under_way else POLL_S
        for _bell in self._bells.notifies(timeout=seconds, stop_after=1):
            return

    def _settle(self) -> None:
        """Forget what is done; raise what went wrong there."""
        for number in [each for each, work in self._under_way.items() if work.done()]:
            self._under_way.pop(number).result()


def _work(job: Job) -> bool:
    try:
        return update_work(job=job, at=clock.now())
    except DATABASE_LOST:
        connection.close()
        raise


def _connections_close(pool: ThreadPoolExecutor) -> None:
    """Have each thread close its connection, once all have come to an end with their work."""
    together = threading.Barrier(THREADS)

    def close() -> None:
        together.wait()
        connection.close()

    for closing in [pool.submit(close) for _number in range(THREADS)]:
        closing.result()
