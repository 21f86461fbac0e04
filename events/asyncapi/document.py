"""The AsyncAPI 3 document of the live feed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Final

from django.conf import settings

from events import message_payloads, payloads
from events.api.schemas import (
    ANNOUNCEMENT_NOTES,
    COMPUTED_NOTES,
    FIGURE_NOTES,
    IMAGE_NOTES,
    MARK_NOTES,
    OVERRIDDEN_NOTES,
    REMINDER_NOTES,
)
from events.asyncapi import examples, frames
from events.asyncapi.messages import MESSAGES, live_event, upcoming_event
from events.details import detail_notes_english, detail_types
from events.live.codes import CLOSES, ERRORS
from events.live.doors import SUBPROTOCOL
from starscal.core.api.openapi import Schema, schema_of
from starscal.core.api.renderers import json_bytes

VERSION: Final = "3.0.0"
SOCKET: Final = "socket"
SOCKET_ADDRESS: Final = "/ws/v1/live"
STREAM: Final = "stream"
STREAM_ADDRESS: Final = "/api/v1/live"
SOCKET_TEXT: Final = (
    f"JSON text frames, subprotocol `{SUBPROTOCOL}`. The first frame is `hello`, within five "
    "seconds; `welcome` answers. With `last` the newest number you have: ignore a message with "
    "`seq <= last`, accept it if `prev <= last`, else connect again with your cursor. Say `ack` "
    "each 128 messages or 5 seconds. Ignore an `op` or `type` that you do not know. Never put a "
    "token into the address."
)
STREAM_TEXT: Final = (
    "The same frames, without the talk: Server-Sent Events of one stream, named by their `op`, "
    "with `id: <epoch>:<seq>` to resume by `Last-Event-ID`."
)
# Who answers what; all else comes when there is something to say.
REPLIES: Final[Mapping[str, tuple[str, ...]]] = {
    "hello": ("welcome", "reset", "error"),
    "subscribe": ("cursor", "reset", "error"),
    "auth": ("auth", "error"),
}
ONE_WAY: Final = ("welcome", "cursor", "reset", "error", "expiring")  # said in a stream of events
Document = dict[str, Any]


@cache
def asyncapi_bytes() -> bytes:
    """Return the document as it is served; it is the same as long as the code is."""
    return json_bytes(asyncapi_document())


def asyncapi_document() -> Document:
    """Return the AsyncAPI document."""
    return {
        "asyncapi": VERSION,
        "info": {
            "title": "StarsCalendars live feed",
            "version": settings.SPECTACULAR_SETTINGS["VERSION"],
            "description": "What changes in the calendar, as it is committed: every message of a "
            "stream in order, none missing, none twice, in ten languages.",
            "license": settings.SPECTACULAR_SETTINGS["LICENSE"],
        },
        "defaultContentType": "application/json",
        "servers": _servers(),
        "channels": {SOCKET: _socket(), STREAM: _event_stream()},
        "operations": dict(_operations()),
        "components": {"messages": dict(_messages()), "schemas": _schemas()},
    }


def client_name(op: str) -> str:
    """Return the name of what a client says: in one talk both sides say auth."""
    return f"client.{op}"


def server_name(op: str) -> str:
    return f"server.{op}"


def event_name(kind: str) -> str:
    return f"server.event.{kind}"


def _servers() -> Document:
    host = {"host": {"default": "localhost:8000", "description": "Where the service is."}}
    return {
        name: {"host": "{host}", "protocol": name, "variables": host}
        for name in ("ws", "wss", "http", "https")
    }


def _servers_of(*names: str) -> list[Document]:
    return [{"$ref": f"#/servers/{name}"} for name in names]


def _socket() -> Document:
    said = [client_name(op) for op in frames.CLIENT]
    heard = [server_name(op) for op in frames.SERVER] + [event_name(kind) for kind in MESSAGES]
    return {
        "address": SOCKET_ADDRESS,
        "title": "The socket",
        "description": SOCKET_TEXT,
        "servers": _servers_of("ws", "wss"),
        "messages": _message_refs([*said, *heard]),
        "bindings": {"ws": {"method": "GET", "bindingVersion": "0.1.0"}},
        "x-subprotocol": SUBPROTOCOL,
        "x-frame-limit-bytes": settings.LIVE_FRAME_LIMIT_BYTES,
        "x-close-codes": {
            str(int(close)): {"description": text, "again": again}
            for close, (text, again) in CLOSES.items()
        },
        "x-error-codes": {
            code: {"description": meaning.text, "closes": _number(meaning.closes)}
            for code, meaning in ERRORS.items()
        },
    }


def _number(close: int | None) -> int | None:
    return None if close is None else int(close)


def _event_stream() -> Document:
    heard = [server_name(op) for op in ONE_WAY] + [event_name(kind) for kind in MESSAGES]
    return {
        "address": STREAM_ADDRESS,
        "title": "The stream of events",
        "description": STREAM_TEXT,
        "servers": _servers_of("http", "https"),
        "messages": _message_refs(heard),
    }


def _message_refs(names: Iterable[str]) -> Document:
    return {name: {"$ref": f"#/components/messages/{name}"} for name in names}


def _operations() -> Iterator[tuple[str, Document]]:
    """Yield what the service does: it receives what clients say, and sends."""
    for op in frames.CLIENT:
        yield f"receive.{op}", _received(op)
    for op, frame in frames.SERVER.items():
        yield f"send.{op}", _sent(SOCKET, [server_name(op)], _first_line(frame))
    events = [event_name(kind) for kind in MESSAGES]
    yield "send.event", _sent(SOCKET, events, "Tell what has happened.")
    heard = [server_name(op) for op in ONE_WAY]
    yield "stream.event", _sent(STREAM, [*heard, *events], "Tell it to those who only listen.")


def _received(op: str) -> Document:
    operation = {
        "action": "receive",
        "channel": {"$ref": f"#/channels/{SOCKET}"},
        "summary": _first_line(frames.CLIENT[op]),
        "messages": [_in_channel(SOCKET, client_name(op))],
    }
    if op in REPLIES:
        answers = [_in_channel(SOCKET, server_name(answer)) for answer in REPLIES[op]]
        operation["reply"] = {"channel": {"$ref": f"#/channels/{SOCKET}"}, "messages": answers}
    return operation


def _sent(channel: str, names: Iterable[str], summary: str) -> Document:
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{channel}"},
        "summary": summary,
        "messages": [_in_channel(channel, name) for name in names],
    }


def _in_channel(channel: str, name: str) -> Document:
    return {"$ref": f"#/channels/{channel}/messages/{name}"}


def _messages() -> Iterator[tuple[str, Document]]:
    for op, frame in frames.CLIENT.items():
        yield client_name(op), _message(op, frame, "Say", examples.CLIENT[op])
    for op, frame in frames.SERVER.items():
        yield server_name(op), _message(op, frame, "Hear", examples.SERVER[op])
    for kind, told in MESSAGES.items():
        schema = frames.event_schema(kind, told.data, told.streams)
        example = examples.event_example(kind, told.streams[0])
        yield event_name(kind), _described(kind, kind, told.text, schema, example)


def _message(op: str, frame: type, side: str, example: Document) -> Document:
    make = frames.client_schema if side == "Say" else frames.server_schema
    return _described(op, f"{side} {op}", _first_line(frame), make(frame), example)


def _described(name: str, title: str, summary: str, schema: Schema, example: Document) -> Document:
    return {
        "name": name,
        "title": title,
        "summary": summary,
        "payload": schema,
        "examples": [{"payload": example}],
    }


def _first_line(kind: type) -> str:
    return (kind.__doc__ or "").strip().partition("\n")[0]


def _schemas() -> dict[str, Schema]:
    facts = {kind.__name__: schema_of(kind, detail_notes_english(kind)) for kind in detail_types()}
    return {
        "LiveEvent": live_event(),
        "UpcomingEvent": upcoming_event(),
        "HiddenEvent": schema_of(frames.HiddenEvent, frames.HIDDEN_NOTES),
        "CoverageData": schema_of(frames.CoverageData, frames.COVERAGE_NOTES),
        "ProfileData": schema_of(frames.ProfileData, frames.PROFILE_NOTES),
        "SubscriptionData": schema_of(frames.SubscriptionData, frames.SUBSCRIPTION_NOTES),
        "Filter": schema_of(frames.Filter, frames.FILTER_NOTES),
        "Place": frames.CURSOR,
        "AnnouncementPayload": schema_of(message_payloads.AnnouncementPayload, ANNOUNCEMENT_NOTES),
        "ReminderPayload": schema_of(message_payloads.ReminderPayload, REMINDER_NOTES),
        "ImageLink": schema_of(payloads.ImageLink, IMAGE_NOTES),
        "Overridden": schema_of(payloads.Overridden, OVERRIDDEN_NOTES),
        "ComputedFacts": schema_of(payloads.ComputedFacts, COMPUTED_NOTES),
        "FigureLinks": schema_of(payloads.FigureLinks, FIGURE_NOTES),
        "TextMark": schema_of(payloads.TextMark, MARK_NOTES),
        **facts,
    }
