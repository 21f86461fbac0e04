"""One listener for all sockets of a process: what Redis brings, checked against the log.

Redis makes it fast, PostgreSQL makes it true: a number that does not follow the last one, or a
second without news, sends the hub to the table.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from channels.layers import get_channel_layer
from django.conf import settings
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from events.live.feed import Feed
from events.live.log import LogReader, Message, StreamState
from events.live.presence import PresenceBeat
from events.live.revocations import REVOCATIONS, Revocations
from events.live.rows import Row
from events.live.sights import Sights
from events.live.sky import SkyStream
from events.live.tongues import Tongues
from starscal.core.ending import tasks_ended
from starscal.core.errors import error_record
from starscal.core.health import Finding
from starscal.core.metrics import (
    hub_restarts_total,
    live_gap_fills_total,
    live_replay_failures_total,
)

logger = logging.getLogger(__name__)

STREAMS = ("events",)
PERSONAL = "me"
PERSONAL_RING_LENGTH = 64
GROUPS = (*STREAMS, REVOCATIONS, PERSONAL)
POLL_S = 1.0
BATCH = 500
FIRST_WAIT_S, LONGEST_WAIT_S = 0.2, 5.0
STEADY_S = 30.0  # a task that ran this long starts over with the shortest wait
STALE_S = 10.0
REDIS_CONNECTIONS, REDIS_TURN_S = 8, 5.0
OUTAGES = (psycopg.Error, RedisError, OSError, TimeoutError)


def group_name(stream: str) -> str:
    """Return the group that carries a stream; one carries the streams of all people."""
    return f"live.{stream.partition(':')[0]}"


def personal_stream(user: str) -> str:
    return f"{PERSONAL}:{user}"


class ReplayLostError(Exception):
    """The messages that were asked for are no longer kept."""


class Hub:
    """The streams as this process knows them, kept current by supervised tasks."""

    def __init__(self) -> None:
        self._grown = asyncio.Event()
        self.feeds = {
            name: Feed(name, settings.LIVE_RING_LENGTH, grown=self._grown.set) for name in STREAMS
        }
        self.revocations, self.tongues = Revocations(), Tongues()
        self.personal: dict[str, Feed] = {}  # of the people whose sockets are here
        self._followers: Counter[str] = Counter()
        self.sky, self.sights = SkyStream(), Sights()
        self.loaded = asyncio.Event()
        self.redis = _few_connections()
        self.presence = PresenceBeat(self.redis)
        self._news, self._history = LogReader(), LogReader()
        self._nudge = asyncio.Event()
        self._reading = asyncio.Lock()
        self._read_at = 0.0
        self._trouble: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        work = {"poll": self._poll, "listen": self._listen, "write": self._write}
        work |= {"sky": self.sky.run, "presence": self.presence.run}
        self._tasks = [asyncio.create_task(_kept_up(name, task)) for name, task in work.items()]

    async def stop(self) -> None:
        await tasks_ended(self._tasks)
        self.sights.close()
        with suppress(*OUTAGES):
            await self.presence.forget()
        await self.redis.aclose()
        await self._news.close()
        await self._history.close()

    @property
    def alive(self) -> bool:
        """Say whether all tasks run and the log was read lately."""
        running = bool(self._tasks) and not any(task.done() for task in self._tasks)
        return running and time.monotonic() - self._read_at < STALE_S

    async def refresh(self) -> None:
        """Read the log now: somebody knows of a newer message than we do."""
        async with self._reading:
            for feed in self.feeds.values():
                known = feed.last_seq  # while the log answers, the group may tell us of more
                await self._catch_up(feed, await self._news.state(feed.name), known)
            await self._catch_up_others()
        self._read_at = time.monotonic()
        self.loaded.set()

    async def follow(self, user: str) -> Feed:
        """Return the feed of a person, who is here now; end with `unfollow`."""
        name = personal_stream(user)
        self._followers[name] += 1
        feed = self.personal.setdefault(
            name, Feed(name, PERSONAL_RING_LENGTH, PERSONAL, self._grown.set)
        )
        try:
            state = None if feed.epoch else await self._news.state(name)
        except BaseException:
            self.unfollow(user)
            raise
        if state is not None and not feed.epoch:
            feed.begin(state)  # older messages are in the log, should somebody resume
        return feed

    def unfollow(self, user: str) -> None:
        name = personal_stream(user)
        self._followers[name] -= 1
        if self._followers[name] <= 0:
            del self._followers[name], self.personal[name]

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
        return feed.rows(messages)

    async def _poll(self) -> None:
        while True:
            self._nudge.clear()
            await self.refresh()
            try:
                async with asyncio.timeout(POLL_S):
                    await self._nudge.wait()
            except TimeoutError:
                continue

    async def _catch_up_others(self) -> None:
        """Look at the revocations and at the people who are here, in one query."""
        followed: dict[str, Feed | Revocations] = {REVOCATIONS: self.revocations, **self.personal}
        known = {name: feed.last_seq for name, feed in followed.items()}
        for name, state in (await self._news.states(list(followed))).items():
            await self._catch_up(followed[name], state, known[name])

    async def _catch_up(self, feed: Feed | Revocations, state: StreamState, known: int) -> None:
        if feed.epoch != state.epoch or state.last_seq < known:
            await feed.load(self._news, state)
        while feed.last_seq < state.last_seq:
            messages = await self._news.after(feed.name, feed.last_seq, BATCH)
            self.tongues.note(feed.name, messages)
            if not messages or not feed.extend(messages):
                await feed.load(self._news, state)

    async def _write(self) -> None:
        """Bring the lanes on whenever a feed has grown."""
        while True:
            await self._grown.wait()
            self._grown.clear()
            for feed in [*self.feeds.values(), *self.personal.values()]:
                for _turn in feed.bring_lanes_on():
                    await asyncio.sleep(0)

    async def _listen(self) -> None:
        layer = get_channel_layer()
        if layer is None:
            raise LookupError("CHANNEL_LAYERS names no layer.")
        self._trouble = asyncio.get_running_loop().create_future()
        for stream in GROUPS:
            await layer.group_attach(group_name(stream), self._heard)
        self._nudge.set()  # what was said before we listened is in the log
        await self._trouble  # the layer calls us, and finds Redis again by itself

    def _heard(self, said: dict[str, Any]) -> None:
        """Hear what the layer brings; what goes wrong is for the task that looks after this."""
        try:
            self._hear(said)
        except Exception as error:  # noqa: BLE001 - raised again in that task
            if not self._trouble.done():
                self._trouble.set_exception(error)

    def _hear(self, said: dict[str, Any]) -> None:
        told = [Message(*fields) for fields in said["messages"]]
        self.tongues.note(said["stream"], told)
        feed = self._followed(said["stream"])
        if feed is None:
            return  # of a person who follows nothing here
        messages = [message for message in told if message.seq > feed.last_seq]
        if said["epoch"] != feed.epoch or not feed.extend(messages):
            live_gap_fills_total.inc()
            self._nudge.set()

    def _followed(self, stream: str) -> Feed | Revocations | None:
        if stream == REVOCATIONS:
            return self.revocations
        return self.feeds.get(stream) or self.personal.get(stream)


def _few_connections() -> Redis:
    """Return a client for small questions: a rush of sockets waits for its turn at few lines."""
    pool = BlockingConnectionPool.from_url(
        settings.REDIS_URL,
        max_connections=REDIS_CONNECTIONS,
        timeout=REDIS_TURN_S,
        socket_timeout=settings.REDIS_QUICK_S,
        socket_connect_timeout=settings.REDIS_QUICK_S,
        retry=Retry(NoBackoff(), 0),
        decode_responses=True,
    )
    return Redis.from_pool(pool)


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
