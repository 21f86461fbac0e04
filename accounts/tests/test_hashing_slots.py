from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Lock

import pytest
from pytest_django import Settings

from accounts import hashers
from accounts.hashers import Argon2idHasher, hashing_slot
from starscal.core.exceptions import ApplicationError


@pytest.fixture(autouse=True)
def few(settings: Settings) -> Iterator[None]:
    settings.HASHER_SLOTS, settings.HASHER_LINE, settings.HASHER_WAIT_S = 2, 10, 0.05
    hashers._slots.cache_clear()
    hashers._line.cache_clear()
    yield
    hashers._slots.cache_clear()
    hashers._line.cache_clear()


def test_no_more_hash_at_once_than_there_are_slots(settings: Settings) -> None:
    settings.HASHER_WAIT_S = 60
    inside, most, lock = 0, 0, Lock()
    begin = Barrier(8)

    def work() -> None:
        nonlocal inside, most
        begin.wait()
        with hashing_slot():
            with lock:
                inside += 1
                most = max(most, inside)
            Argon2idHasher().encode("a password", "some-salt-of-it")
            with lock:
                inside -= 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _number: work(), range(8)))
    assert (inside, most) == (0, 2)


def refusal() -> ApplicationError:
    with ThreadPoolExecutor(1) as pool, pytest.raises(ApplicationError) as caught:
        pool.submit(Argon2idHasher().encode, "a password", "some-salt-of-it").result()
    return caught.value


def test_who_waits_too_long_is_told_when_to_come_again() -> None:
    with ThreadPoolExecutor(1) as pool:
        held, release = Barrier(2), Barrier(2)

        def hold() -> None:
            with hashing_slot():
                held.wait()
                release.wait()

        holding = pool.submit(hold)
        held.wait()
        with hashing_slot():
            error = refusal()
        release.wait()
        holding.result()
    assert (error.status, error.headers["Retry-After"]) == (503, "5")


def test_a_line_that_is_too_long_is_refused_at_once(settings: Settings) -> None:
    settings.HASHER_LINE = 1
    assert hashers._line().acquire(blocking=False)
    assert refusal().code == "service.unavailable"
