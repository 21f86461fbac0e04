"""Count what callers do, exactly, across all processes: token buckets in Redis.

One script takes from one or several buckets at once, all or none, by Redis' own clock; parallel
requests can therefore never share a token. Names of buckets are keyed digests: neither addresses
nor accounts stand in Redis.
"""

from __future__ import annotations

import asyncio
import hashlib
import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import structlog
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from redis.asyncio import Redis as AsyncRedis
from redis.commands.core import Script
from redis.exceptions import RedisError

from starscal.core.addresses import address_key, client_address
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.formats import wait_text
from starscal.core.redis_client import quick_redis, redis_key

__all__ = [
    "Limit",
    "LocalBucket",
    "Verdict",
    "address_key",
    "client_address",
    "give_back",
    "rate_headers",
    "remember",
    "remembers",
    "require",
    "take",
    "take_all",
    "take_async",
    "take_on_loop",
]

BREAK_S: Final = 2.0  # how long Redis is left alone after it failed to answer
AWAY_RETRY_S: Final = 5
EVERY: Final = "*"  # the entry of RATE_LIMITS for limits that have none of their own

# A bucket is one number: the microsecond at which it will be full again. Negative costs give back.
SCRIPT: Final = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local full, worst = {}, 0
for i, key in ipairs(KEYS) do
  local capacity, step, cost = ARGV[i*3-2] * 1, ARGV[i*3-1] * 1, ARGV[i*3] * 1
  local at = math.max(now, tonumber(redis.call('GET', key) or 0))
  at = math.min(at, now + capacity * step)
  full[i] = {at, math.max(now, at + cost * step)}
  local wait = full[i][2] - now - capacity * step
  if cost > 0 and wait > 0.5 then worst = 1 end
end
local answer = {1 - worst}
for i, key in ipairs(KEYS) do
  local capacity, step, cost = ARGV[i*3-2] * 1, ARGV[i*3-1] * 1, ARGV[i*3] * 1
  local at = full[i][2 - worst]
  if worst == 0 then
    redis.call('SET', key, string.format('%.0f', at), 'PX', math.ceil((at - now) / 1000) + 1000)
  end
  answer[#answer+1] = math.floor(capacity - (at - now) / step + 0.000001)
  answer[#answer+1] = math.ceil(at - now)
  answer[#answer+1] = math.max(0, math.ceil(full[i][2] - now - capacity * step - 0.5))
end
return answer
"""

log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Limit:
    """A bucket of ``capacity`` tokens that refills steadily.

    ``fail_open`` says what happens while Redis is away: True lets pass, False answers 503.
    RATE_LIMITS in the settings overrides capacity and refill by name.
    """

    name: str
    capacity: int
    refill_per_s: float
    fail_open: bool = False

    @property
    def window_s(self) -> int:
        """Return how long an empty bucket takes to be full."""
        return math.ceil(self.capacity / self.refill_per_s - 1e-6)

    @property
    def current(self) -> Limit:
        """Return the limit as the settings have it."""
        chosen = settings.RATE_LIMITS.get(self.name) or settings.RATE_LIMITS.get(EVERY)
        if chosen is None:
            return self
        capacity, window_s = chosen
        return Limit(self.name, capacity, capacity / window_s, self.fail_open)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a bucket said; ``counted`` is False when Redis was away and the limit fails open."""

    allowed: bool
    limit: Limit
    remaining: int
    reset_s: int
    retry_after_s: int
    counted: bool = True


class Breaker:
    """Leave a dead Redis alone for a while, so that it costs no request its time-out."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.next_try_at = 0.0
        self.broken = False

    def may_ask(self) -> bool:
        """Say whether to ask Redis; while it is down, one caller every two seconds tries."""
        if not self.broken:
            return True
        with self.lock:
            if time.monotonic() < self.next_try_at:
                return False
            self.next_try_at = time.monotonic() + BREAK_S
            return True

    def failed(self, error: RedisError) -> None:
        with self.lock:
            if not self.broken:
                log.warning("ratelimit.redis_away", error=type(error).__name__)
            self.broken, self.next_try_at = True, time.monotonic() + BREAK_S

    def answered(self) -> None:
        if self.broken:
            log.info("ratelimit.redis_back")
            self.broken = False


BREAKER: Final = Breaker()


def take(limit: Limit, key: str, cost: int = 1) -> Verdict:
    """Take ``cost`` tokens from the bucket of ``key``; a refused caller takes none.

    Raises: ApplicationError (service.unavailable) when Redis is away and the limit fails closed.
    """
    return take_all([(limit, key)], cost)[0]


def take_all(wanted: Sequence[tuple[Limit, str]], cost: int = 1) -> list[Verdict]:
    """Take from several buckets, from all or from none; the answers stand in the same order.

    Without Redis, one limit that fails closed refuses the lot.
    """
    limits = [limit.current for limit, _key in wanted]
    answer = _ask(limits, [key for _limit, key in wanted], cost)
    if answer is None:
        if not all(limit.fail_open for limit in limits):
            raise _away()
        return [_uncounted(limit) for limit in limits]
    return [_verdict(limit, answer[1 + at * 3 : 4 + at * 3]) for at, limit in enumerate(limits)]


async def take_async(limit: Limit, key: str, cost: int = 1) -> Verdict:
    """Take as ``take`` does, without holding up the event loop."""
    return await asyncio.to_thread(take, limit, key, cost)


async def take_on_loop(limit: Limit, key: str, redis: AsyncRedis, cost: int = 1) -> Verdict:
    """Take as ``take`` does, over a client of the running loop: no thread is asked.

    Raises: ApplicationError (service.unavailable) when Redis is away and the limit fails closed.
    """
    limit = limit.current
    script = redis.register_script(SCRIPT)
    try:
        answer = await script(keys=[bucket_name(limit, key)], args=_figures(limit, cost))
    except RedisError:
        if not limit.fail_open:
            raise _away() from None
        return _uncounted(limit)
    return _verdict(limit, answer[1:])


def give_back(limit: Limit, key: str, cost: int = 1) -> None:
    """Put tokens back that turned out not to be due; a Redis that is away costs them."""
    _ask([limit.current], [key], -cost)


def require(limit: Limit, key: str, cost: int = 1) -> Verdict:
    """Take, or raise ApplicationError (rate.limited) that says how long to wait."""
    return allowed_or_raise([take(limit, key, cost)])


def allowed_or_raise(verdicts: Sequence[Verdict]) -> Verdict:
    """Return the narrowest of verdicts that all allow, or raise ApplicationError (rate.limited)."""
    refused = [verdict for verdict in verdicts if not verdict.allowed]
    if refused:
        raise refusal(max(refused, key=lambda verdict: verdict.retry_after_s))
    return min(verdicts, key=lambda verdict: verdict.remaining)


def refusal(verdict: Verdict) -> ApplicationError:
    """Return the error that a refused caller gets."""
    # Translators: when is such as "in 45 seconds" or "in 20 minutes"
    told = _("Too many requests. Try again %(when)s.")
    return ApplicationError(
        ErrorCode.RATE_LIMITED,
        told % {"when": wait_text(verdict.retry_after_s)},
        extra={"retry_after_s": verdict.retry_after_s},
        headers=rate_headers(verdict),
    )


def remember(what: str, key: str, seconds: int) -> None:
    """Note something about ``key``; a Redis that is away forgets it."""
    if BREAKER.may_ask():
        _told(lambda: quick_redis().set(_known_name(what, key), "1", ex=seconds))


def remembers(what: str, key: str) -> bool:
    """Say whether something was noted about ``key``; a Redis that is away knows nothing."""
    return BREAKER.may_ask() and bool(_told(lambda: quick_redis().exists(_known_name(what, key))))


def rate_headers(verdict: Verdict) -> dict[str, str]:
    """Return the fields of draft-ietf-httpapi-ratelimit-headers-11, and Retry-After to a refusal.

    ``t`` is when the bucket is full again, or, to a refused caller, when to come again.
    """
    if not verdict.counted:
        return {}
    limit = verdict.limit
    seconds = verdict.reset_s if verdict.allowed else verdict.retry_after_s
    told = {
        "RateLimit-Policy": f'"{limit.name}";q={limit.capacity};w={limit.window_s}',
        "RateLimit": f'"{limit.name}";r={verdict.remaining};t={seconds}',
    }
    return told if verdict.allowed else told | {"Retry-After": str(verdict.retry_after_s)}


class LocalBucket:
    """A bucket of one connection, in this process alone: cheap enough for every frame."""

    def __init__(self, limit: Limit) -> None:
        self.limit = limit.current
        self.full_at = 0.0

    def take(self, cost: int = 1) -> bool:
        """Say whether the connection may go on."""
        now, step = time.monotonic(), 1 / self.limit.refill_per_s
        full_at = max(now, self.full_at) + cost * step
        if full_at - now > self.limit.capacity * step + 1e-6:
            return False
        self.full_at = full_at
        return True


def bucket_name(limit: Limit, key: str) -> str:
    """Return the name of a bucket in Redis."""
    return _digest_name(f"limit:{limit.name}", key)


def _known_name(what: str, key: str) -> str:
    """Return the name of what is noted about ``key`` in Redis."""
    return _digest_name(f"known:{what}", key)


def _digest_name(kind: str, key: str) -> str:
    """Return a name in Redis: a keyed digest, so that nobody reads who was counted."""
    secret = hashlib.sha256(settings.SECRET_KEY.encode()).digest()
    digest = hashlib.blake2b(key.encode("utf-8", "replace"), key=secret, digest_size=16)
    return redis_key(f"{kind}:{digest.hexdigest()}")


@cache
def _script() -> Script:
    return quick_redis().register_script(SCRIPT)


def _ask(limits: Sequence[Limit], keys: Sequence[str], cost: int) -> list[int] | None:
    """Run the script; None if Redis is away or was a moment ago."""
    if not BREAKER.may_ask():
        return None
    names = [bucket_name(limit, key) for limit, key in zip(limits, keys, strict=True)]
    figures = [figure for limit in limits for figure in _figures(limit, cost)]
    answer: list[int] | None = _told(lambda: _script()(keys=names, args=figures))
    return answer


def _figures(limit: Limit, cost: int) -> list[Any]:
    """Return what the script is told of one bucket."""
    return [limit.capacity, repr(1_000_000 / limit.refill_per_s), cost]


def _verdict(limit: Limit, numbers: Sequence[int]) -> Verdict:
    """Read what the script says of one bucket."""
    remaining, full_us, retry_us = numbers
    return Verdict(
        allowed=retry_us == 0,
        limit=limit,
        remaining=max(0, remaining),
        reset_s=_seconds(full_us),
        retry_after_s=_seconds(retry_us),
    )


def _uncounted(limit: Limit) -> Verdict:
    """Let pass while Redis is away."""
    return Verdict(True, limit, limit.capacity, 0, 0, counted=False)


def _told(question: Callable[[], Any]) -> Any:
    """Return what Redis says, or None if it says nothing, and let the breaker know."""
    try:
        answer = question()
    except RedisError as error:
        BREAKER.failed(error)
        return None
    BREAKER.answered()
    return answer


def _seconds(microseconds: int) -> int:
    return math.ceil(microseconds / 1_000_000)


def _away() -> ApplicationError:
    return ApplicationError(
        ErrorCode.UNAVAILABLE,
        _("A part of the service is not reachable. Try again in a moment."),
        headers={"Retry-After": str(AWAY_RETRY_S)},
    )
