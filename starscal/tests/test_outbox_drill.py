"""T3: what many write at once is in the log without a hole, and nobody who reads on misses it."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
from contextlib import closing
from typing import Any

import psycopg
import pytest

from events.live.log import connection_params, messages_after
from starscal.core.models import OutboxMessage, Stream
from starscal.devservices.layout import CHECKOUT
from starscal.testing.drill.load import drill_full
from starscal.testing.live import sabotaged, stack_environment

WRITERS = 8
ROUNDS = 500 if drill_full() else 60
LEAST_SHARE = 0.2  # of what plain rows reach, which need not wait for each other
STREAM = "events"


class Follower(threading.Thread):
    """Read on after the newest number known, as relay and hub do, while others write."""

    def __init__(self) -> None:
        super().__init__()
        self.had: list[tuple[int, str]] = []
        self.done = threading.Event()

    def run(self) -> None:
        asyncio.run(self.follow())

    async def follow(self) -> None:
        line = await psycopg.AsyncConnection.connect(**connection_params(), autocommit=True)
        try:
            while True:
                if not await self.read_on(line) and self.done.is_set():
                    break
                await asyncio.sleep(0.02)
        finally:
            await line.close()

    async def read_on(self, line: psycopg.AsyncConnection[Any]) -> bool:
        """Take what is new; False if nothing was."""
        last = self.had[-1][0] if self.had else 0
        messages = await messages_after(line, STREAM, last, 500)
        self.had += [(message.seq, message.key) for message in messages]
        return bool(messages)


def written() -> dict[str, Any]:
    """Let the writers write, and return what they tell."""
    module = ["-m", "starscal.core.tests.outbox_writers", str(WRITERS), str(ROUNDS)]
    done = subprocess.run(
        [sys.executable, *sabotaged(module)],
        env=stack_environment(), cwd=CHECKOUT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def deadlocks() -> int:
    with closing(psycopg.connect(**connection_params(), autocommit=True)) as line:
        row = line.execute(
            "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        ).fetchone()
    return int(row[0]) if row else 0


@pytest.mark.drill("T3")
@pytest.mark.django_db(transaction=True)
def test_what_eight_write_at_once_is_read_without_a_hole(figures: dict[str, Any]) -> None:
    before = deadlocks()
    follower = Follower()
    follower.start()
    try:
        told = written()
    finally:
        follower.done.set()
        follower.join()
    log, plain = told["outbox"], told["plain"]
    numbers = [seq for seq, _key in follower.had]
    last = Stream.objects.get(pk=STREAM).last_seq
    figures["committed"] = len(log["keys"])
    figures["lost"] = len(set(log["keys"]) - {key for _seq, key in follower.had})
    figures["holes"] = last - len(set(numbers))
    figures["deadlocks"] = deadlocks() - before
    figures["commits_per_s"], figures["plain_per_s"] = log["rate"], plain["rate"]
    figures["share"] = round(log["rate"] / plain["rate"], 2)
    rows = OutboxMessage.objects.filter(stream=STREAM)
    assert sorted(rows.values_list("key", flat=True)) == sorted(log["keys"])
    assert numbers == list(range(1, len(log["keys"]) + 1))
    assert (figures["lost"], figures["holes"], figures["deadlocks"], log["troubles"]) == (0,) * 4
    assert figures["share"] >= LEAST_SHARE or not drill_full()  # few rounds: mostly waiting
