"""One stream told as Server-Sent Events: the frames of the socket, without the talk."""

from __future__ import annotations

import asyncio
import secrets
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import Any, Final, NamedTuple

from django.conf import settings

from events.hub import OUTAGES, Hub, ReplayLostError
from events.live.conversation import BATCH, HUB_TIMEOUT_S, RETRY_S, SNAPSHOTS
from events.live.feed import Feed
from events.live.filters import EventFilter
from events.live.identity import Credential
from events.live.parsing import Cursor
from events.live.passport import PRIVATE_STREAMS, Passport
from events.live.refusals import going_down
from events.live.rows import Voice
from events.live.sse import HEARTBEAT, event_text, retry_text, written
from starscal.core.i18n import language_choose
from starscal.core.metrics import live_deliveries_total, live_resets_total

RETRY_MS: Final = 1_000, 5_000  # those whom a restart sends away do not come back all at once
Write = Callable[[str], Awaitable[None]]


class StreamWish(NamedTuple):
    """What a client wants to hear, from where on, and in which language.

    ``asked`` and ``header`` are where the voice comes from: the user's own language stands between.
    """

    stream: str
    filter: EventFilter
    cursor: Cursor | None
    voice: Voice
    zone: str
    asked: str = ""
    header: str = ""


class EventStream:
    """One client that only listens.

    It pulls from its place in the ring or the log as a socket does; writing waits until the
    client's connection takes more, so that a slow one keeps no queue.
    """

    def __init__(self, hub: Hub, wish: StreamWish) -> None:
        self.hub, self.wish = hub, wish
        self.wake = asyncio.Event()
        self.passport = Passport(hub, self.wake.set)
        self.feed: Feed
        self.epoch, self.position, self.prev = "", 0, 0
        self.told: Cursor | None = None  # the newest id that the client has
        self.heard_language = ""  # of the user's own, the one that the voice knows of
        self.is_reset = False
        self.heartbeat_at = 0.0
        self.write: Write

    async def open(self, credential: Credential | None) -> None:
        """Find out who asks and where to begin. Raises: RefusalError. End with `leave`."""
        try:
            async with asyncio.timeout(HUB_TIMEOUT_S):
                await self.hub.loaded.wait()
        except TimeoutError:
            raise going_down() from None
        if credential is not None:
            await self.passport.show(credential)
            self._speak()
        name = self.wish.stream
        private = name in PRIVATE_STREAMS
        self.feed = await self.passport.feed(name) if private else self.hub.feeds[name]
        await self._take_place()
        self.feed.listeners.add(self.wake.set)

    def leave(self) -> None:
        """Forget everything, at the end."""
        if hasattr(self, "feed"):
            self.feed.listeners.discard(self.wake.set)
        self.passport.leave()

    async def run(self, write: Write) -> None:
        """Tell the stream until somebody ends it. Raises: RefusalError."""
        self.write = write
        await self._welcome(time.monotonic())
        while True:
            self.wake.clear()
            self.passport.check(time.monotonic())
            self._speak()
            await self._bring_up()
            now = time.monotonic()
            await self._keep_time(now)
            try:
                async with asyncio.timeout(self._idle_s(now)):
                    await self.wake.wait()
            except TimeoutError:
                continue

    def _speak(self) -> None:
        """Go on in the language that was asked for, else the user's own, else the browser's."""
        if self.passport.language == self.heard_language:
            return
        own, wish = self.passport.language, self.wish
        chosen = language_choose(asked=wish.asked, user=own, header=wish.header)
        self.heard_language, self.wish = own, wish._replace(voice=Voice(*chosen))

    async def _take_place(self) -> None:
        epoch, seq = self.wish.cursor or self.feed.cursor
        if seq > self.feed.last_seq or epoch != self.feed.epoch:
            try:
                await self.hub.refresh()  # a snapshot may be newer than what the hub has heard
            except OUTAGES:
                raise going_down() from None
        fits = epoch == self.feed.epoch and seq <= self.feed.last_seq and await self._is_kept(seq)
        self._stand_at(seq if fits else self.feed.last_seq)
        self.is_reset = not fits

    async def _is_kept(self, seq: int) -> bool:
        try:
            await self.hub.replay(self.feed, seq, 1)
        except ReplayLostError:
            return False
        return True

    def _stand_at(self, seq: int) -> None:
        self.epoch = self.feed.epoch
        self.position = self.prev = seq

    @property
    def cursor(self) -> Cursor:
        return self.epoch, self.position

    @property
    def _is_lost(self) -> bool:
        return self.epoch != self.feed.epoch or self.position > self.feed.last_seq

    async def _welcome(self, now: float) -> None:
        self.heartbeat_at = now + settings.LIVE_HEARTBEAT_S
        least, most = RETRY_MS
        await self.write(retry_text(least + secrets.randbelow(most - least)))
        frame = {
            "op": "welcome",
            "session": uuid.uuid4().hex,
            "heartbeat_s": settings.LIVE_HEARTBEAT_S,
            "cursors": {self.wish.stream: self.cursor},
            "lang": self.wish.voice.language,
            "fallback": self.wish.voice.fallback,
            "tz": self.wish.zone,
        }
        identity = self.passport.identity
        if identity is not None:
            frame |= {"user": identity.user, "in_s": self.passport.remaining_s(now)}
        await self._say(frame)
        if self.is_reset:
            await self._say_reset()

    async def _say(self, frame: dict[str, Any]) -> None:
        """Say a frame that moves the client to where we are."""
        self.told = self.cursor
        await self.write(event_text(frame, self.told))

    async def _say_reset(self) -> None:
        live_resets_total.inc()
        name = self.wish.stream
        frame = {"op": "reset", "stream": name, "cursor": self.cursor, "snapshot": SNAPSHOTS[name]}
        await self._say(frame)

    async def _start_anew(self) -> None:
        self._stand_at(self.feed.last_seq)
        await self._say_reset()

    async def _bring_up(self) -> None:
        while True:
            if not await self._advance():
                return
            await asyncio.sleep(0)

    async def _advance(self) -> bool:
        """Send the next few messages; True if there is more to do at once."""
        if self._is_lost:
            await self._start_anew()
        if self.position >= self.feed.last_seq:
            return False
        try:
            rows = await self.hub.replay(self.feed, self.position, BATCH)
        except ReplayLostError:
            await self._start_anew()
            return False
        for row in rows:
            if self._is_lost or row.seq != self.position + 1:
                break
            self.position = row.seq
            if self.wish.filter.lets_through(row.kind, row.subject):
                frame = row.frame(self.wish.voice, self.prev)
                self.prev, self.told = row.seq, self.cursor
                await self.write(written("event", frame, self.told))
                live_deliveries_total.inc()
        return bool(rows)

    async def _keep_time(self, now: float) -> None:
        if self.passport.ending_noticed(now):
            await self.write(event_text({"op": "expiring", "in_s": self.passport.remaining_s(now)}))
        if now < self.heartbeat_at:
            return
        self.heartbeat_at = now + settings.LIVE_HEARTBEAT_S
        if self.told == self.cursor:
            await self.write(HEARTBEAT)
        else:  # all that came was filtered out: whoever resumes need not look at it again
            await self._say({"op": "cursor", "stream": self.wish.stream, "seq": self.position})

    def _idle_s(self, now: float) -> float:
        """Return how long nothing is due."""
        due = [self.heartbeat_at, self.passport.due_at]
        if self.position < self.feed.last_seq:
            due.append(now + RETRY_S)
        return max(0.01, min(due) - now)
