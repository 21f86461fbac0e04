"""What the live feed counts beside the figures of starscal.core.metrics; both stay at zero."""

from __future__ import annotations

from prometheus_client import Counter

from starscal.core.metrics import REGISTRY

live_voids_total = Counter(
    "starscal_live_voids", "Messages that could not be rendered.", registry=REGISTRY
)
live_replay_failures_total = Counter(
    "starscal_live_replay_failures", "Replays that waited for PostgreSQL.", registry=REGISTRY
)
