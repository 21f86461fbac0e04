"""Answer updates as soon as they are stored; a part of ``manage.py telegram``."""

from __future__ import annotations

import threading
from typing import Any, Final

import psycopg
import structlog
from django.db import InterfaceError, OperationalError, connection

from events.live.log import connection_params
from starscal.core import clock
from telegram_link.services.updates import BELL, updates_work

BATCH: Final = 50
POLL_S: Final = 1.0  # a bell that was lost costs no more
FIRST_WAIT_S, LONGEST_WAIT_S = 0.2, 5.0
OUTAGES: Final = (OperationalError, InterfaceError, psycopg.OperationalError, OSError)

log = structlog.stdlib.get_logger("starscal.telegram")

Listener = psycopg.Connection[Any]


def updates_answer(stopping: threading.Event) -> None:
    """Work until told to stop; a lost database is waited for, with growing pauses.

    Any number of threads and processes may do so at once.
    """
    wait_s = FIRST_WAIT_S
    while not stopping.is_set():
        try:
            with psycopg.connect(**connection_params(), autocommit=True) as bells:
                bells.execute(f"LISTEN {BELL}".encode())
                wait_s = FIRST_WAIT_S
                _answer_as_told(bells, stopping)
        except OUTAGES as error:
            log.warning("telegram.database_lost", error=type(error).__name__)
            connection.close()
            stopping.wait(wait_s)
            wait_s = min(wait_s * 2, LONGEST_WAIT_S)
    connection.close()


def _answer_as_told(bells: Listener, stopping: threading.Event) -> None:
    while not stopping.is_set():
        if not updates_work(limit=BATCH, at=clock.now()):
            for _bell in bells.notifies(timeout=POLL_S, stop_after=1):
                break
