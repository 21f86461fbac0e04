from __future__ import annotations

import subprocess
import sys
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from pytest_django import Settings
from redis.exceptions import ConnectionError as RedisAway

from starscal.core import ratelimit
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.limits import LIMITS
from starscal.core.ratelimit import (
    Limit,
    LocalBucket,
    give_back,
    rate_headers,
    refusal,
    require,
    take,
    take_all,
    take_async,
)
from starscal.core.redis_client import quick_redis

SLOW = Limit("slow", capacity=5, refill_per_s=1 / 3600)
AN_HOUR = range(3541, 3601)  # in seconds, of which a busy machine lets some pass
OTHER = Limit("other", capacity=2, refill_per_s=1 / 60)
OPEN = Limit("open", capacity=5, refill_per_s=1, fail_open=True)


@pytest.fixture(autouse=True)
def own_limits(settings: Settings) -> None:
    settings.RATE_LIMITS = {}


@pytest.fixture
def key() -> str:
    return uuid.uuid4().hex


@pytest.fixture
def redis_away(settings: Settings) -> Iterator[None]:
    """Point the client at a port where nobody listens."""
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    forget()
    yield
    forget()


def forget() -> None:
    quick_redis.cache_clear()
    ratelimit._script.cache_clear()
    ratelimit.BREAKER.broken = False


def test_a_bucket_gives_what_it_holds_and_then_says_when_to_come_again(key: str) -> None:
    verdicts = [take(SLOW, key) for _time in range(6)]
    assert [verdict.allowed for verdict in verdicts] == [True] * 5 + [False]
    assert [verdict.remaining for verdict in verdicts] == [4, 3, 2, 1, 0, 0]
    assert verdicts[0].reset_s in AN_HOUR
    assert verdicts[-1].retry_after_s in AN_HOUR


def test_a_refusal_tells_people_minutes_and_programs_seconds(key: str) -> None:
    verdicts = [take(SLOW, key) for _time in range(6)]
    error = refusal(verdicts[-1])
    assert str(error.message) == "Too many requests. Try again in 60 minutes."
    assert int(error.headers["Retry-After"]) in AN_HOUR


def test_a_refused_caller_takes_nothing(key: str) -> None:
    for _time in range(20):
        last = take(SLOW, key)
    assert last.retry_after_s in AN_HOUR


def test_keys_and_limits_are_counted_apart(key: str) -> None:
    take(SLOW, key, 5)
    assert not take(SLOW, key).allowed
    assert take(SLOW, key + "x").allowed
    assert take(OTHER, key).allowed


def test_a_bucket_refills_by_the_clock_of_redis(key: str) -> None:
    assert take(SLOW, key, 5).allowed
    assert not take(SLOW, key).allowed
    name, redis = ratelimit.bucket_name(SLOW, key), quick_redis()
    full_at_us = int(str(redis.get(name)))
    now_s, now_us = redis.time()
    assert 0 <= (now_s + 5 * 3600) * 10**6 + now_us - full_at_us <= 60 * 10**6
    redis.set(name, full_at_us - 3600 * 10**6)  # as if an hour had passed, which is a token
    assert take(SLOW, key).allowed
    assert not take(SLOW, key).allowed


def test_what_is_given_back_can_be_taken_again(key: str) -> None:
    take(SLOW, key, 5)
    give_back(SLOW, key)
    assert take(SLOW, key).allowed
    assert not take(SLOW, key).allowed
    give_back(SLOW, key, 100)
    assert take(SLOW, key).remaining == 4  # never more than full


def test_several_buckets_give_all_or_nothing(key: str) -> None:
    take(OTHER, key, 2)
    verdicts = take_all([(SLOW, key), (OTHER, key)])
    assert [verdict.allowed for verdict in verdicts] == [True, False]
    assert take(SLOW, key).remaining == 4


@pytest.mark.parametrize("parallel", [50])
def test_parallel_callers_never_share_a_token(key: str, parallel: int) -> None:
    with ThreadPoolExecutor(parallel) as pool:
        allowed = sum(pool.map(lambda _at: take(SLOW, key).allowed, range(parallel * 2)))
    assert allowed == 5


async def test_the_event_loop_can_take_too(key: str) -> None:
    assert (await take_async(SLOW, key)).remaining == 4
    assert take(SLOW, key).remaining == 3


def test_a_clock_that_stepped_back_empties_a_bucket_at_most(key: str) -> None:
    name = ratelimit.bucket_name(SLOW, key)
    quick_redis().set(name, str(10**17))
    assert take(SLOW, key).retry_after_s in AN_HOUR


def test_settings_override_by_name(settings: Settings, key: str) -> None:
    settings.RATE_LIMITS = {"slow": (2, 10), "*": (100, 10)}
    assert take(SLOW, key).limit == Limit("slow", 2, 0.2)
    assert take(OTHER, key).limit.capacity == 100


def test_nothing_in_redis_tells_who_was_counted() -> None:
    take(SLOW, "someone@example.org")
    names = quick_redis().keys("*limit:slow:*")
    assert names
    assert not any("someone" in name for name in names)


def test_a_refusal_carries_the_headers(key: str) -> None:
    take(SLOW, key, 5)
    with pytest.raises(ApplicationError) as refused:
        require(SLOW, key)
    assert refused.value.code == ErrorCode.RATE_LIMITED
    retry_after = refused.value.headers["Retry-After"]
    assert int(retry_after) in AN_HOUR
    assert refused.value.headers == {
        "RateLimit-Policy": '"slow";q=5;w=18000',
        "RateLimit": f'"slow";r=0;t={retry_after}',
        "Retry-After": retry_after,
    }


def test_an_answer_carries_the_headers(key: str) -> None:
    assert rate_headers(take(SLOW, key)) == {
        "RateLimit-Policy": '"slow";q=5;w=18000',
        "RateLimit": '"slow";r=4;t=3600',
    }


@pytest.mark.usefixtures("redis_away")
def test_without_redis_reads_pass_and_logins_wait(key: str) -> None:
    verdict = take(OPEN, key)
    assert verdict.allowed
    assert rate_headers(verdict) == {}
    with pytest.raises(ApplicationError) as refused:
        take(SLOW, key)
    assert refused.value.status == 503
    assert refused.value.headers["Retry-After"] == "5"
    with pytest.raises(ApplicationError):
        take_all([(OPEN, key), (SLOW, key)])


def test_a_dead_redis_is_left_alone(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setattr(ratelimit, "BREAK_S", 600.0)
    asked = []

    def refuse(**_options: object) -> None:
        asked.append(1)
        raise RedisAway

    monkeypatch.setattr(ratelimit, "_script", lambda: refuse)
    for _time in range(100):
        assert take(OPEN, key).allowed
    assert len(asked) == 1
    ratelimit.BREAKER.next_try_at = 0.0
    assert take(OPEN, key).allowed
    assert len(asked) == 2
    monkeypatch.undo()
    ratelimit.BREAKER.next_try_at = 0.0
    assert take(OPEN, key).counted


def test_a_local_bucket_needs_nobody() -> None:
    bucket = LocalBucket(SLOW)
    assert [bucket.take() for _time in range(6)] == [True] * 5 + [False]


def test_every_limit_has_a_name_of_its_own_and_guards_fail_closed() -> None:
    assert len(LIMITS) == 19
    assert {name for name, limit in LIMITS.items() if limit.fail_open} == {
        "api-anonymous", "api-user", "api-key", "socket-connects", "socket-frames",
        "telegram-chat",
    }  # fmt: skip


TAKER = """
import sys, django; django.setup()
from concurrent.futures import ThreadPoolExecutor
from starscal.core.ratelimit import Limit, take
limit = Limit("slow", 50, 1/3600)
with ThreadPoolExecutor(20) as pool:
    print(sum(pool.map(lambda _at: take(limit, sys.argv[1]).allowed, range(100))))
"""


@pytest.mark.slow
def test_two_processes_share_a_bucket_exactly(
    key: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RATE_LIMITS", "slow=50/180000")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "starscal.settings.test")
    started = [
        subprocess.Popen([sys.executable, "-c", TAKER, key], stdout=subprocess.PIPE, text=True)
        for _number in range(2)
    ]
    counts = [int(process.communicate(timeout=60)[0]) for process in started]
    assert sum(counts) == 50
