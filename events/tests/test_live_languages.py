"""In which language a connection speaks: asked for, else the user's own, else the browser's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import orjson
import pytest
from channels.db import database_sync_to_async as in_thread

from accounts.models import User
from accounts.tokens.access import access_check, access_sign
from events.hub import Hub
from events.live.log import Message
from events.live.rows import Row, Voice
from events.models import Event
from events.services.curation import event_publish
from events.tests.live_people import Person, say
from events.tests.live_talk import Socket, Talk
from starscal.core import clock


def token_of(person: Person, language: str) -> str:
    user, session = UUID(person.user), UUID(person.session)
    return access_sign(
        user_id=user, session_id=session, token_version=0, at=clock.now(), language=language
    )


@pytest.fixture
def publish(new_event: Callable[..., Event], editor: User) -> Callable[[], Any]:
    async def publish() -> None:
        draft = await in_thread(new_event)("Fire")
        await in_thread(event_publish)(event_id=draft.pk, actor=editor)

    return publish


async def title_heard(socket: Socket) -> str:
    frame = await socket.hear_op("event")
    while frame["stream"] != "events":
        frame = await socket.hear_op("event")
    return str(frame["data"]["title"])


def test_a_token_says_the_language_that_was_chosen() -> None:
    person = Person()
    assert access_check(token_of(person, "hy")).language == "hy"
    assert access_check(token_of(person, "")).language == ""


@pytest.mark.parametrize(
    ("fields", "own", "spoken"),
    [
        pytest.param({}, "hy", ("hy", False), id="own"),
        pytest.param({"lang": "de"}, "hy", ("de", False), id="asked"),
        pytest.param({"lang": "tlh"}, "hy", ("en", True), id="asked-unknown"),
        pytest.param({"lang": "zh-TW"}, "hy", ("zh-hans", True), id="asked-in-another-script"),
        pytest.param({}, "", ("en", False), id="none"),
    ],
)
async def test_hello_speaks_the_language_asked_for_else_the_users_own(
    talk: Talk, fields: dict[str, str], own: str, spoken: tuple[str, bool]
) -> None:
    person = Person(own)
    for credential in ({"ticket": person.ticket()}, {"token": token_of(person, own)}):
        socket = await talk()
        welcome = await socket.hello(**credential, **fields)
        assert (welcome["lang"], welcome["fallback"]) == spoken


async def test_who_signs_in_later_is_spoken_to_in_the_own_language(
    talk: Talk, publish: Callable[[], Any]
) -> None:
    socket = await talk()
    assert (await socket.hello())["lang"] == "en"
    await socket.say("auth", ticket=Person("ru").ticket())
    await socket.hear_op("auth")
    await publish()
    assert await title_heard(socket) == "Fire (ru)"


async def test_a_changed_profile_switches_an_open_socket_which_misses_nothing(
    talk: Talk, publish: Callable[[], Any]
) -> None:
    person = Person("ru")
    own, asked = await talk(), await talk()
    await own.hello(ticket=person.ticket(), streams=["events", "me"])
    await asked.hello(ticket=person.ticket(), streams=["events", "me"], lang="en")
    await publish()
    assert await title_heard(own) == "Fire (ru)"
    await in_thread(say)(person.stream, "profile.updated", fields=["language"], language="de")
    told = await own.hear_op("event")
    assert (told["type"], told["data"]["language"]) == ("profile.updated", "de")
    await publish()
    frame = await own.hear_op("event")
    assert (frame["data"]["title"], frame["prev"], frame["seq"]) == ("Fire (de)", 1, 2)
    assert [await title_heard(asked) for _time in range(2)] == ["Fire", "Fire"]


async def test_who_does_not_follow_the_own_stream_hears_of_it_too(
    talk: Talk, hub: Hub, publish: Callable[[], Any]
) -> None:
    person = Person("ru")
    socket = await talk()
    await socket.hello(ticket=person.ticket())
    body = b'{"fields":["language"],"language":"de"}'
    message = (1, "profile-1", "profile.updated", "2026-11-23T00:00:00Z", body)
    hub._hear({"stream": person.stream, "epoch": "e", "messages": [message]})
    assert person.stream not in hub.personal
    await publish()
    assert await title_heard(socket) == "Fire (de)"


@pytest.mark.parametrize("body", [b"{}", b"[]", b"{", b'{"fields":["timezone"],"etag":"1"}'])
async def test_other_changes_leave_the_language_alone(
    talk: Talk, hub: Hub, publish: Callable[[], Any], body: bytes
) -> None:
    person = Person("ru")
    socket = await talk()
    await socket.hello(ticket=person.ticket())
    for kind in ("profile.updated", "message"):
        message = (1, "profile-1", kind, "2026-11-23T00:00:00Z", body)
        hub._hear({"stream": person.stream, "epoch": "e", "messages": [message]})
    await publish()
    assert await title_heard(socket) == "Fire (ru)"


async def test_nobody_is_remembered_who_left(talk: Talk, hub: Hub) -> None:
    socket = await talk()
    await socket.hello(ticket=Person("ru").ticket())
    assert hub.tongues._hearers
    await socket.asgi.disconnect(timeout=10)
    assert not hub.tongues._hearers


@pytest.mark.parametrize(
    ("voice", "marks", "fallback"),
    [
        (Voice("hy"), {"reflection": {"lang": "en", "fallback": True}}, True),
        (Voice("en"), None, False),
        (Voice("en", fallback=True), None, True),
        (Voice("ru"), {"description": {"lang": "ru", "fallback": False}}, True),
        (Voice("ru", fallback=True), {"description": {"lang": "ru", "fallback": True}}, True),
    ],
)
def test_frames_mark_the_texts_of_another_language(
    voice: Voice, marks: dict[str, Any] | None, fallback: bool
) -> None:
    data = frame_data(voice)
    assert (data.get("texts"), data["fallback"]) == (marks, fallback)


def frame_data(voice: Voice) -> dict[str, Any]:

    body = orjson.dumps({"facts": FACTS, "words": WORDS, "extra": {}})
    row = Row("events", Message(1, "k", "event.updated", "2026-11-23T00:00:00Z", body))
    data: dict[str, Any] = orjson.loads(row.frame(voice, 0))["data"]
    return data


FACTS = {
    "key": "k", "origin": "staff", "family": "staff", "event_type": "gathering", "significance": 3,
}  # fmt: skip
WORDS = {
    "en": {"title": "Fire", "description": "Around it.", "reflection": "Be still."},
    "hy": {"title": "Կրակ", "description": "Շուրջը։", "reflection": ""},
    "ru": {"title": "", "description": "Вокруг него.", "reflection": ""},
}
