"""What a socket and the hub say to each other after the handshake."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections import deque

from django.conf import settings

from events.hub import OUTAGES, STREAMS, Hub, ReplayLostError
from events.live import parsing
from events.live.feed import Feed
from events.live.filters import EVERYTHING
from events.live.identity import Credential
from events.live.line import Line
from events.live.parsing import Wish, frame_parse
from events.live.passport import PRIVATE_STREAMS, Passport
from events.live.refusals import (
    RefusalError,
    auth_needed,
    going_down,
    hello_again,
    hello_late,
    hello_missing,
    silent,
    stream_unknown,
    too_slow,
)
from events.live.rows import Row, Voice
from events.live.sky import SKY, SkyWatch
from events.live.subscription import Subscription
from starscal.core.ending import tasks_ended
from starscal.core.i18n import language_choose
from starscal.core.metrics import live_deliveries_total, live_resets_total

SNAPSHOTS = {"events": "/api/v1/events", "me": "/api/v1/me"}
KNOWN = (*STREAMS, SKY, *sorted(PRIVATE_STREAMS))
BATCH = 64  # after so many messages the other sockets have their turn
RETRY_S = 1.0
HUB_TIMEOUT_S = 5.0


class Conversation:
    """One client after its hello: a reader of its frames and a writer that follows the feeds.

    The writer pulls from its place in the ring or the log whenever the hub wakes it, so that a
    replay and what arrives meanwhile are one sequence, and a slow client costs no queue.
    """

    def __init__(self, line: Line, hub: Hub, accept_language: str) -> None:
        self.line, self.hub = line, hub
        self.accept_language = accept_language
        self.voice = Voice("en")
        self.asked = ""  # the language of hello or lang, which goes before the user's own
        self.heard_language = ""  # of the user's own, the one that the voice knows of
        self.subscriptions: dict[str, Subscription] = {}
        self.unacked: dict[str, deque[int]] = {}  # outlives a subscription: no new credit for it
        self.wake = asyncio.Event()
        self.passport = Passport(hub, self.wake.set)
        self.sky: SkyWatch | None = None
        self.heard_at = self.full_since = 0.0
        self.heartbeat_at = 0.0

    async def run(self) -> None:
        """Talk until one side ends it. Raises HangupError or RefusalError."""
        try:
            await self._greet()
            self.hub.presence.here.add(self)
            await self._talk()
        finally:
            for subscription in self.subscriptions.values():
                subscription.end()
            self._look_away()
            self.hub.presence.here.discard(self)
            self.passport.leave()

    @property
    def language(self) -> str:
        return self.voice.language

    def followed(self) -> list[str]:
        """Return the streams that this client follows."""
        return [*self.subscriptions, *([SKY] if self.sky else [])]

    async def _talk(self) -> None:
        tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._write())]
        try:
            done, _running = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            while done:
                done.pop().result()
        finally:
            await tasks_ended(tasks)
            tasks.clear()  # what they raised holds this frame, which must not hold it in turn

    async def _greet(self) -> None:
        hello = await self._hello()
        self._choose_language(hello.lang)
        await self._hub_loaded()
        if hello.credential is not None:
            await self.passport.show(hello.credential)
            self._speak()
        troubles, resets = await self._subscribe(hello.wish)
        now = time.monotonic()
        self.heard_at, self.heartbeat_at = now, now + settings.LIVE_HEARTBEAT_S
        await self.line.say(
            {
                "op": "welcome",
                "session": uuid.uuid4().hex,
                "heartbeat_s": settings.LIVE_HEARTBEAT_S,
                "cursors": {name: s.cursor for name, s in self.subscriptions.items()},
                "lang": self.voice.language,
                "fallback": self.voice.fallback,
                "tz": hello.tz or "UTC",
                **self._signed_in(now),
            }
        )
        await self._explain(troubles, resets)

    def _signed_in(self, now: float) -> dict[str, object]:
        """Return what tells a client that we know who it is, and how long it may stay."""
        identity = self.passport.identity
        if identity is None:
            return {}
        return {"user": identity.user, "in_s": self.passport.remaining_s(now)}

    async def _hello(self) -> parsing.Hello:
        try:
            async with asyncio.timeout(settings.LIVE_HELLO_TIMEOUT_S):
                frame = frame_parse(await self.line.read())
        except TimeoutError:
            raise hello_late() from None
        if not isinstance(frame, parsing.Hello):
            raise hello_missing()
        return frame

    async def _hub_loaded(self) -> None:
        try:
            async with asyncio.timeout(HUB_TIMEOUT_S):
                await self.hub.loaded.wait()
        except TimeoutError:
            raise going_down() from None

    async def _read(self) -> None:
        while True:
            frame = frame_parse(await self.line.read())
            self.heard_at = time.monotonic()
            try:
                await self._obey(frame)
            except RefusalError as refusal:
                if refusal.close is not None:
                    raise
                await self.line.tell(refusal)

    async def _obey(self, frame: parsing.ClientFrame) -> None:
        if isinstance(frame, parsing.Ack) and self._acknowledged(frame):
            return  # it pays for itself: no more of these than messages
        self.line.charge()
        match frame:
            case parsing.Hello():
                raise hello_again()
            case parsing.Auth(credential):
                await self._sign_in(credential)
            case parsing.Ack(stream):
                self._require_known(stream)
            case parsing.Lang(lang):
                self._choose_language(lang)
            case parsing.Subscribe(wish):
                await self._explain(*await self._subscribe(wish), wish.streams)
            case parsing.Unsubscribe(streams):
                self._unsubscribe(streams)

    async def _sign_in(self, credential: Credential) -> None:
        await self.passport.show(credential)
        self._speak()
        await self.line.say({"op": "auth", **self._signed_in(time.monotonic())})
        self.wake.set()  # the writer waits for another end now

    def _choose_language(self, asked: str) -> None:
        self.asked = asked
        self._speak()

    def _speak(self) -> None:
        """Go on in the language that was asked for, else the user's own, else the browser's."""
        own = self.heard_language = self.passport.language
        chosen = language_choose(asked=self.asked, user=own, header=self.accept_language)
        voice, self.voice = self.voice, Voice(*chosen)
        self.line.language = self.voice.language
        if voice != self.voice:
            self._step_out()

    def _step_out(self) -> None:
        for place in self.subscriptions.values():
            place.step_out()

    def _acknowledged(self, ack: parsing.Ack) -> bool:
        subscription = self.subscriptions.get(ack.stream)
        if subscription is None or not subscription.acknowledge(ack.seq):
            return False
        if subscription.lane is None:
            self.full_since = 0.0
            self.wake.set()
        return True

    async def _subscribe(self, wish: Wish) -> tuple[list[RefusalError], list[str]]:
        """Follow the streams of a wish; return the unknown ones and those that start anew."""
        troubles, resets = [], []
        for name in wish.streams:
            try:
                self._require_known(name)
            except RefusalError as refusal:
                if refusal.close is not None:
                    raise
                troubles.append(refusal)
                continue
            if name == SKY:
                self._look_up()
            elif not await self._follow(name, wish):
                resets.append(name)
        self.wake.set()
        return troubles, resets

    async def _follow(self, name: str, wish: Wish) -> bool:
        """Take up a stream at the client's cursor; False if it cannot be continued from there."""
        feed = await self._feed(name)
        before = self.subscriptions.get(name)
        epoch, seq = wish.cursors.get(name) or (before.cursor if before else feed.cursor)
        if seq > feed.last_seq or epoch != feed.epoch:
            await self._refreshed()
        fits = epoch == feed.epoch and seq <= feed.last_seq and await self._is_kept(feed, seq)
        unacked = self.unacked.setdefault(name, deque())
        start = seq if fits else feed.last_seq
        place = Subscription(feed, wish.filter or EVERYTHING, start, unacked, self.wake.set)
        if before is not None:
            if fits and name not in wish.cursors:
                place.go_on_after(before.prev)
            before.end()
        self.subscriptions[name] = place
        feed.listeners.add(self.wake.set)
        return fits

    def _look_up(self) -> None:
        """Follow the sky; the writer says the first state, also to who asks once more."""
        self._look_away()
        self.sky = SkyWatch(self.line.sink, self.wake.set, self._step_out)
        self.hub.sky.join(self.sky)

    def _look_away(self) -> None:
        if self.sky is not None:
            self.hub.sky.leave(self.sky)
        self.sky = None

    async def _refreshed(self) -> None:
        """Have the hub look at the log: a snapshot may be newer than what it has heard."""
        try:
            await self.hub.refresh()
        except OUTAGES:
            raise going_down() from None

    async def _feed(self, name: str) -> Feed:
        if name in PRIVATE_STREAMS:
            return await self.passport.feed(name)
        return self.hub.feeds[name]

    async def _is_kept(self, feed: Feed, seq: int) -> bool:
        try:
            await self.hub.replay(feed, seq, 1)
        except ReplayLostError:
            return False
        return True

    def _unsubscribe(self, streams: tuple[str, ...]) -> None:
        for name in streams:
            self._require_known(name)
            if name == SKY:
                self._look_away()
            subscription = self.subscriptions.pop(name, None)
            if subscription is not None:
                subscription.end()

    async def _explain(
        self, troubles: list[RefusalError], resets: list[str], confirmed: tuple[str, ...] = ()
    ) -> None:
        for refusal in troubles:
            await self.line.tell(refusal)
        for name in resets:
            await self._say_reset(self.subscriptions[name])
        for name in confirmed:
            if name in self.subscriptions and name not in resets:
                await self._say_cursor(self.subscriptions[name])

    async def _say_reset(self, place: Subscription) -> None:
        live_resets_total.inc()
        await self.line.say(
            {
                "op": "reset",
                "stream": place.feed.wire_name,
                "cursor": place.cursor,
                "snapshot": SNAPSHOTS[place.feed.wire_name],
            }
        )

    async def _say_cursor(self, place: Subscription) -> None:
        stream = place.feed.wire_name
        await self.line.say({"op": "cursor", "stream": stream, "seq": place.position})

    async def _write(self) -> None:
        while True:
            self.wake.clear()
            self.passport.check(time.monotonic())
            if self.passport.language != self.heard_language:
                self._speak()
            for place in list(self.subscriptions.values()):
                await self._bring_up(place)
            if self.sky is not None and (first := self.hub.sky.first(self.sky)) is not None:
                await self.line.write(first)
            now = time.monotonic()
            await self._keep_time(now)
            try:
                async with asyncio.timeout(self._idle_s(now)):
                    await self.wake.wait()
            except TimeoutError:
                continue

    async def _bring_up(self, place: Subscription) -> None:
        while True:
            if not await self._advance(place):
                break
            await asyncio.sleep(0)
        self._join_lane(place)

    def _join_lane(self, place: Subscription) -> None:
        """Leave the rest to a lane, where the server offers one and nothing is in the way."""
        sink = self.line.sink
        if sink is None or place.lane is not None or not sink.is_clear:
            return
        if place.filter.place is not None or not self._follows(place):
            return  # what is seen from there is asked for each socket
        if not self._is_out_of_credit(place) and not place.is_lost:
            place.feed.join_lane(place, self.voice, sink)

    async def _advance(self, place: Subscription) -> bool:
        """Send the next few messages; True if there is more to do at once."""
        if place.is_lost:
            await self._start_anew(place)
        if not place.is_behind or self._is_out_of_credit(place):
            return False
        try:
            rows = await self.hub.replay(place.feed, place.position, BATCH)
        except ReplayLostError:
            await self._start_anew(place)
            return False
        await self._send(place, rows, await self.hub.sights.unseen(rows, place.filter))
        return bool(rows) and self._follows(place)

    def _follows(self, place: Subscription) -> bool:
        """Say whether the client did not wish for something else meanwhile."""
        return self.subscriptions.get(place.feed.wire_name) is place

    async def _send(self, place: Subscription, rows: list[Row], unseen: frozenset[int]) -> None:
        """Move past messages and send what passes; in one piece where the server can."""
        sink, told = self.line.sink, []
        for row in rows:
            if place.is_lost or self._is_out_of_credit(place) or row.seq != place.position + 1:
                break
            if not self._follows(place):
                break
            prev = place.takes(row, unseen=row.seq in unseen)
            if prev is None:
                continue
            live_deliveries_total.inc()
            if sink is None:
                await self.line.write(row.frame(self.voice, prev))
            else:
                told.append(row.wire(self.voice, prev))
        if sink is not None and told:
            sink.write(b"".join(told))

    async def _start_anew(self, place: Subscription) -> None:
        place.move_to_end()
        self.full_since = 0.0  # what was not acknowledged is forgotten with the place
        await self._say_reset(place)

    def _is_out_of_credit(self, place: Subscription) -> bool:
        full = place.in_flight >= settings.LIVE_CREDIT
        if full and not self.full_since:
            self.full_since = time.monotonic()
        return full

    async def _keep_time(self, now: float) -> None:
        """Beat the heart; end the talk with a client that does not keep up or does not answer."""
        if self.full_since and now - self.full_since >= settings.LIVE_CREDIT_TIMEOUT_S:
            raise too_slow(settings.LIVE_CREDIT_TIMEOUT_S)
        if now - self.heard_at > 2 * settings.LIVE_HEARTBEAT_S:
            raise silent()
        if self.passport.ending_noticed(now):
            await self.line.say({"op": "expiring", "in_s": self.passport.remaining_s(now)})
        if now >= self.heartbeat_at:
            self.heartbeat_at = now + settings.LIVE_HEARTBEAT_S
            for place in self.subscriptions.values():
                await self._say_cursor(place)
            await self.line.say({"op": "ping"})

    def _idle_s(self, now: float) -> float:
        """Return how long nothing is due."""
        silent_at = self.heard_at + 2 * settings.LIVE_HEARTBEAT_S
        due = [self.heartbeat_at, silent_at, self.passport.due_at]
        if self.full_since:
            due.append(self.full_since + settings.LIVE_CREDIT_TIMEOUT_S)
        elif any(place.is_behind for place in self.subscriptions.values()):
            due.append(now + RETRY_S)
        return max(0.01, min(due) - now)

    def _require_known(self, stream: str) -> None:
        if stream not in KNOWN:
            raise stream_unknown(stream, ", ".join(KNOWN))
        if stream in PRIVATE_STREAMS and self.passport.identity is None:
            raise auth_needed(stream)
