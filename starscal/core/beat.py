"""A beat that says it is alive."""

from __future__ import annotations

from typing import Any

from celery.beat import PersistentScheduler
from django.core.cache import cache

from starscal.core import clock

BEAT_SEEN = "health:beat"
WORKER_SEEN = "health:worker"
KEPT_S = 3600


class HeartbeatScheduler(PersistentScheduler):  # type: ignore[misc] # celery ships no types
    """Celery's scheduler; each round leaves the time where readiness looks for it."""

    def tick(self, *args: Any, **kwargs: Any) -> float:
        wait: float = super().tick(*args, **kwargs)
        cache.set(BEAT_SEEN, clock.now().timestamp(), KEPT_S)
        return min(wait, 5.0)
