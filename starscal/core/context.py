"""The id of the request or task at hand, carried along for logs, problems and the audit trail."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

SAFE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

_REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
_PARENT_ID: ContextVar[str] = ContextVar("parent_id", default="")


def request_id() -> str:
    return _REQUEST_ID.get()


def request_id_set(value: str) -> None:
    _REQUEST_ID.set(value)


def parent_id() -> str:
    """Return the id of the request or task that dispatched this task."""
    return _PARENT_ID.get()


def request_id_accept(wanted: str) -> str:
    """Return the id a caller gave if it is of a safe form, else a new one."""
    return wanted if SAFE_ID.fullmatch(wanted) else uuid.uuid4().hex


@contextmanager
def context_of(own: str, *, parent: str = "") -> Iterator[None]:
    """Carry an id, and that of whoever dispatched this work, inside the block."""
    own_token, parent_token = _REQUEST_ID.set(own), _PARENT_ID.set(parent)
    try:
        yield
    finally:
        _REQUEST_ID.reset(own_token)
        _PARENT_ID.reset(parent_token)
