"""A beat that says it is alive."""

from __future__ import annotations

from typing import Any

from celery.beat import PersistentScheduler

from starscal.core.heartbeat import BEAT_SEEN, heartbeat


class HeartbeatScheduler(PersistentScheduler):
    """Celery's scheduler; each round leaves a sign of life where readiness looks for it."""

    def tick(self, *args: Any, **kwargs: Any) -> float:
        wait: float = super().tick(*args, **kwargs)
        heartbeat(BEAT_SEEN)
        return min(wait, 5.0)
