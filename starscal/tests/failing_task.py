"""A task that fails, for the worker of a test."""

from __future__ import annotations

from celery import shared_task


@shared_task(name="tests.fail")
def fail() -> None:
    raise LookupError("for ann@mail.example")
