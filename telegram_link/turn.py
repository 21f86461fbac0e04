"""Whose turn it is to send, and the bell that says that there is something to send.

One connection serves both: it holds an advisory lock of PostgreSQL for as long as it lives, and
listens. Whoever has no turn stands by.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any, Final, Self

import psycopg

from events.live.log import connection_params
from telegram_link.services.queue import BELL

logger = logging.getLogger(__name__)

TURN_LOCK: Final = 7_219_442  # any number that no other advisory lock of ours uses
ASK_S: Final = 1.0
LISTEN_S: Final = 0.5  # so long the end of a turn may wait for its listener
LOCK: Final = "SELECT pg_try_advisory_lock(%s)"


class Turn:
    """A turn that is awaited, held and lost; ``ring`` is called at each bell and at the loss.

    Raises: psycopg.Error, when it is entered or awaited without a database.
    """

    def __init__(self, ring: Callable[[], None]) -> None:
        self.is_held = False
        self._ring = ring
        self._ended = threading.Event()
        self._listener = threading.Thread(target=self._listen, name="telegram-bell", daemon=True)

    def __enter__(self) -> Self:
        self._connection: psycopg.Connection[Any] = psycopg.connect(
            **connection_params(), autocommit=True
        )
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        if self._listener.ident is not None:
            self._listener.join()
        self._connection.close()

    def await_it(self, stopping: threading.Event) -> None:
        """Return when it is ours, or when we are told to stop."""
        while not stopping.is_set():
            row = self._connection.execute(LOCK, (TURN_LOCK,)).fetchone()
            if row and row[0]:
                self._connection.execute(f"LISTEN {BELL}".encode())
                self.is_held = True
                self._listener.start()
                return
            stopping.wait(ASK_S)

    def _listen(self) -> None:
        try:
            while not self._ended.is_set():
                for _bell in self._connection.notifies(timeout=LISTEN_S):
                    self._ring()
        except psycopg.Error as error:
            logger.warning("The sender lost its turn: %s", type(error).__name__)
        finally:
            self.is_held = False
            self._ring()
