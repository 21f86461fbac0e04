"""Threads that make up one process: if one of them ends before it should, all of it does."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Mapping
from typing import Final

from django.db import connection

from starscal.core.errors import error_record

SIGNALS: Final = frozenset({signal.SIGTERM, signal.SIGINT})
LOOK_S: Final = 0.5

Work = Callable[[threading.Event], None]


class WorkEndedError(Exception):
    """A part of the process came to an end that nobody asked for."""


class Resident:
    """Run each work in a thread of its own until SIGTERM or SIGINT.

    A work takes an event that says when to stop. What it raises is recorded; the supervisor then
    starts the whole process anew, which is simpler to trust than half a process.
    """

    def __init__(self, works: Mapping[str, Work]) -> None:
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(work,), name=f"telegram-{name}")
            for name, work in works.items()
        ]

    def run(self) -> None:
        """Return when all was stopped in order; raise WorkEndedError if it was not."""
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)  # for the threads, too
        try:
            for thread in self._threads:
                thread.start()
            ended = self._signal_or_end()
            self._stopping.set()
            for thread in self._threads:
                thread.join()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        if ended:
            raise WorkEndedError(f"{ended} has ended; the others were stopped.")

    def _signal_or_end(self) -> str:
        """Return the name of a thread that has ended, or nothing at a signal."""
        while signal.sigtimedwait(SIGNALS, LOOK_S) is None:
            for thread in self._threads:
                if not thread.is_alive():
                    return thread.name
        return ""

    def _run(self, work: Work) -> None:
        try:
            work(self._stopping)
        except Exception as error:  # noqa: BLE001 - recorded; the end of the thread ends the process
            error_record(exception=error, where="telegram")
        finally:
            connection.close()
