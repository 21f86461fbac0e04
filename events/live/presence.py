"""How many sockets follow each stream in each language, over all processes, for staff.

Each process leaves its counts in Redis every few seconds; those of one that ended expire.
"""

from __future__ import annotations

import asyncio
import json
import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from redis.asyncio import Redis
from redis.exceptions import RedisError

from starscal.core import clock
from starscal.core.redis_client import quick_redis, redis_key

BEAT_S = 5.0
KEPT_S: Final = 15
LISTED_S: Final = 3600  # much longer than clocks of machines differ


class Follower(Protocol):
    """Whoever is counted: one open connection."""

    @property
    def language(self) -> str: ...

    def followed(self) -> Iterable[str]:
        """Return the names of the streams."""


@dataclass(frozen=True, slots=True)
class Presence:
    """Open sockets, and how many of them follow a stream in a language."""

    sockets: int = 0
    processes: int = 0
    streams: dict[str, dict[str, int]] = field(default_factory=dict)


def counted(followers: Collection[Follower]) -> dict[str, Any]:
    """Return the counts of one process, ready for JSON."""
    streams: dict[str, Counter[str]] = {}
    for follower in followers:
        for stream in follower.followed():
            streams.setdefault(stream, Counter())[follower.language] += 1
    return {"sockets": len(followers), "streams": streams}


class PresenceBeat:
    """Those who are here, and the task that tells of them."""

    def __init__(self, redis: Redis) -> None:
        self.here: set[Follower] = set()
        self._redis = redis
        self._name = uuid.uuid4().hex

    async def run(self) -> None:
        while True:
            await self.tell()
            await asyncio.sleep(BEAT_S)

    async def tell(self) -> None:
        """Leave the counts of this process for a few seconds. Raises: RedisError."""
        now = clock.now().timestamp()
        pipe = self._redis.pipeline(transaction=False)
        pipe.set(_key(self._name), json.dumps(counted(self.here)), ex=KEPT_S)
        pipe.zadd(_list_key(), {self._name: now})
        pipe.zremrangebyscore(_list_key(), "-inf", now - LISTED_S)
        await pipe.execute()

    async def forget(self) -> None:
        """Take the counts back, at the end of the process. Raises: RedisError."""
        await self._redis.delete(_key(self._name))
        await self._redis.zrem(_list_key(), self._name)


def presence_now() -> Presence:
    """Return the counts of all processes, at most some seconds old. Raises: RedisError."""
    redis = quick_redis()
    names: Any = redis.zrange(_list_key(), 0, -1)
    told: Any = redis.mget([_key(name) for name in names]) if names else []
    parts = [json.loads(text) for text in told if text]
    streams: dict[str, Counter[str]] = {}
    for part in parts:
        for stream, languages in part["streams"].items():
            streams.setdefault(stream, Counter()).update(languages)
    return Presence(
        sockets=sum(part["sockets"] for part in parts),
        processes=len(parts),
        streams={name: dict(sorted(streams[name].items())) for name in sorted(streams)},
    )


class PresenceCollector(Collector):
    """The same at /metrics; nothing while Redis is away."""

    def describe(self) -> Iterator[Metric]:
        yield _family()

    def collect(self) -> Iterator[Metric]:
        family = _family()
        try:
            present = presence_now()
        except RedisError:
            return
        for stream, languages in present.streams.items():
            for language, count in languages.items():
                family.add_metric([stream, language], count)
        yield family


def _family() -> GaugeMetricFamily:
    return GaugeMetricFamily(
        "starscal_live_followers",
        "Sockets that follow a stream in a language, over all processes.",
        labels=["stream", "language"],
    )


def _key(name: str) -> str:
    return redis_key(f"live:presence:{name}")


def _list_key() -> str:
    return redis_key("live:presence")
