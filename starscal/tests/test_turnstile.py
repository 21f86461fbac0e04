from __future__ import annotations

import asyncio
from typing import Any

import pytest
from django.urls import resolve, reverse

from starscal.turnstile import HASHING, Lane, Turnstile

TOKEN = "/api/v1/auth/token"


class Bench:
    """An application that works until it is told to end, and what its callers got."""

    def __init__(self, *, at_once: int, wait_s: float) -> None:
        self.busy = self.most = 0
        self.full, self.end = asyncio.Event(), asyncio.Event()
        self.at_once = at_once
        lane = Lane(at_once=at_once, wait_s=wait_s)
        self.stile = Turnstile(self.work, common=lane, hashing=Lane(at_once=1, wait_s=30, line=2))

    async def work(self, _scope: Any, _receive: Any, send: Any) -> None:
        self.busy += 1
        self.most = max(self.most, self.busy)
        if self.busy == self.at_once:
            self.full.set()
        await self.end.wait()
        self.busy -= 1
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def ask(self, path: str = "/en/", method: str = "GET") -> dict[str, Any]:
        sent: list[dict[str, Any]] = []

        async def send(message: Any) -> None:
            sent.append(message)

        async def receive() -> dict[str, Any]:
            return {"type": "http.request"}

        await self.stile({"path": path, "method": method}, receive, send)
        return sent[0]


async def test_so_many_work_at_once_and_all_are_served() -> None:
    bench = Bench(at_once=3, wait_s=30)
    crowd = [asyncio.create_task(bench.ask()) for _number in range(20)]
    await bench.full.wait()
    bench.end.set()
    assert {answer["status"] for answer in await asyncio.gather(*crowd)} == {200}
    assert bench.most == 3


async def test_who_waits_too_long_is_told_when_to_come_again() -> None:
    bench = Bench(at_once=1, wait_s=0.01)
    first = asyncio.create_task(bench.ask())
    await bench.full.wait()
    answer = await bench.ask()
    assert answer["status"] == 503
    assert (b"retry-after", b"5") in answer["headers"]
    assert (await bench.ask("/livez"))["status"] == 200  # beside a full house
    bench.end.set()
    assert (await first)["status"] == 200
    assert (await bench.ask())["status"] == 200


async def test_a_crowd_that_signs_in_keeps_no_reader_waiting() -> None:
    bench = Bench(at_once=2, wait_s=0.01)
    crowd = [asyncio.create_task(bench.ask(TOKEN, "POST")) for _number in range(5)]
    reader = asyncio.create_task(bench.ask())
    await bench.full.wait()  # the reader works beside the first of the crowd
    bench.end.set()
    assert (await reader)["status"] == 200
    statuses = [answer["status"] for answer in await asyncio.gather(*crowd)]
    assert statuses == [200, 200, 200, 503, 503]  # one at work, two behind it, no more


def names_of_hashing() -> list[str]:
    pages = ("sign-in", "register", "password", "email", "deactivate", "delete")
    found = [reverse(f"account:{name}", args=["zh-hans"]) for name in pages]
    return [
        *(reverse("admin:login"), reverse("admin:password_change"), TOKEN, "/api/v1/me/email"),
        *(f"/api/v1/auth/{name}" for name in ("register", "deactivate", "password/change")),
        *("/api/v1/auth/password/reset/confirm", reverse("account:reset", args=["hy", "a:b:c"])),
        *found,
    ]


@pytest.mark.parametrize("path", names_of_hashing())
def test_what_hashes_has_a_lane_of_its_own(path: str) -> None:
    assert resolve(path).route  # it exists
    assert HASHING.fullmatch(f"POST {path}")
    assert not HASHING.fullmatch(f"GET {path}")


def test_who_deletes_an_account_gives_its_password() -> None:
    assert HASHING.fullmatch("DELETE /api/v1/me")
    assert not HASHING.fullmatch("PATCH /api/v1/me")
    assert not HASHING.fullmatch("POST /api/v1/auth/refresh")
