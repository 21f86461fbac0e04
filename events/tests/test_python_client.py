"""The Python client: by the vectors that the JavaScript one follows, and against real Daphne."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from channels.db import database_sync_to_async as in_thread
from websockets.asyncio.server import ServerConnection, serve

from accounts.models import User
from accounts.services.sessions import OpenedSession, session_open, sessions_revoke
from clients.python import starscal_live
from clients.python.starscal_live import (
    Frame,
    LiveClient,
    LiveTalk,
    MissingError,
    RefusedError,
    decide,
    wait_s,
)
from events.tests.live_people import say
from events.tests.live_world import Publish
from starscal.testing.live import LiveProcess, LiveServer

VECTORS = Path(__file__).parent / "vectors"


def vectors(name: str) -> list[dict[str, Any]]:
    found = json.loads((VECTORS / f"{name}.json").read_text())
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize("vector", vectors("live_rule"), ids=lambda v: v["name"])
def test_the_rule(vector: dict[str, Any]) -> None:
    assert decide(vector["last"], vector["prev"], vector["seq"]) == vector["verdict"]


@pytest.mark.parametrize("vector", vectors("live_waits"), ids=lambda v: str(v["attempt"]))
def test_the_waits(vector: dict[str, Any]) -> None:
    waited = wait_s(vector["attempt"], lambda: vector["random"])
    assert waited * 1000 == vector["ms"]


class Actor:
    """A client without a connection, which does what a vector says."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.talk = LiveTalk(**options)
        self.now = "connecting"
        self.sent: list[Frame] = []
        self.seen: list[int] = []
        self.starts: list[Any] = []

    def open(self, _value: Any) -> None:
        self.sent = [self.talk.hello()]

    def hear(self, frame: Frame) -> None:
        try:
            answers, is_shown = self.talk.hear(frame)
        except MissingError:
            self.now = "waiting"
            return
        self.sent += answers
        if frame["op"] == "welcome":
            self.now = "live"
        if is_shown and frame["op"] == "event":
            self.seen.append(frame["seq"])
        elif is_shown:
            self.starts.append(frame["cursor"])

    def hear_events(self, span: list[int]) -> None:
        for seq in range(span[0], span[1] + 1):
            self.hear({"op": "event", "stream": "events", "prev": seq - 1, "seq": seq, "data": {}})

    def drop(self, code: int) -> None:
        self.now = "refused" if self.talk.is_hopeless(code) else "waiting"

    def said(self, frames: list[Frame]) -> None:
        sent, self.sent = self.sent, []
        assert sent == frames

    def shown(self, seqs: list[int]) -> None:
        seen, self.seen = self.seen, []
        assert seen == seqs

    def resets(self, cursors: list[Any]) -> None:
        assert self.starts == cursors

    def state(self, state: str) -> None:
        assert self.now == state


@pytest.mark.parametrize("vector", vectors("live_talks"), ids=lambda v: v["name"])
def test_the_talks(vector: dict[str, Any]) -> None:
    actor = Actor(vector["options"])
    for step in vector["steps"]:
        for act, value in step.items():
            getattr(actor, act)(value)


class Follower:
    """A client that runs beside the test."""

    def __init__(self, url: str, **options: Any) -> None:
        self.live, self.states = asyncio.Event(), list[str]()
        self.client = LiveClient(
            f"{url}/ws/v1/live", on_state=self._noted, chance=lambda: 0.0, **options
        )

    def _noted(self, state: str) -> None:
        self.states.append(state)
        if state == "live":
            self.live.set()

    async def take(self, count: int) -> list[Frame]:
        """Return the next frames."""
        frames: list[Frame] = []
        async for frame in self.client:
            frames.append(frame)
            if len(frames) == count:
                await self.client.stop()
        return frames


@pytest.mark.slow
async def test_a_client_misses_nothing_through_a_killed_server(
    shared_server: LiveServer, shared_relay: LiveProcess, publish_many: Publish
) -> None:
    follower = Follower(shared_server.ws_url, lang="de")
    async with asyncio.timeout(60):
        taking = asyncio.create_task(follower.take(8))
        await follower.live.wait()
        await in_thread(publish_many)(3)
        await asyncio.to_thread(shared_server.kill)
        await in_thread(publish_many)(3)
        await asyncio.to_thread(shared_server.start)
        await in_thread(publish_many)(2)
        frames = await taking
    assert [frame["seq"] for frame in frames] == list(range(1, 9))
    assert {frame["data"]["lang_used"] for frame in frames} == {"de"}
    assert follower.states[:2] == ["connecting", "live"]
    assert follower.states[-1] == "stopped"
    assert "waiting" in follower.states
    again = Follower(shared_server.ws_url, cursors=follower.client.cursors)
    async with asyncio.timeout(30):
        taking = asyncio.create_task(again.take(1))
        await in_thread(publish_many)(1)
        assert [frame["seq"] for frame in await taking] == [9]


async def test_a_client_signs_in_and_gives_up_when_its_session_has_ended(
    shared_server: LiveServer, shared_relay: LiveProcess
) -> None:
    user = await in_thread(User.objects.create_user)("stella", password=None)
    opened: OpenedSession = await in_thread(session_open)(user=user)
    asked: list[int] = []

    async def token() -> str:
        asked.append(1)
        return opened.access_token

    follower = Follower(shared_server.ws_url, streams=["events", "me"], token=token)
    async with asyncio.timeout(60):
        taking = asyncio.create_task(follower.take(2))
        await follower.live.wait()
        assert follower.client.talk.user == str(user.pk)
        await in_thread(say)(f"me:{user.pk}", "message", text="one")
        await in_thread(sessions_revoke)(user=user, reason="logout_all")
        with pytest.raises(RefusedError) as refused:
            await taking
    assert (refused.value.close_code, refused.value.code) == (4401, "auth.revoked")
    assert follower.client.cursors["me"][1] == 1
    assert (follower.states[-1], len(asked)) == ("refused", 2)  # a fresh token may be better, once


async def test_a_private_stream_without_a_token_is_hopeless(shared_server: LiveServer) -> None:
    with pytest.raises(RefusedError) as refused:
        await Follower(shared_server.ws_url, streams=["me"]).take(1)
    assert refused.value.code == "auth.required"
    assert str(refused.value) == refused.value.detail


async def test_a_client_acknowledges_in_time_and_gives_up_a_silent_server(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A server of the test says something once, then nothing."""
    monkeypatch.setattr(starscal_live, "ACK_AFTER_S", 0.05)
    heard: list[Frame] = []
    welcome = {"op": "welcome", "lang": "en", "heartbeat_s": 0.2, "cursors": {"events": ["e", 0]}}
    event = {"op": "event", "stream": "events", "prev": 0, "seq": 1, "type": "void", "data": {}}

    async def talk(peer: ServerConnection) -> None:
        for frame in (welcome, event):
            await peer.send(json.dumps(frame))
        async for text in peer:
            heard.append(json.loads(text))
            if len([frame for frame in heard if frame["op"] == "hello"]) == 2:
                await follower.client.stop()

    async with serve(talk, "127.0.0.1", 0) as server, asyncio.timeout(30):
        port = server.sockets[0].getsockname()[1]
        follower = Follower(f"ws://127.0.0.1:{port}")
        frames = await follower.take(99)
    assert [frame["seq"] for frame in frames] == [1]
    assert [frame["op"] for frame in heard][:3] == ["hello", "ack", "hello"]
    assert heard[2]["cursors"] == {"events": ["e", 1]}
