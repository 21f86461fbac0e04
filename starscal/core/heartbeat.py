"""Processes without an HTTP port say that they are alive, and leave their figures."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import structlog
from redis.exceptions import RedisError

from starscal.core.metrics import FamilyFigures, process_figures
from starscal.core.redis_client import quick_redis, redis_key

BEAT_SEEN = "beat"
WORKER_SEEN = "worker"
RELAY_SEEN = "relay"
PROCESSES = [BEAT_SEEN, WORKER_SEEN, RELAY_SEEN]  # an app may add its own: process_watch
KEPT_S = 3600

log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The last sign of life of a process; its age is by Redis's clock, never by two clocks."""

    age_s: float
    figures: list[FamilyFigures] = field(default_factory=list)


def heartbeat(name: str) -> None:
    """Say that the process called ``name`` is alive. Never raises; call it every few seconds."""
    _leave(name, process_figures())


def heartbeat_beside(name: str) -> None:
    """Say that ``name`` is alive, a thread of a process whose own heartbeat has the figures."""
    _leave(name, [])


def _leave(name: str, figures: list[FamilyFigures]) -> None:
    text = json.dumps([family.as_list() for family in figures])
    try:
        quick_redis().set(_key(name), text, ex=KEPT_S)
    except RedisError as error:
        log.warning("heartbeat.lost", process=name, error=type(error).__name__)


def heartbeat_read(name: str) -> Heartbeat | None:
    """Return the last sign of life, or None if there was none for an hour.

    Raises: RedisError.
    """
    pipe = quick_redis().pipeline(transaction=True)
    pipe.get(_key(name))
    pipe.pttl(_key(name))
    text, left_ms = pipe.execute()
    if text is None:
        return None
    raw: list[Any] = json.loads(text)
    return Heartbeat(
        age_s=max(0.0, KEPT_S - left_ms / 1000),
        figures=[FamilyFigures.from_list(family) for family in raw],
    )


def _key(name: str) -> str:
    return redis_key(f"health:{name}")
