"""Password hashing at a price an open server can pay."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Final

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.utils.translation import gettext_lazy as _

from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.metrics import password_hashes_total

RETRY_AFTER_S: Final = 5
_held = threading.local()


class Argon2idHasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes and one lane (OWASP's minimum), a few at a time.

    Django's default of 100 MiB took 4.2 GB for 40 sign-ins at once.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with hashing_slot():
            password_hashes_total.inc()
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with hashing_slot():
            password_hashes_total.inc()
            return super().verify(password, encoded)


@contextmanager
def hashing_slot() -> Iterator[None]:
    """Hold one of the process' few places at the hasher; within one, another costs nothing.

    Who also asks the database takes the place first: otherwise all who wait here hold connections.

    Errors: service.unavailable for those who waited too long, or find too many waiting.
    """
    if getattr(_held, "slot", False):
        yield
        return
    _take()
    _held.slot = True
    try:
        yield
    finally:
        _held.slot = False
        _slots().release()


def _take() -> None:
    if not _line().acquire(blocking=False):
        raise _busy()
    try:
        if not _slots().acquire(timeout=settings.HASHER_WAIT_S):
            raise _busy()
    finally:
        _line().release()


@cache
def _slots() -> threading.BoundedSemaphore:
    return threading.BoundedSemaphore(settings.HASHER_SLOTS)


@cache
def _line() -> threading.BoundedSemaphore:
    """Return the places to wait in; each waiting request holds a thread."""
    return threading.BoundedSemaphore(settings.HASHER_LINE)


def _busy() -> ApplicationError:
    return ApplicationError(
        ErrorCode.UNAVAILABLE,
        _("Very many people are signing in. Try again in a moment."),
        headers={"Retry-After": str(RETRY_AFTER_S)},
    )
