"""The id of the request or task at hand, carried along for logs, problems and the audit trail."""

from __future__ import annotations

from contextvars import ContextVar

_REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")


def request_id() -> str:
    return _REQUEST_ID.get()


def request_id_set(value: str) -> None:
    _REQUEST_ID.set(value)
