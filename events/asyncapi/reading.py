"""The AsyncAPI document as a page shows it: frames with their fields and an example each."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, TypedDict

import orjson

from events.asyncapi.document import (
    SOCKET,
    STREAM,
    asyncapi_document,
    client_name,
    event_name,
    server_name,
)
from events.asyncapi.frames import CLIENT, SERVER
from events.asyncapi.messages import MESSAGES
from starscal.core.api.openapi import Schema

LONG = 8  # so many values of an enumeration are shown; the document has them all


class FieldShown(TypedDict):
    """A field of a frame."""

    name: str
    kind: str
    required: bool
    text: str


class FrameShown(TypedDict):
    """A frame."""

    anchor: str
    name: str
    text: str
    fields: list[FieldShown]
    example: str


class GroupShown(TypedDict):
    """Frames that belong together."""

    title: str
    frames: list[FrameShown]


class Reading(TypedDict):
    """The whole document."""

    channels: list[dict[str, Any]]
    groups: list[GroupShown]
    closes: list[dict[str, Any]]
    errors: list[dict[str, Any]]


@cache
def reading() -> Reading:
    """Return the document as the page shows it."""
    document = asyncapi_document()
    channels = document["channels"]
    socket = channels[SOCKET]
    return {
        "channels": [channels[SOCKET], channels[STREAM]],
        "groups": list(_groups(document["components"]["messages"])),
        "closes": [{"code": c, **told} for c, told in socket["x-close-codes"].items()],
        "errors": [{"code": c, **told} for c, told in socket["x-error-codes"].items()],
    }


def _groups(messages: dict[str, Any]) -> Iterator[GroupShown]:
    groups = {
        "What a client says": [client_name(op) for op in CLIENT],
        "What the server says": [server_name(op) for op in SERVER],
        "Messages": [event_name(kind) for kind in MESSAGES],
    }
    for title, names in groups.items():
        yield {"title": title, "frames": [_frame(name, messages[name]) for name in names]}


def _frame(anchor: str, message: dict[str, Any]) -> FrameShown:
    example = message["examples"][0]["payload"]
    return {
        "anchor": anchor,
        "name": message["name"],
        "text": message["summary"],
        "fields": list(_fields(message["payload"])),
        "example": orjson.dumps(example, option=orjson.OPT_INDENT_2).decode(),
    }


def _fields(schema: Schema) -> Iterator[FieldShown]:
    required = schema.get("required", [])
    for name, told in schema["properties"].items():
        if name != "op":
            yield {
                "name": name,
                "kind": kind_text(told),
                "required": name in required,
                "text": told.get("description", ""),
            }


def kind_text(schema: Schema) -> str:
    """Say in a few words what a schema takes."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(kind_text(part) for part in schema["anyOf"])
    if "const" in schema:
        return f"“{schema['const']}”"
    if "enum" in schema:
        return _enumeration(schema["enum"])
    if schema.get("type") == "array" and isinstance(schema.get("items"), dict):
        return f"list of {kind_text(schema['items'])}"
    kinds = schema.get("type", "anything")
    words = kinds if isinstance(kinds, str) else " or ".join(kinds)
    return f"{words} ({schema['format']})" if "format" in schema else words


def _enumeration(values: list[Any]) -> str:
    if len(values) > LONG:
        return f"one of {len(values)} names"
    return ", ".join(f"“{value}”" for value in values)
