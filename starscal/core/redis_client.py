"""One connection pool to Redis for small, quick questions that must never hang a caller."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry


@cache
def quick_redis() -> Redis:
    """Return a client that gives up after ``REDIS_QUICK_S`` and does not try again."""
    return Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=settings.REDIS_QUICK_S,
        socket_connect_timeout=settings.REDIS_QUICK_S,
        retry=Retry(NoBackoff(), 0),
        decode_responses=True,
    )


def redis_key(name: str) -> str:
    """Return a key in this installation's own corner of Redis."""
    return f"{settings.REDIS_PREFIX}:{name}"
