"""The AsyncAPI document as a page shows it: frames with their fields and an example each."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, TypedDict

import orjson
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

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

TYPES = (
    "Place", "Filter", "LiveEvent", "UpcomingEvent", "HiddenEvent", "FigureLinks", "ImageLink",
    "CoverageData", "ProfileData", "SubscriptionData",
)  # fmt: skip
LONG = 8  # so many values of an enumeration are shown; the document has them all


class FieldShown(TypedDict):
    """A field of a frame."""

    name: str
    kind: str
    required: bool
    text: SafeString


class FrameShown(TypedDict):
    """A frame, or a type that frames have in them; types show no example."""

    anchor: str
    name: str
    text: SafeString
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
        "channels": [_told(channels[SOCKET]), _told(channels[STREAM])],
        "groups": list(_groups(document["components"])),
        "closes": [{"code": c, **_told(told)} for c, told in socket["x-close-codes"].items()],
        "errors": [{"code": c, **_told(told)} for c, told in socket["x-error-codes"].items()],
    }


def _told(part: dict[str, Any]) -> dict[str, Any]:
    return {**part, "description": marked(part["description"])}


def marked(text: str) -> SafeString:
    """Return a text with what stands between backticks as code."""
    parts = enumerate(text.split("`"))
    pieces = ((format_html("<code>{}</code>", part) if n % 2 else part,) for n, part in parts)
    return format_html_join("", "{}", pieces)


def _groups(components: dict[str, Any]) -> Iterator[GroupShown]:
    groups = {
        "What a client says": [client_name(op) for op in CLIENT],
        "What the server says": [server_name(op) for op in SERVER],
        "Messages": [event_name(kind) for kind in MESSAGES],
    }
    messages, schemas = components["messages"], components["schemas"]
    for title, names in groups.items():
        yield {"title": title, "frames": [_frame(name, messages[name]) for name in names]}
    yield {"title": "Types", "frames": [_type(name, schemas[name]) for name in TYPES]}


def _frame(anchor: str, message: dict[str, Any]) -> FrameShown:
    example = message["examples"][0]["payload"]
    return {
        "anchor": anchor,
        "name": message["name"],
        "text": marked(message["summary"]),
        "fields": list(_fields(message["payload"])),
        "example": orjson.dumps(example, option=orjson.OPT_INDENT_2).decode(),
    }


def _type(name: str, schema: Schema) -> FrameShown:
    return {
        "anchor": name,
        "name": name,
        "text": marked(schema["description"]),
        "fields": list(_fields(schema)),
        "example": "",
    }


def _fields(schema: Schema) -> Iterator[FieldShown]:
    required = schema.get("required", [])
    for name, told in schema.get("properties", {}).items():
        if name != "op":
            yield {
                "name": name,
                "kind": kind_text(told),
                "required": name in required,
                "text": marked(told.get("description", "")),
            }


def kind_text(schema: Schema) -> str:
    """Say in a few words what a schema takes."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        if len(schema["anyOf"]) > LONG:
            return f"one of {len(schema['anyOf'])} types"
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
