"""Send what waits, one process at a time, within the limits of the Bot API.

The thread that runs the sender alone touches the database. Calls are made in a pool of threads,
so that an answer of ten seconds keeps nobody else waiting; what came of them comes back by a
queue and is written down at once.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from queue import Empty, SimpleQueue
from typing import Final

import psycopg
import structlog
from django.db import Error, OperationalError, connection

from starscal.core import clock
from starscal.core.errors import error_record
from starscal.core.metrics import telegram_notifications_total
from telegram_link.client import BotApi
from telegram_link.models import Notification
from telegram_link.outages import DATABASE_LOST, sessions_hold
from telegram_link.outcomes import outcome_of
from telegram_link.pace import Pacer
from telegram_link.queue_figures import queue_figures_set
from telegram_link.selectors.addressees import quiet_wait_s
from telegram_link.services.presence import chat_moved
from telegram_link.services.sending import (
    Claimed,
    Outcome,
    notifications_claim,
    notifications_mark,
    notifications_sweep,
    sending_wait_s,
)
from telegram_link.turn import Turn
from telegram_link.writers import Outgoing, outgoing_write

THREADS: Final = 32  # at 25 a second, answers may take more than a second each
LONGEST_IDLE_S: Final = 1.0  # a bell that was lost costs no more
SHORTEST_IDLE_S: Final = 0.001
CHORES_S: Final = 10.0
FAREWELL_S: Final = 12.0  # calls under way may take ten seconds
HELD: Final = (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected)
MARK_AGAIN_S: Final = 0.25  # after somebody else held what was to be written
UNASKED: Final = frozenset(
    {Notification.Kind.REMINDER, Notification.Kind.DIGEST, Notification.Kind.ANNOUNCEMENT}
)
QUIET: Final = "Quiet hours."

log = structlog.stdlib.get_logger("starscal.telegram")


class Sender:
    """The part of ``manage.py telegram`` that sends."""

    def __init__(self, client: BotApi) -> None:
        self.is_active = False
        self._client = client
        self._told: SimpleQueue[Outcome | None] = SimpleQueue()  # None is a bell
        self._unmarked: list[Outcome] = []
        self._under_way = 0
        self._pacer = Pacer(0.0)
        self._look_at = 0.0
        self._mark_at = 0.0
        self._chores_at = 0.0

    def run(self, stopping: threading.Event) -> None:
        """Send until told to stop; a lost database is waited for, with growing pauses."""
        with ThreadPoolExecutor(THREADS, thread_name_prefix="telegram-call") as self._pool:
            try:
                sessions_hold(partial(self._session, stopping), stopping)
            finally:
                self._finish()

    def _session(self, stopping: threading.Event) -> None:
        """Work while the turn is ours; what is left of one that was lost is written down first."""
        with Turn(self._ring) as turn:
            self._finish()
            turn.await_it(stopping)
            self._begin(time.monotonic())
            try:
                while turn.is_held and not stopping.is_set():
                    self.is_active = True
                    self._round()
            finally:
                self.is_active = False

    def _begin(self, now: float) -> None:
        self._pacer = Pacer(now)
        self._look_at = self._chores_at = now

    def _round(self) -> None:
        """Wait for a result, a bell or the time to look; mark, then send one message."""
        self._take(self._wait_s(time.monotonic()))
        self._mark()
        if self._under_way < THREADS:
            self._send_next(time.monotonic())
        self._chores(time.monotonic())

    def _wait_s(self, now: float) -> float:
        wait_s = max(0.0, self._mark_at - now) if self._unmarked else LONGEST_IDLE_S
        if self._under_way >= THREADS:
            return wait_s
        return min(wait_s, max(self._look_at - now, self._pacer.wait_s(now)))

    def _ring(self) -> None:
        self._told.put(None)

    def _take(self, wait_s: float) -> None:
        """Take all that was told, waiting for the first of it."""
        try:
            told = self._told.get(timeout=max(SHORTEST_IDLE_S, min(wait_s, LONGEST_IDLE_S)))
            while True:
                if told is None:
                    self._look_at = 0.0
                else:
                    self._under_way -= 1
                    self._unmarked.append(told)
                told = self._told.get_nowait()
        except Empty:
            return

    def _mark(self) -> None:
        """Write results down; they are kept until it has worked, over any loss of the database."""
        if not self._unmarked or time.monotonic() < self._mark_at:
            return
        try:
            notifications_mark(outcomes=self._unmarked)
            for outcome in self._unmarked:
                if outcome.moved_to:
                    chat_moved(old_id=outcome.claimed.chat_id, new_id=outcome.moved_to)
        except OperationalError as error:
            if not isinstance(error.__cause__, HELD):
                raise
            self._mark_at = time.monotonic() + MARK_AGAIN_S  # the database is there: go on
            return
        for outcome in self._unmarked:
            telegram_notifications_total.labels(outcome.claimed.kind, outcome.status).inc()
            _complain(outcome)
        self._unmarked = []
        self._look_at = 0.0  # a chat may be waiting for its next

    def _send_next(self, now: float) -> None:
        if now < self._look_at or self._pacer.wait_s(now):
            return
        claimed = notifications_claim(limit=1)
        if not claimed:
            wait_s = sending_wait_s()
            idle_s = LONGEST_IDLE_S if wait_s is None else max(wait_s, SHORTEST_IDLE_S)
            self._look_at = now + min(idle_s, LONGEST_IDLE_S)
        for each in claimed:
            self._send(each)

    def _send(self, claimed: Claimed) -> None:
        if wait_s := _quiet_s(claimed):
            self._unmarked.append(Outcome.put_off(claimed, QUIET, wait_s))
            return
        try:
            outgoing = outgoing_write(claimed)
        except Error:
            raise
        except Exception as error:  # noqa: BLE001 - one that cannot be written holds up no other
            error_record(exception=error, where="telegram")
            self._unmarked.append(Outcome.again(claimed, f"Unwritten: {type(error).__name__}"))
            return
        if outgoing is None:
            self._unmarked.append(Outcome(claimed, Notification.Status.DROPPED, "Nothing to say."))
            return
        if claimed.is_paced:
            self._pacer.take(time.monotonic())
        self._under_way += 1
        self._pool.submit(self._call, claimed, outgoing)

    def _call(self, claimed: Claimed, outgoing: Outgoing) -> None:
        """Make the call, in a thread of the pool, and tell what came of it, whatever it is."""
        outcome = Outcome.again(claimed, "The call was broken off.")
        try:
            outcome = outcome_of(self._client, claimed, outgoing)
        except Exception as error:  # noqa: BLE001 - counted and tried again, as any failure is
            error_record(exception=error, where="telegram")
        finally:
            self._told.put(outcome)

    def _chores(self, now: float) -> None:
        if now < self._chores_at:
            return
        self._chores_at = now + CHORES_S
        try:
            notifications_sweep()
        except OperationalError as error:
            if not isinstance(error.__cause__, HELD):
                raise
        queue_figures_set()

    def _finish(self) -> None:
        """Take in what is under way, and write it down."""
        deadline = time.monotonic() + FAREWELL_S
        while (self._under_way or self._unmarked) and time.monotonic() < deadline:
            self._take(LONGEST_IDLE_S)
            try:
                self._mark()
            except DATABASE_LOST:
                connection.close()


def _quiet_s(claimed: Claimed) -> float:
    """Return how long the quiet hours last that a chat has by now, for what it did not ask for."""
    if claimed.kind not in UNASKED:
        return 0.0
    return quiet_wait_s(chat_id=claimed.chat_id, at=clock.now())


def _complain(outcome: Outcome) -> None:
    """Leave a line of what did not go as meant; never a text, a name or a chat's number."""
    if outcome.status == Notification.Status.SENT or outcome.reason == QUIET:
        return
    log.warning(
        "telegram.not_sent",
        notification=outcome.claimed.id,
        kind=outcome.claimed.kind,
        status=str(outcome.status),
        tries=outcome.claimed.tries,
        reason=outcome.reason,
        silence_s=outcome.silence_s,
    )
