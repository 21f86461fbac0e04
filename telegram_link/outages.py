"""Outlive what fails for a while: a lost database, a Telegram that cannot be reached."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

import psycopg
import structlog
from django.db import InterfaceError, OperationalError, connection

DATABASE_LOST: Final = (OperationalError, InterfaceError, psycopg.OperationalError, OSError)
FIRST_WAIT_S, LONGEST_WAIT_S = 0.2, 5.0
STEADY_S: Final = 30.0  # a session that lasted for so long was no failure

log = structlog.stdlib.get_logger("starscal.telegram")


class Pause:
    """How long to wait after a failure: twice as long each time, until something has worked."""

    def __init__(self, first_s: float, longest_s: float) -> None:
        self._first_s = self._next_s = first_s
        self._longest_s = longest_s

    def taken_s(self) -> float:
        """Return the pause after one more failure."""
        wait_s, self._next_s = self._next_s, min(self._next_s * 2, self._longest_s)
        return wait_s

    def reset(self) -> None:
        """Begin with the shortest again, as something has worked."""
        self._next_s = self._first_s


def sessions_hold(session: Callable[[], None], stopping: threading.Event) -> None:
    """Begin a session after another until told to stop, with growing pauses while none lasts.

    A lost database is waited for; whatever else a session raises goes on to the caller.
    """
    pause = Pause(FIRST_WAIT_S, LONGEST_WAIT_S)
    while not stopping.is_set():
        began = time.monotonic()
        try:
            session()
        except DATABASE_LOST as error:
            log.warning("telegram.database_lost", error=type(error).__name__)
            connection.close()
        if time.monotonic() - began > STEADY_S:
            pause.reset()
        stopping.wait(pause.taken_s())
