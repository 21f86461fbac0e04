"""Password hashing at a price an open server can pay."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.utils.translation import gettext_lazy as _

from starscal.core.exceptions import ApplicationError, ErrorCode

WAIT_S: Final = 5.0
RETRY_AFTER_S: Final = 5

_PLACES = threading.BoundedSemaphore(settings.HASHES_AT_ONCE)


class Argon2idHasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes and one lane (OWASP's minimum), a few at once.

    Django's default of 100 MiB took 4.2 GB for 40 sign-ins at once. Who finds no place within
    five seconds is told to come again.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with place():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with place():
            return bool(super().verify(password, encoded))


@contextmanager
def place() -> Iterator[None]:
    """Hold one of the process's places at the hasher. Raises: service.unavailable."""
    if not _PLACES.acquire(timeout=WAIT_S):
        raise ApplicationError(
            ErrorCode.UNAVAILABLE,
            _("A part of the service is not reachable. Try again in a moment."),
            headers={"Retry-After": str(RETRY_AFTER_S)},
        )
    try:
        yield
    finally:
        _PLACES.release()
