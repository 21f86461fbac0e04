"""Sockets to the consumer of this process, on real servers."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from channels.testing import WebsocketCommunicator

from events import hub as hub_module
from events.consumers import LiveConsumer
from events.hub import HUBS, Hub, hub_here
from events.live.sinks import SINK

Frame = dict[str, Any]
Talk = Callable[..., Any]


class Memory:
    """A sink that hands what is pushed to whoever reads the socket, in the same order."""

    def __init__(self, give: Callable[[dict[str, Any]], None]) -> None:
        self.give = give
        self.is_clear = True
        self.pushed = 0

    def push(self, wire: bytes) -> int:
        self.pushed += self._given(wire)
        return len(wire)

    def write(self, wire: bytes) -> None:
        self._given(wire)

    def _given(self, wire: bytes) -> int:
        texts = list(texts_of(wire))
        for text in texts:
            self.give({"type": "websocket.send", "text": text})
        return len(texts)

    def push_later(self, wire: bytes) -> None:
        self.push(wire)

    def on_jam(self, leave: Callable[[], None] | None) -> None:
        self.leave = leave


def texts_of(wire: bytes) -> Iterator[str]:
    """Read the unmasked frames of text that a server wrote."""
    while wire:
        assert wire[0] == 0x81
        size, start = wire[1], 2
        if size == 126:
            size, start = int.from_bytes(wire[2:4], "big"), 4
        elif size == 127:
            size, start = int.from_bytes(wire[2:10], "big"), 10
        yield wire[start : start + size].decode()
        wire = wire[start + size :]


class Socket:
    """A socket to the consumer of this process, which may be offered a sink for ready frames."""

    def __init__(
        self, origin: str = "", peer: str = "", forwarded: str = "", *, direct: bool = False
    ) -> None:
        headers = [(b"origin", origin.encode()), (b"host", b"testserver")] if origin else []
        if forwarded:
            headers.append((b"x-forwarded-for", forwarded.encode()))
        self.asgi = WebsocketCommunicator(LiveConsumer.as_asgi(), "/ws/v1/live", headers=headers)
        if peer:
            self.asgi.scope["client"] = [peer, 1]
        self.sink = Memory(self.asgi.output_queue.put_nowait) if direct else None
        if self.sink is not None:
            self.asgi.scope["extensions"] = {SINK: self.sink}

    async def say(self, op: str, **fields: Any) -> None:
        await self.asgi.send_to(text_data=json.dumps({"op": op, **fields}))

    async def hear(self) -> Frame:
        frame = json.loads(await self.asgi.receive_from(timeout=10))
        assert isinstance(frame, dict)
        return frame

    async def hear_op(self, op: str) -> Frame:
        while True:
            frame = await self.hear()
            if frame["op"] == op:
                return frame
            assert frame["op"] in {"ping", "cursor", "sky"}, frame

    async def hello(self, **fields: Any) -> Frame:
        await self.say("hello", **fields)
        return await self.hear_op("welcome")

    async def end(self) -> tuple[str, int]:
        """Return the code of the last error frame and the close code."""
        error = await self.hear_op("error")
        closed = await self.asgi.receive_output(timeout=10)
        return error["code"], closed["code"]


@pytest.fixture
async def hub(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Hub]:
    monkeypatch.setattr(hub_module, "POLL_S", 0.05)
    hub = hub_here()
    await hub.loaded.wait()
    yield hub
    await hub.stop()
    HUBS.clear()


@pytest.fixture(params=[pytest.param(False, marks=pytest.mark.slow), True], ids=["asgi", "direct"])
async def talk(hub: Hub, request: pytest.FixtureRequest) -> AsyncIterator[Talk]:
    """Return what opens a socket: as under any server, and as under ours with its sinks."""
    opened: list[Socket] = []

    async def open_socket(origin: str = "", **options: str) -> Socket:
        socket = Socket(origin, direct=request.param, **options)
        opened.append(socket)
        accepted, _subprotocol = await socket.asgi.connect(timeout=10)
        assert accepted
        return socket

    yield open_socket
    for socket in opened:
        await socket.asgi.disconnect(timeout=10)
