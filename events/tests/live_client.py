"""A client of the live feed for tests, and the rule that every client follows."""

from __future__ import annotations

import json
from types import TracebackType
from typing import Any, Literal, Self

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

PATIENCE_S = 15.0
Frame = dict[str, Any]


def decide(last: int, prev: int, seq: int) -> Literal["accept", "ignore", "resume"]:
    """Say what to do with a message; events/static/events/live.js holds the same rule."""
    if seq <= last:
        return "ignore"
    return "accept" if prev <= last else "resume"


class LiveSocket:
    """One open socket; it remembers its cursor as a careful client does."""

    def __init__(self, url: str, path: str = "/ws/v1/live", **options: Any) -> None:
        options.setdefault("subprotocols", ["starscal.v1"])
        # Without a bound on unread frames: a full buffer would hold up the closing handshake.
        options |= {"max_size": 2**22, "max_queue": None, "proxy": None}
        self._opening = connect(url + path, **options)
        self.line: ClientConnection
        self.cursor: list[Any] | None = None

    def __enter__(self) -> Self:
        self.line = self._opening.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._opening.__exit__(kind, error, trace)

    def say(self, op: str, **fields: Any) -> None:
        self.line.send(json.dumps({"op": op, **fields}))

    def hear(self, timeout: float = PATIENCE_S) -> Frame:
        frame = json.loads(self.line.recv(timeout=timeout))
        assert isinstance(frame, dict)
        return frame

    def hear_op(self, op: str) -> Frame:
        """Return the next frame of a kind, past pings and cursors."""
        while True:
            frame = self.hear()
            if frame["op"] == op:
                return frame
            assert frame["op"] in {"ping", "cursor"}, frame

    def hello(self, cursor: list[Any] | None = None, **fields: Any) -> Frame:
        """Say hello, resuming at a cursor, and return the welcome."""
        if cursor:
            fields.setdefault("cursors", {"events": cursor})
        self.say("hello", **fields)
        welcome = self.hear()
        assert welcome["op"] == "welcome", welcome
        self.cursor = list(welcome["cursors"].get("events", ())) or None
        return welcome

    def event(self) -> Frame:
        """Return the next message and move on, as the rule says."""
        frame = self.hear_op("event")
        assert self.cursor is not None
        assert decide(self.cursor[1], frame["prev"], frame["seq"]) == "accept", frame
        self.cursor[1] = frame["seq"]
        return frame

    def events(self, count: int, *, ack_every: int = 100) -> list[Frame]:
        """Return the next messages, acknowledging them."""
        frames = []
        for number in range(1, count + 1):
            frames.append(self.event())
            if number % ack_every == 0:
                self.say("ack", stream="events", seq=frames[-1]["seq"])
        return frames

    def close_code(self) -> int | None:
        """Read to the end and return the code with which the server closed."""
        try:
            while True:
                self.line.recv(timeout=PATIENCE_S)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None


def seqs(frames: list[Frame]) -> list[int]:
    return [frame["seq"] for frame in frames]
