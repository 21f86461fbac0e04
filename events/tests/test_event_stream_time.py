"""What time does to a stream of events: heartbeats, the end of tokens, clients that go."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID

import pytest
from asgiref.testing import ApplicationCommunicator
from channels.db import database_sync_to_async as in_thread

from accounts.tokens.access import access_sign
from events.hub import Hub
from events.streams import LiveStreams
from events.tests.live_people import Person, say
from events.tests.live_world import Publish
from starscal.core import clock

Ask = Callable[..., Any]


class Stream:
    """A stream of this process."""

    def __init__(self, query: str, headers: list[tuple[bytes, bytes]]) -> None:
        scope = {
            "type": "http", "method": "GET", "path": "/api/v1/live", "raw_path": b"/api/v1/live",
            "root_path": "", "query_string": query.encode(), "scheme": "http",
            "headers": [(b"host", b"testserver"), *headers], "client": ["192.0.2.7", 1],
            "server": ["testserver", 80],
        }  # fmt: skip
        self.asgi: Any = ApplicationCommunicator(  # type: ignore[no-untyped-call] # of asgiref
            LiveStreams(nobody), scope
        )

    async def hear(self) -> str:
        message = await self.asgi.receive_output(timeout=10)
        return str(message["body"].decode())

    async def hear_frame(self, name: str) -> dict[str, Any]:
        """Return the next frame of a name, past what only keeps time."""
        while True:
            text = await self.hear()
            if f"event: {name}\n" in text:
                frame = json.loads(text.partition("data: ")[2])
                assert isinstance(frame, dict)
                return frame
            assert text.startswith(("retry", ":")) or "event: cursor" in text, text


async def nobody(*_arguments: Any) -> None:
    raise AssertionError("This is for the stream.")


@pytest.fixture
async def ask(hub: Hub) -> AsyncIterator[Ask]:
    opened: list[Stream] = []

    async def open_stream(query: str = "", **headers: str) -> Stream:
        named = [(key.encode(), value.encode()) for key, value in headers.items()]
        stream = Stream(query, named)
        opened.append(stream)
        await stream.asgi.send_input({"type": "http.request", "body": b""})
        assert (await stream.asgi.receive_output(timeout=10))["status"] == 200
        return stream

    yield open_stream
    for stream in opened:
        if not stream.asgi.future.done():
            await stream.asgi.send_input({"type": "http.disconnect"})
            await stream.asgi.wait(timeout=10)


def token_of(person: Person) -> str:
    user, session = UUID(person.user), UUID(person.session)
    return access_sign(user_id=user, session_id=session, token_version=0, at=clock.now())


async def test_the_heart_beats_and_moves_those_who_heard_nothing(
    ask: Ask, hub: Hub, publish_many: Publish, settings: Any
) -> None:
    settings.LIVE_HEARTBEAT_S = 0.2
    stream = await ask("family=moon_phases")
    welcome = await stream.hear_frame("welcome")
    epoch = welcome["cursors"]["events"][0]
    assert await stream.hear() == ": heartbeat\n\n"
    await in_thread(publish_many)(2)
    await hub.refresh()
    text = await stream.hear()
    while not text.startswith(f"id: {epoch}:2\nevent: cursor\n"):
        assert text == ": heartbeat\n\n" or text.startswith(f"id: {epoch}:1\nevent: cursor\n")
        text = await stream.hear()


async def test_a_token_ends_with_a_warning_and_a_word(ask: Ask, settings: Any) -> None:
    person = Person()
    token = token_of(person)
    settings.LIVE_EXPIRING_S = 600
    stream = await ask("stream=me", authorization=f"Bearer {token}")
    assert (await stream.hear_frame("welcome"))["user"] == person.user
    assert (await stream.hear_frame("expiring"))["in_s"] > 500


async def test_a_client_that_goes_leaves_nothing_behind(ask: Ask, hub: Hub) -> None:
    person = Person()
    token = token_of(person)
    stream = await ask("stream=me", authorization=f"Bearer {token}")
    await stream.hear_frame("welcome")
    public = await ask()
    await public.hear_frame("welcome")
    assert person.stream in hub.personal
    assert hub.feeds["events"].listeners
    for one in (stream, public):
        await one.asgi.send_input({"type": "http.disconnect"})
        await one.asgi.wait(timeout=10)
    assert person.stream not in hub.personal
    assert not hub.feeds["events"].listeners


async def test_a_stream_that_is_cancelled_says_why(ask: Ask) -> None:
    stream = await ask()
    await stream.hear_frame("welcome")
    stream.asgi.future.cancel()
    assert (await stream.hear_frame("refusal"))["code"] == "service.restart"
    with pytest.raises(asyncio.CancelledError):
        await stream.asgi.future


async def test_a_stream_speaks_the_language_of_the_account(ask: Ask, hub: Hub) -> None:
    person = Person("hy")
    user, session = UUID(person.user), UUID(person.session)
    at = clock.now()
    token = access_sign(user_id=user, session_id=session, token_version=0, at=at, language="hy")
    headers = {"authorization": f"Bearer {token}", "accept-language": "de"}
    own, asked = await ask(**headers), await ask("lang=ja", **headers)
    assert (await own.hear_frame("welcome"))["lang"] == "hy"
    assert (await asked.hear_frame("welcome"))["lang"] == "ja"
    body = b'{"fields":["language"],"language":""}'
    message = (1, "profile-1", "profile.updated", "2026-11-23T00:00:00Z", body)
    hub._hear({"stream": person.stream, "epoch": "e", "messages": [message]})
    await in_thread(say)("events", "announcement", **NOTICE)
    assert (await own.hear_frame("event"))["data"]["title"] == "Wartung"
    assert (await asked.hear_frame("event"))["data"]["lang_used"] == "en"


NOTICE = {
    "announcement": {
        "id": "0b5bd9a5-0ae1-4c3b-9f6e-3f8f3c1d3a11", "status": "published", "link": None,
        "published_at": None, "revision": 1,
    },
    "words": {
        "en": {"title": "Maintenance", "body": ""}, "de": {"title": "Wartung", "body": ""},
        "hy": {"title": "Սպասարկում", "body": ""},
    },
}  # fmt: skip
