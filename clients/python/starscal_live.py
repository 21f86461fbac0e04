"""Follow the sky live: a client of /ws/v1/live that needs nothing but `websockets`.

    from starscal_live import LiveClient

    client = LiveClient("wss://stars.example/ws/v1/live", lang="de", cursors=snapshot["cursors"])
    async for frame in client:
        if frame["op"] == "reset":
            snapshot = load(frame["snapshot"])  # then client.go_on_from(snapshot["cursors"])
        else:
            show(frame["type"], frame["data"])

For the stream `me` add `streams=["events", "me"]` and `token=fresh_access_token`, a function that
may be asynchronous; it is asked for each connection, and whenever the server says that the time
of the last token ends.

It reconnects with growing, jittered waits, resumes where it stopped, shows each message once and
in order, and never guesses: a hole in the sequence makes it resume. It ends with RefusedError
where another try would not help. docs/live.md describes the protocol.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any, Literal

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

SUBPROTOCOL = "starscal.v1"
ACK_EVERY = 128
ACK_AFTER_S = 5.0
FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 30.0
CONNECT_TIMEOUT_S = 15.0
HEARTBEATS_MISSED = 2.5
HOPELESS = frozenset({4400, 4401, 4403, 4404, 4413})
PASSING = frozenset({"hello.timeout", "auth.expired"})  # reasons of a 4401 that time mends
DOUBTFUL = frozenset({"auth.invalid", "auth.revoked"})  # a fresh token may be better, once

Frame = dict[str, Any]
Cursor = list[Any]  # [epoch, seq]
Source = Callable[[], "str | Awaitable[str | None] | None"]
State = Literal["stopped", "connecting", "live", "waiting", "refused"]


def decide(last: int, prev: int, seq: int) -> Literal["accept", "ignore", "resume"]:
    """Say what to do with a message; "resume" means that one before it is missing."""
    if seq <= last:
        return "ignore"
    return "accept" if prev <= last else "resume"


def wait_s(attempt: int, chance: Callable[[], float] = random.random) -> float:
    """Return how long to wait before a connection attempt; ``attempt`` counts from 0."""
    most: float = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** min(attempt, 16))
    return most / 2 + chance() * most / 2


class RefusedError(Exception):
    """The server will not have us, and another try would not help."""

    def __init__(self, close_code: int, code: str, detail: str) -> None:
        super().__init__(detail or f"The server closed the connection with {close_code}.")
        self.close_code, self.code, self.detail = close_code, code, detail


class MissingError(Exception):
    """A message is missing: connect again with the cursor."""


class LiveTalk:
    """What a client knows and answers, without any connection: the rules of the protocol."""

    def __init__(
        self,
        *,
        streams: Sequence[str] = ("events",),
        lang: str = "",
        tz: str = "",
        filter: Mapping[str, Any] | None = None,  # noqa: A002 - the protocol's word
        cursors: Mapping[str, Sequence[Any] | None] | None = None,
        can_renew: bool = False,
    ) -> None:
        self.streams = list(streams)
        self.lang, self.tz, self.filter = lang, tz, filter
        self.cursors: dict[str, Cursor] = {k: list(v) for k, v in (cursors or {}).items() if v}
        self.can_renew = can_renew
        self.doubted = False
        self.user: str | None = None
        self.heartbeat_s = CONNECT_TIMEOUT_S
        self.last_error: Frame = {}
        self.attempt = 0
        self._unacked: dict[str, tuple[int, int]] = {}  # how many, up to which number

    def hello(self, shown: Mapping[str, str] | None = None) -> Frame:
        """Return the first frame of a connection; ``shown`` is a token or ticket."""
        self.last_error = {}
        self._unacked.clear()
        frame: Frame = {"op": "hello", "streams": self.streams}
        wishes = {"lang": self.lang, "tz": self.tz, "filter": self.filter, "cursors": self.cursors}
        frame |= {name: wish for name, wish in wishes.items() if wish}
        return {**json.loads(json.dumps(frame)), **(shown or {})}

    def hear(self, frame: Frame) -> tuple[list[Frame], bool]:
        """Take a frame; return what to say to it and whether to show it.

        Raises: MissingError if a message before this one is missing.
        """
        match frame.get("op"):
            case "welcome":
                return self._welcomed(frame), False
            case "event":
                return self._told(frame)
            case "cursor":
                self._moved(frame)
            case "reset":
                self.cursors[frame["stream"]] = list(frame["cursor"])
                self._unacked.pop(frame["stream"], None)
                return [], True
            case "error":
                self.last_error = frame
            case "ping":
                return [{"op": "pong"}], False
        return [], False

    def acks(self) -> list[Frame]:
        """Return what acknowledges everything that has come."""
        frames = [
            {"op": "ack", "stream": stream, "seq": seq}
            for stream, (_count, seq) in self._unacked.items()
        ]
        self._unacked.clear()
        return frames

    @property
    def owes_acks(self) -> bool:
        return bool(self._unacked)

    def go_on_from(self, cursors: Mapping[str, Sequence[Any]]) -> bool:
        """Take the place of a snapshot; True if what was said since has to come once more."""
        older = [
            (stream, list(place))
            for stream, place in cursors.items()
            if (known := self.cursors.get(stream)) and known[0] == place[0] and place[1] < known[1]
        ]
        self.cursors.update(older)
        return bool(older)

    def is_hopeless(self, close_code: int) -> bool:
        """Say whether another connection would fare as the one that was closed so."""
        if close_code not in HOPELESS:
            return False
        reason = self.last_error.get("code", "")
        if reason == "hello.timeout":
            return False
        if not self.can_renew or self.doubted:
            return not (self.can_renew and reason in PASSING)
        self.doubted = reason in DOUBTFUL
        return not (self.doubted or reason in PASSING)

    def _welcomed(self, frame: Frame) -> list[Frame]:
        self.user = frame.get("user")
        self.doubted = False
        self.heartbeat_s = frame["heartbeat_s"]
        self.attempt = 0
        for stream, cursor in frame["cursors"].items():
            self.cursors.setdefault(stream, list(cursor))
        changed = self.lang and self.lang != frame["lang"]
        return [{"op": "lang", "lang": self.lang}] if changed else []

    def _told(self, frame: Frame) -> tuple[list[Frame], bool]:
        cursor = self.cursors.get(frame["stream"])
        if cursor is None:
            return [], False
        verdict = decide(cursor[1], frame["prev"], frame["seq"])
        if verdict == "resume":
            raise MissingError
        count, newest = self._unacked.get(frame["stream"], (0, 0))
        self._unacked[frame["stream"]] = count + 1, max(newest, frame["seq"])
        if verdict == "accept":
            cursor[1] = frame["seq"]
        return self.acks() if count + 1 >= ACK_EVERY else [], verdict == "accept"

    def _moved(self, frame: Frame) -> None:
        cursor = self.cursors.get(frame["stream"])
        if cursor is not None:
            cursor[1] = max(cursor[1], frame["seq"])


class LiveClient:
    """One client; iterate over it for the messages and resets of its streams."""

    def __init__(
        self,
        url: str,
        *,
        token: Source | None = None,
        ticket: Source | None = None,
        on_state: Callable[[State], object] = lambda _state: None,
        on_error: Callable[[Frame], object] = lambda _frame: None,
        chance: Callable[[], float] = random.random,
        **wishes: Any,
    ) -> None:
        self.url = url
        self.talk = LiveTalk(can_renew=bool(token or ticket), **wishes)
        self.state: State = "stopped"
        self._name, self._source = ("token", token) if token else ("ticket", ticket)
        self._on_state, self._on_error, self._chance = on_state, on_error, chance
        self._socket: ClientConnection | None = None
        self._stopped = asyncio.Event()

    @property
    def cursors(self) -> dict[str, Cursor]:
        """Return where we are, by stream: keep it, and the next run goes on from there."""
        return self.talk.cursors

    async def set_lang(self, lang: str) -> None:
        """Switch the language; it holds from the next frame on."""
        self.talk.lang = lang
        if self.state == "live" and self._socket is not None:
            await self._say({"op": "lang", "lang": lang})

    async def go_on_from(self, cursors: Mapping[str, Sequence[Any]]) -> None:
        """Go on from a snapshot that was loaded; what was said since comes once more."""
        if self.talk.go_on_from(cursors) and self._socket is not None:
            await self._socket.close()

    async def stop(self) -> None:
        """Close the connection and end the iteration; another one goes on at the same place."""
        self._stopped.set()
        if self._socket is not None:
            await self._say(*self.talk.acks())
            await self._socket.close()

    async def __aiter__(self) -> AsyncIterator[Frame]:
        """Connect and stay connected. Raises: RefusedError where that is hopeless."""
        self._stopped.clear()
        try:
            while not self._stopped.is_set():
                try:
                    async for frame in self._connection():
                        yield frame
                except ConnectionClosed as closed:
                    self._require_hope(closed.rcvd.code if closed.rcvd else 1006)
                except (MissingError, OSError, TimeoutError, WebSocketException):
                    pass  # nobody there, or one who went without a word: later
                await self._pause()
        finally:
            if self.state != "refused":
                self._set_state("stopped")

    async def _pause(self) -> None:
        """Wait before the next connection; whoever stops us does not wait."""
        if self._stopped.is_set():
            return
        self._set_state("waiting")
        try:
            async with asyncio.timeout(wait_s(self.talk.attempt, self._chance)):
                await self._stopped.wait()
        except TimeoutError:
            self.talk.attempt += 1

    def _require_hope(self, close_code: int) -> None:
        if self.talk.is_hopeless(close_code):
            self._set_state("refused")
            error = self.talk.last_error
            raise RefusedError(close_code, error.get("code", ""), error.get("detail", ""))

    async def _connection(self) -> AsyncIterator[Frame]:
        """Talk over one connection until it ends."""
        self._set_state("connecting")
        shown = await self._credential()
        async with connect(
            self.url,
            subprotocols=[SUBPROTOCOL],  # type: ignore[list-item] # a NewType of str
            open_timeout=CONNECT_TIMEOUT_S,
            close_timeout=1,
            max_size=2**22,
        ) as socket:
            self._socket = socket
            try:
                await self._say(self.talk.hello(shown))
                async for frame in self._frames(socket):
                    if await self._takes(frame):
                        yield frame
            except (MissingError, TimeoutError):
                await socket.close()
                raise

    async def _frames(self, socket: ClientConnection) -> AsyncIterator[Frame]:
        """Yield what the server says, and acknowledge what has come when nothing does.

        A server that stays silent is gone, whatever the network says: TimeoutError.
        """
        heard_at = acked_at = time.monotonic()
        while True:
            silent_at = heard_at + self.talk.heartbeat_s * HEARTBEATS_MISSED
            until = min(silent_at, acked_at + ACK_AFTER_S) if self.talk.owes_acks else silent_at
            try:
                async with asyncio.timeout(max(0.0, until - time.monotonic())):
                    text = await socket.recv()
            except TimeoutError:
                if time.monotonic() >= silent_at:
                    raise
            else:
                heard_at = time.monotonic()
                yield from_json(text)
            if not self.talk.owes_acks:
                acked_at = time.monotonic()
            elif time.monotonic() >= acked_at + ACK_AFTER_S:
                await self._say(*self.talk.acks())

    async def _takes(self, frame: Frame) -> bool:
        answers, is_shown = self.talk.hear(frame)
        await self._say(*answers)
        match frame.get("op"):
            case "welcome":
                self._set_state("live")
            case "error":
                self._on_error(frame)
            case "expiring":
                await self._renew()
        return is_shown

    async def _renew(self) -> None:
        """Show a fresh token before the old one ends; failing that, the next connection will."""
        try:
            shown = await self._credential()
        except (OSError, TimeoutError):
            return
        if shown:
            await self._say({"op": "auth", **shown})

    async def _credential(self) -> dict[str, str]:
        """Ask for a token or ticket. Whoever gives them may be away: OSError, then later."""
        if self._source is None:
            return {}
        given = self._source()
        value = await given if inspect.isawaitable(given) else given
        return {self._name: value} if value else {}

    async def _say(self, *frames: Frame) -> None:
        for frame in frames:
            if self._socket is not None:
                await self._socket.send(json.dumps(frame))

    def _set_state(self, state: State) -> None:
        if state != self.state:
            self.state = state
            self._on_state(state)


def from_json(text: str | bytes) -> Frame:
    """Read a frame; what is none is not ours to judge, and passes as one without an op."""
    try:
        frame = json.loads(text)
    except ValueError:
        return {}
    return frame if isinstance(frame, dict) else {}
