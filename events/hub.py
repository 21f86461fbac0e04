"""One listener for all sockets of a process: what Redis brings, checked against the log.

Redis makes it fast, PostgreSQL makes it true: a number that does not follow the last one, or a
second without news, sends the hub to the table.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from channels.layers import get_channel_layer
from django.conf import settings
from redis.exceptions import RedisError

from events.live.feed import Feed
from events.live.log import LogReader, Message
from events.live.rows import Row
from starscal.core.errors import error_record
from starscal.core.health import Finding
from starscal.core.metrics import (
    hub_restarts_total,
    live_gap_fills_total,
    live_replay_failures_total,
)

logger = logging.getLogger(__name__)

STREAMS = ("events",)
POLL_S = 1.0
BATCH = 500
FIRST_WAIT_S, LONGEST_WAIT_S = 0.2, 5.0
STEADY_S = 30.0  # a task that ran this long starts over with the shortest wait
STALE_S = 10.0
OUTAGES = (psycopg.Error, RedisError, OSError, TimeoutError)


def group_name(stream: str) -> str:
    return f"live.{stream}"


class ReplayLostError(Exception):
    """The messages that were asked for are no longer kept."""


class Hub:
    """The streams as this process knows them, kept current by two supervised tasks."""

    def __init__(self) -> None:
        self.feeds = {name: Feed(name, settings.LIVE_RING_LENGTH) for name in STREAMS}
        self.loaded = asyncio.Event()
        self._news, self._history = LogReader(), LogReader()
        self._nudge = asyncio.Event()
        self._reading = asyncio.Lock()
        self._read_at = 0.0
        self._channel = ""
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        work = {"poll": self._poll, "listen": self._listen}
        self._tasks = [asyncio.create_task(_kept_up(name, task)) for name, task in work.items()]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._news.close()
        await self._history.close()

    @property
    def alive(self) -> bool:
        """Say whether both tasks run and the log was read lately."""
        running = bool(self._tasks) and not any(task.done() for task in self._tasks)
        return running and time.monotonic() - self._read_at < STALE_S

    async def refresh(self) -> None:
        """Read the log now: somebody knows of a newer message than we do."""
        async with self._reading:
            for feed in self.feeds.values():
                await self._catch_up(feed)
        self._read_at = time.monotonic()
        self.loaded.set()

    async def replay(self, feed: Feed, seq: int, limit: int) -> list[Row]:
        """Return up to ``limit`` messages after ``seq``, from memory or else from the log.

        An empty list means that there is nothing to read now, or that PostgreSQL is away.
        Raises: ReplayLostError if the message after ``seq`` is no longer kept.
        """
        if feed.holds_after(seq):
            return feed.after(seq, limit)
        try:
            messages = await self._history.after(feed.name, seq, limit)
        except OUTAGES:
            live_replay_failures_total.inc()
            logger.warning("A replay waits for PostgreSQL.")
            return []
        if not messages or messages[0].seq != seq + 1:
            raise ReplayLostError
        return _rows(feed, messages)

    async def _poll(self) -> None:
        while True:
            self._nudge.clear()
            await self.refresh()
            try:
                async with asyncio.timeout(POLL_S):
                    await self._nudge.wait()
            except TimeoutError:
                continue

    async def _catch_up(self, feed: Feed) -> None:
        known = feed.last_seq  # while the log answers, the group may tell us of more
        state = await self._news.state(feed.name)
        if feed.epoch != state.epoch or state.last_seq < known:
            await self._begin(feed, state.epoch, state.last_seq)
        while feed.last_seq < state.last_seq:
            messages = await self._news.after(feed.name, feed.last_seq, BATCH)
            if not messages or not feed.extend(_rows(feed, messages)):
                await self._begin(feed, state.epoch, state.last_seq)

    async def _begin(self, feed: Feed, epoch: str, last_seq: int) -> None:
        first = max(0, last_seq - settings.LIVE_RING_LENGTH)
        messages = await self._news.after(feed.name, first, settings.LIVE_RING_LENGTH)
        is_whole = bool(messages) and messages[-1].seq >= last_seq
        feed.begin(epoch, last_seq, _rows(feed, messages) if is_whole else [])

    async def _listen(self) -> None:
        layer = get_channel_layer()
        if layer is None:
            raise LookupError("CHANNEL_LAYERS names no layer.")
        self._channel = self._channel or await layer.new_channel("live.hub.")
        for stream in self.feeds:
            await layer.group_add(group_name(stream), self._channel)
        self._nudge.set()  # what was said before we listened is in the log
        while True:
            self._hear(await layer.receive(self._channel))

    def _hear(self, said: dict[str, Any]) -> None:
        feed = self.feeds[said["stream"]]
        told = [Message(*fields) for fields in said["messages"]]
        messages = [message for message in told if message.seq > feed.last_seq]
        if said["epoch"] != feed.epoch or not feed.extend(_rows(feed, messages)):
            live_gap_fills_total.inc()
            self._nudge.set()


def _rows(feed: Feed, messages: Sequence[Message]) -> list[Row]:
    return [Row(feed.name, message) for message in messages]


async def _kept_up(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Run a task for ever; when it fails, say so, count it and start it again."""
    wait_s = FIRST_WAIT_S
    while True:
        began = time.monotonic()
        try:
            await work()
        except OUTAGES as error:
            logger.warning("The hub's %s lost a server: %s", name, error)
        except Exception as error:  # noqa: BLE001 - logged and counted there
            error_record(exception=error, where="hub")
        hub_restarts_total.labels(name).inc()
        wait_s = FIRST_WAIT_S if time.monotonic() - began > STEADY_S else wait_s
        await asyncio.sleep(wait_s)
        wait_s = min(wait_s * 2, LONGEST_WAIT_S)


HUBS: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub_here() -> Hub:
    """Return the hub of the running event loop, started at the first call."""
    loop = asyncio.get_running_loop()
    hub = HUBS.get(loop)
    if hub is None:
        hub = HUBS[loop] = Hub()
        hub.start()
    return hub


def hub_alive() -> bool:
    """Say whether every hub of this process works; True where no socket needed one yet."""
    return all(hub.alive for hub in list(HUBS.values()))


def hub_health() -> Finding:
    """Say to the readiness check how the hub is."""
    alive = hub_alive()
    reason = "" if alive else "the live feed of this process stands still"
    return Finding(ok=alive, figure=len(HUBS), unit="hubs", reason=reason)
