"""The AsyncAPI document is held to the code, to its own rules and to what sockets really say."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from channels.db import database_sync_to_async as in_thread
from django.conf import settings
from django.db import connection
from jsonschema import Draft7Validator

from accounts.models import User
from events import live
from events.asyncapi.document import asyncapi_bytes
from events.asyncapi.frames import CLIENT, SERVER
from events.asyncapi.messages import MESSAGES
from events.hub import Hub
from events.live.codes import CLOSES, ERRORS
from events.live.parsing import FORMS
from events.live.refusals import Close
from events.message_payloads import reminder_body
from events.models import Event
from events.services.announcements import announcements_append
from events.services.curation import (
    EventEdit,
    event_cancel,
    event_hide,
    event_publish,
    event_update,
)
from events.services.generation import event_generate
from events.services.notices import announcement_create, announcement_publish
from events.tests.api_support import get
from events.tests.asyncapi_rules import faults, misfits
from events.tests.conftest import SUMMER_2026
from events.tests.live_people import Person, say
from events.tests.live_talk import Frame, Socket, Talk
from events.tests.live_world import NOON
from events.tests.test_live_frames import AFTER_HELLO, BEFORE_HELLO
from starscal.core.pages import html_tag

COMMITTED = settings.BASE_DIR / "asyncapi.json"


@pytest.fixture(scope="module")
def document() -> Any:
    return json.loads(asyncapi_bytes())


def test_the_committed_document_is_up_to_date(document: Any) -> None:
    assert json.loads(COMMITTED.read_text()) == document, "Run: python manage.py asyncapi"


def test_the_document_keeps_the_rules_of_asyncapi(document: Any) -> None:
    assert faults(document) == []


BREAKS: dict[str, Callable[[Any], object]] = {
    "a reference to nothing": lambda d: d["components"]["schemas"].pop("LiveEvent"),
    "a field that is none": lambda d: d["info"].update(colour="red"),
    "an operation without action": lambda d: d["operations"]["send.ping"].pop("action"),
    "one address twice": lambda d: d["channels"]["stream"].update(address="/ws/v1/live"),
    "a message of another channel": lambda d: d["operations"]["stream.event"].update(
        channel={"$ref": "#/channels/socket"}
    ),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_document_is_noticed(document: Any, name: str) -> None:
    broken = deepcopy(document)
    BREAKS[name](broken)
    assert faults(broken)


def test_every_message_has_a_sound_schema_and_an_example_that_fits(document: Any) -> None:
    for name, message in document["components"]["messages"].items():
        Draft7Validator.check_schema(message["payload"])
        assert message["summary"]
        for example in message["examples"]:
            assert misfits(document, example["payload"], name.partition(".")[0]) == []


def test_what_clients_may_say_is_what_the_parser_knows(document: Any) -> None:
    assert CLIENT.keys() == FORMS.keys()
    for op, (allowed, _read) in FORMS.items():
        schema = document["components"]["messages"][f"client.{op}"]["payload"]
        assert schema["properties"].keys() == {"op", *allowed}


def test_what_the_server_says_stands_in_the_document() -> None:
    said = {op for tree in sources() for op in said_by(tree)}
    assert said - {"event"} == SERVER.keys()


def test_the_codes_are_those_of_the_code() -> None:
    raised = {pair for tree in sources() for pair in refused_by(tree)}
    told = {(meaning.closes.name if meaning.closes else None, c) for c, meaning in ERRORS.items()}
    assert raised == told
    assert set(CLOSES) == set(Close)


def sources() -> Iterator[ast.AST]:
    """Yield the code that talks to sockets."""
    for path in sorted(Path(live.__file__).parent.glob("*.py")):
        yield ast.parse(path.read_text())


def said_by(tree: ast.AST) -> Iterator[str]:
    """Yield the ops of the frames that stand in the code as dictionaries."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "op":
                    assert isinstance(value, ast.Constant)
                    yield str(value.value)


def refused_by(tree: ast.AST) -> Iterator[tuple[str | None, str]]:
    """Yield close code and error code of every refusal that the code makes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "RefusalError":
            close, code = node.args[:2]
            assert isinstance(code, ast.Constant)
            yield (close.attr if isinstance(close, ast.Attribute) else None), str(code.value)


MALFORMED = {
    name: json.loads(frame)
    for name, (frame, close, code) in {**BEFORE_HELLO, **AFTER_HELLO}.items()
    if code == "frame.invalid" and frame[:2] == '{"' and frame[-1:] in ("}", b"}")
    if "NaN" not in name and "deep" not in name and "surrogate" not in name
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_frame_that_the_server_refuses_does_not_fit_its_schema(document: Any, name: str) -> None:
    assert misfits(document, MALFORMED[name], "client")


class Tape:
    """What was said on a socket, both ways."""

    def __init__(self, socket: Socket) -> None:
        self.socket = socket
        self.said: list[Frame] = []
        self.heard: list[Frame] = []
        self._say, self._hear = socket.say, socket.hear
        socket.say, socket.hear = self.say, self.hear  # type: ignore[method-assign]

    async def say(self, op: str, **fields: Any) -> None:
        self.said.append({"op": op, **fields})
        await self._say(op, **fields)

    async def hear(self) -> Frame:
        frame = await self._hear()
        self.heard.append(frame)
        if frame["op"] == "ping":
            await self.say("pong")
        return frame

    async def events(self, count: int) -> list[Frame]:
        return [await self.socket.hear_op("event") for _number in range(count)]


async def test_a_talk_in_which_everything_is_said_fits_the_schemas(
    document: Any,
    talk: Talk,
    hub: Hub,
    new_event: Callable[..., Event],
    editor: User,
    settings: Any,
) -> None:
    settings.LIVE_HEARTBEAT_S = 1.5
    start = [hub.feeds["events"].epoch, 0]
    await in_thread(everything_happens)(new_event, editor)
    person = Person()
    tape = Tape(await talk())
    socket = tape.socket
    await socket.hello(
        ticket=person.ticket(),
        streams=["events", "me", "sky"],
        cursors={"events": start},
        lang="de",
        tz="Asia/Yerevan",
    )
    await socket.say("ack", stream="events", seq=(await tape.events(11))[-1]["seq"])
    await in_thread(say)(person.stream, "profile.updated", fields=["language"], etag='"1"')
    await tape.events(1)
    await in_thread(reminded)(person)
    await tape.events(1)
    await in_thread(poison)()
    await tape.events(1)
    await socket.say("lang", lang="tlh")
    await socket.say("unsubscribe", streams=["me"])
    wanted: dict[str, Any] = {
        "family": ["moon_phases"],
        "event_type": ["full_moon"],
        "min_significance": 2,
    }
    wanted["place"] = {"lat": 40.4, "lon": -3.7}
    await socket.say("subscribe", streams=["events"], filter=wanted)
    await socket.hear_op("cursor")
    await socket.say("auth", ticket=person.ticket(30))
    await socket.hear_op("auth")
    await socket.hear_op("expiring")
    while not any(frame["op"] == "ping" for frame in tape.heard):
        await socket.hear()
    await socket.say("subscribe", stream="events", cursors={"events": [person.user, 1]})
    await socket.hear_op("reset")
    await socket.say("subscribe", streams=["tides"])
    await socket.hear_op("error")
    assert [misfits(document, frame, "server") for frame in tape.heard] == [[]] * len(tape.heard)
    fitting = [frame for frame in tape.said if frame.get("streams") != ["tides"]]
    assert [misfits(document, frame, "client") for frame in fitting] == [[]] * len(fitting)
    assert {frame["op"] for frame in tape.said} == CLIENT.keys()
    assert {frame["op"] for frame in tape.heard} == SERVER.keys() | {"event"}
    types = {frame["type"] for frame in tape.heard if frame["op"] == "event"}
    assert types == MESSAGES.keys() - {"subscription.updated", "message"}


def reminded(listener: Person) -> None:
    """Remind somebody of an eclipse."""
    event = Event.objects.get(event_type="lunar_eclipse")
    say(listener.stream, "reminder.due", **reminder_body(event, lead_minutes=60))


def everything_happens(new_event: Callable[..., Event], editor: User) -> None:
    """Make eleven messages of eight types."""
    event_generate(span=SUMMER_2026, families=("lunar_eclipses",))  # coverage
    eclipse = Event.objects.get(event_type="lunar_eclipse")
    for before in (timedelta(hours=20), timedelta(minutes=5)):
        announcements_append(at=eclipse.occurs_at - before)  # upcoming
    announcements_append(at=eclipse.occurs_at + timedelta(hours=8))  # started, ended
    first, second = (event_publish(event_id=new_event().pk, actor=editor) for _n in range(2))
    edit = EventEdit(fields={"quantum_resonance": 0.5}, revision=first.revision)
    event_update(event_id=first.pk, actor=editor, edit=edit, at=NOON)
    event_cancel(event_id=first.pk, actor=editor, reason="Rain")
    event_hide(event_id=second.pk, actor=editor)
    notice = announcement_create(actor=editor, fields={"title_en": "Maintenance"})
    announcement_publish(announcement_id=notice.pk, actor=editor, at=NOON)


def poison() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE core_stream SET last_seq = last_seq + 1 WHERE name = 'events';"
            "INSERT INTO core_outboxmessage (stream_id, seq, key, kind, body)"
            " SELECT name, last_seq, 'poison', 'event.updated', '{\"facts\": 5}' FROM core_stream"
            " WHERE name = 'events'"
        )


def test_the_document_is_served(document: Any) -> None:
    answer = get("/api/v1/asyncapi.json")
    assert answer.json() == document
    assert (
        get("/api/v1/asyncapi.json", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    )


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_the_page_tells_every_frame_in_the_readers_site(document: Any, language: str) -> None:
    answer = get("/api/v1/docs/live/", lang=language)
    page = answer.content.decode()
    assert answer["Content-Language"] == language
    assert f"?lang={html_tag(language)}" in page
    for name in document["components"]["messages"]:
        assert f'id="{name}"' in page
    assert "<code>seq &lt;= last</code>" in page
    assert "script-src" not in answer["Content-Security-Policy"]
    for foreign in ("<script", "style=", "https://"):
        assert foreign not in page
