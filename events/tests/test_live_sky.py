"""The sky of each minute, on sockets of this process and of a real server."""

from __future__ import annotations

import asyncio
import json
import time
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from channels.db import database_sync_to_async as in_thread
from django.test import Client

from events.hub import Hub
from events.live import sky as sky_module
from events.live.sky import SkyStream, SkyWatch
from events.tests.live_client import LiveSocket
from events.tests.live_talk import Frame, Socket, Talk, texts_of
from events.tests.live_world import Publish
from starscal.testing.live import LiveServer


@pytest.fixture
def short_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sky_module, "PERIOD_S", 0.25)


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the instants that were computed."""
    seen: list[float] = []
    compute = sky_module.frame_at

    def noted(at_s: float) -> Any:
        seen.append(at_s)
        return compute(at_s)

    monkeypatch.setattr(sky_module, "frame_at", noted)
    return seen


async def next_sky(socket: Socket, *, past: tuple[str, ...] = ("ping", "cursor")) -> Frame:
    while True:
        frame = await socket.hear()
        if frame["op"] == "sky":
            return frame
        assert frame["op"] in past, frame


@pytest.mark.django_db
def test_a_state_is_what_the_api_says_of_the_same_minute(client: Client) -> None:
    at = datetime(2026, 7, 1, 12, 34, tzinfo=UTC)
    frame = sky_module.frame_at(at.timestamp())
    told = json.loads(frame.text)
    answer = client.get("/api/v1/sky/state", {"at": "2026-07-01T12:34:00Z"}).json()
    assert told == {"op": "sky", "at": answer["at"], "data": answer}
    assert list(texts_of(frame.wire)) == [frame.text]


async def test_the_sky_comes_at_once_and_then_each_minute(talk: Talk, short_minutes: None) -> None:
    socket = await talk()
    welcome = await socket.hello(streams=["events", "sky"])
    assert set(welcome["cursors"]) == {"events"}
    frames = [await next_sky(socket) for _number in range(4)]
    moments = [datetime.fromisoformat(frame["at"]).timestamp() for frame in frames]
    steps = [b - a for a, b in pairwise(moments)]
    assert all(step > 0.2 for step in steps), moments
    assert all(frame["data"]["at"] == frame["at"] for frame in frames)


async def test_whoever_comes_later_in_a_minute_gets_the_same_frame(
    talk: Talk, computed: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sky_module, "PERIOD_S", 86_400.0)
    first, second = await talk(), await talk()
    await first.hello(streams=["sky"])
    at = (await next_sky(first))["at"]
    await second.hello()
    await second.say("subscribe", stream="sky")
    assert (await next_sky(second))["at"] == at
    await second.say("subscribe", stream="sky")
    assert (await next_sky(second))["at"] == at
    assert len(computed) == 1


async def test_nothing_is_computed_while_nobody_listens(
    talk: Talk, hub: Hub, computed: list[float], short_minutes: None
) -> None:
    socket = await talk()
    await socket.hello()
    assert not computed
    await socket.say("subscribe", stream="sky")
    await next_sky(socket)
    await socket.say("unsubscribe", streams=["sky"])
    await socket.say("subscribe", streams=["events"])
    while (await socket.hear())["op"] != "cursor":
        continue
    assert not hub.sky.watches
    await a_minute_passes(hub.sky)
    before = len(computed)
    await a_minute_passes(hub.sky)
    assert len(computed) == before
    await socket.say("subscribe", stream="sky")
    await next_sky(socket)
    assert len(computed) > before


async def a_minute_passes(stream: SkyStream) -> None:
    """Wait for the turn of a minute, until the stream has seen that nobody is there."""
    ends = sky_module.full_period(time.time()) + 2 * sky_module.PERIOD_S
    async with asyncio.timeout_at(asyncio.get_running_loop().time() + 5):
        while time.time() < ends or stream._joined.is_set():  # noqa: ASYNC110 - polls, with an end
            await asyncio.sleep(0.01)


async def test_a_socket_that_leaves_is_forgotten(talk: Talk, hub: Hub) -> None:
    socket = await talk()
    await socket.hello(streams=["sky"])
    await next_sky(socket)
    await socket.asgi.disconnect(timeout=10)
    assert not hub.sky.watches


async def test_the_sky_disturbs_no_sequence(
    talk: Talk, hub: Hub, publish_many: Publish, short_minutes: None
) -> None:
    socket = await talk()
    await socket.hello(streams=["events", "sky"])
    await next_sky(socket)
    await in_thread(publish_many)(5)
    frames: list[Frame] = []
    while len(frames) < 5:
        frame = await socket.hear()
        if frame["op"] == "event":
            frames.append(frame)
    assert [(frame["prev"], frame["seq"]) for frame in frames] == [(n - 1, n) for n in range(1, 6)]
    await next_sky(socket)


class Narrow:
    """A sink with little room."""

    def __init__(self, room: int) -> None:
        self.room, self.got, self.later = room, b"", b""

    @property
    def is_clear(self) -> bool:
        return not self.later

    def push(self, wire: bytes) -> int:
        if not self.room:
            raise BlockingIOError
        self.got += wire[: self.room]
        return min(self.room, len(wire))

    def push_later(self, wire: bytes) -> None:
        self.later += wire

    def write(self, wire: bytes) -> None:
        self.push_later(wire)

    def on_jam(self, _leave: Any) -> None:
        raise AssertionError("Nobody asked for this.")


@pytest.mark.parametrize("room", [0, 100], ids=["full", "nearly full"])
async def test_a_jammed_socket_leaves_its_lanes_and_is_skipped(room: int) -> None:
    stream, sink, jams = SkyStream(), Narrow(room), list[bool]()
    watch = SkyWatch(sink, lambda: None, lambda: jams.append(sink.is_clear))
    stream.join(watch)
    assert stream.first(watch) is None
    frame, following = sky_module.frame_at(60.0), sky_module.frame_at(120.0)
    for told in (frame, following):
        stream._offer(watch, told)
    assert sink.got + sink.later == frame.wire
    assert jams == [True]  # before the rest was left waiting
    assert watch.said_s == frame.at_s


@pytest.mark.slow
def test_a_real_server_pushes_the_sky(quiet_server: LiveServer) -> None:
    with LiveSocket(quiet_server.ws_url) as socket:
        welcome = socket.hello(streams=["sky"])
        assert welcome["cursors"] == {}
        frame = socket.hear_op("sky")
        assert frame["at"].endswith(":00.000Z")
        assert frame["data"]["sun_au"] == [0.0, 0.0, 0.0]
