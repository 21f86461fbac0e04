"""Give every task an id, that of the request that rang for it, a log line and a count."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import structlog
from celery import Task, signals

from starscal.core import metrics
from starscal.core.context import context_of, request_id
from starscal.core.errors import error_record

HEADER = "starscal_request_id"

log = structlog.stdlib.get_logger("starscal.tasks")


@dataclass(slots=True)
class Run:
    """A task under way."""

    context: ExitStack
    started: float


_RUNS: dict[str, Run] = {}


def connect() -> None:
    """Listen to Celery; several calls do no more than one."""
    signals.setup_logging.connect(leave_logging, dispatch_uid="starscal.logging")
    signals.before_task_publish.connect(send_id, dispatch_uid="starscal.send_id")
    signals.task_prerun.connect(begin, dispatch_uid="starscal.begin")
    signals.task_failure.connect(fail, dispatch_uid="starscal.fail")
    signals.task_postrun.connect(end, dispatch_uid="starscal.end")


def leave_logging(**_kwargs: Any) -> None:
    """Keep Celery from setting up logging; Django has."""


def send_id(headers: dict[str, Any] | None = None, **_kwargs: Any) -> None:
    """Send the id of the request or task that dispatches along with the message."""
    if headers is not None and request_id():
        headers[HEADER] = request_id()


def begin(task_id: str, task: Task[Any, Any], **_kwargs: Any) -> None:
    context = ExitStack()
    parent = str((task.request.headers or {}).get(HEADER, ""))[:64]
    context.enter_context(context_of(task_id[:64], parent=parent))
    _RUNS[task_id] = Run(context, time.perf_counter())


def fail(exception: BaseException, **_kwargs: Any) -> None:
    error_record(exception=exception, where="task")


def end(
    task_id: str, task: Task[Any, Any], state: str | None = None, retval: Any = None, **_: Any
) -> None:
    """Log and count what a task came to; one that found nothing to do is a debug line."""
    run = _RUNS.pop(task_id, None)
    if run is None:
        return
    seconds = time.perf_counter() - run.started
    outcome = str(state or "UNKNOWN").lower()
    metrics.tasks_total.labels(task.name, outcome).inc()
    metrics.task_seconds_total.labels(task.name).inc(seconds)
    idle = outcome == "success" and not retval
    (log.debug if idle else log.info)(
        "task", task=task.name, state=outcome, duration_ms=round(seconds * 1000, 2)
    )
    run.context.close()
