"""Sockets to the consumer of this process, on real servers."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from channels.testing import WebsocketCommunicator

from events import hub as hub_module
from events.consumers import LiveConsumer
from events.hub import HUBS, Hub, hub_here

Frame = dict[str, Any]
Talk = Callable[..., Any]


class Socket:
    """A socket to the consumer of this process."""

    def __init__(self, origin: str = "", peer: str = "", forwarded: str = "") -> None:
        headers = [(b"origin", origin.encode()), (b"host", b"testserver")] if origin else []
        if forwarded:
            headers.append((b"x-forwarded-for", forwarded.encode()))
        self.asgi = WebsocketCommunicator(LiveConsumer.as_asgi(), "/ws/v1/live", headers=headers)
        if peer:
            self.asgi.scope["client"] = [peer, 1]

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
            assert frame["op"] in {"ping", "cursor"}, frame

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


@pytest.fixture
async def talk(hub: Hub) -> AsyncIterator[Talk]:
    """Return what opens a socket."""
    opened: list[Socket] = []

    async def open_socket(origin: str = "", **options: str) -> Socket:
        socket = Socket(origin, **options)
        opened.append(socket)
        accepted, _subprotocol = await socket.asgi.connect(timeout=10)
        assert accepted
        return socket

    yield open_socket
    for socket in opened:
        await socket.asgi.disconnect(timeout=10)
