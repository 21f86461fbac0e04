from __future__ import annotations

import asyncio
from typing import Any

from starscal.turnstile import Turnstile


class Bench:
    """An application that works until it is told to end, and what its callers got."""

    def __init__(self, *, at_once: int, wait_s: float) -> None:
        self.busy = self.most = 0
        self.full, self.end = asyncio.Event(), asyncio.Event()
        self.at_once = at_once
        self.stile = Turnstile(self.work, at_once=at_once, wait_s=wait_s)

    async def work(self, _scope: Any, _receive: Any, send: Any) -> None:
        self.busy += 1
        self.most = max(self.most, self.busy)
        if self.busy == self.at_once:
            self.full.set()
        await self.end.wait()
        self.busy -= 1
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def ask(self, path: str = "/en/") -> dict[str, Any]:
        sent: list[dict[str, Any]] = []

        async def send(message: Any) -> None:
            sent.append(message)

        async def receive() -> dict[str, Any]:
            return {"type": "http.request"}

        await self.stile({"path": path, "method": "GET"}, receive, send)
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
