"""One JSON object a line, from every process and library; a readable form with LOG_JSON=0.

Django calls ``configure`` when it sets itself up, which the web server, Celery's worker and beat
and every management command do; the record of the standard library and of structlog take the
same way out.
"""

from __future__ import annotations

import json
import logging
import sys
from types import TracebackType
from typing import Any

import structlog
from django.core.exceptions import ImproperlyConfigured
from structlog.typing import EventDict, Processor, WrappedLogger

from starscal.core.context import parent_id, request_id
from starscal.core.scrub import scrub_named, scrub_value

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
FIRST_FIELDS = ("timestamp", "level", "logger", "event", "request_id", "parent_id")
OWN_FIELDS = frozenset(FIRST_FIELDS) - {"event"}  # written by us and safe as they are

# What says the same as a line of ours, or talks at a level that drowns everything else.
QUIETER = {
    "django.request": logging.CRITICAL,  # the access line and `error_record` say it
    "django.security.DisallowedHost": logging.CRITICAL,  # anybody's bad request; the same
    "django.security.csrf": logging.CRITICAL,  # quotes what the browser sent; the same
    "celery.app.trace": logging.CRITICAL,  # the task line and `error_record` say it
    "celery.worker.strategy": logging.WARNING,
    "celery.beat": logging.WARNING,
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "asyncio": logging.WARNING,
}


class StderrHandler(logging.Handler):
    """Write to whatever standard error is at the moment, as tests and Daphne replace it."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(self.format(record) + "\n")
        except Exception:  # noqa: BLE001 - logging's own way to report what it cannot write
            self.handleError(record)


def configure(config: dict[str, Any]) -> None:
    """Send every log line to standard error; ``config`` has ``level`` and ``json``."""
    level = str(config["level"])
    if level not in LEVELS:
        raise ImproperlyConfigured(f"LOG_LEVEL takes one of {', '.join(LEVELS)}, not {level!r}.")
    shared = shared_processors()
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = StderrHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=json_processors() if config["json"] else console_processors(),
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]  # Daphne and Celery may have been there first
    root.setLevel(level)
    for name, lowest in QUIETER.items():
        logging.getLogger(name).setLevel(max(lowest, logging.getLevelName(level)))
    logging.captureWarnings(True)
    if config["json"]:
        sys.excepthook = log_uncaught


def shared_processors() -> list[Processor]:
    return [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        add_ids,
    ]


def json_processors() -> list[Processor]:
    frames = structlog.tracebacks.ExceptionDictTransformer(
        show_locals=False, use_rich=False, max_frames=30
    )
    return [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.ExceptionRenderer(frames),
        structlog.processors.StackInfoRenderer(),
        scrub,
        structlog.processors.JSONRenderer(serializer=json_line),
    ]


def console_processors() -> list[Processor]:
    return [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        scrub,
        structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        ),
    ]


def add_ids(logger: WrappedLogger, method: str, line: EventDict) -> EventDict:
    """Name the request or task at hand, and what dispatched it."""
    del logger, method
    for name, value in (("request_id", request_id()), ("parent_id", parent_id())):
        if value:
            line.setdefault(name, value)
    return line


def scrub(logger: WrappedLogger, method: str, line: EventDict) -> EventDict:
    """Keep addresses, tokens, bodies and e-mails out of the log, whoever wrote the line."""
    del logger, method
    return {
        key: value
        if key in OWN_FIELDS
        else (scrub_value(value) if key == "exception" else scrub_named(key, value))
        for key, value in line.items()
    }


def json_line(line: EventDict, **_options: Any) -> str:
    """Return one line of plain ASCII: no terminal, locale or stray surrogate can break it."""
    first = {name: line.pop(name) for name in FIRST_FIELDS if name in line}
    return json.dumps(first | dict(line), default=str)


def log_uncaught(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Log what ends a process in the same form as everything else."""
    if isinstance(error, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    logging.getLogger("starscal.process").critical("uncaught", exc_info=(kind, error, trace))
