"""What AsyncAPI 3.0 asks of a document, as far as ours uses it, and readers of its schemas."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft7Validator

REF = {
    "type": "object",
    "properties": {"$ref": {"type": "string", "pattern": "^#/"}},
    "required": ["$ref"],
    "additionalProperties": False,
}
NAME = r"^[\w\d.\-_]+$"
TEXT = {"type": "string", "minLength": 1}


def _closed(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    """Return the schema of an object of the specification; x-fields may stand anywhere."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "patternProperties": {r"^x-[\w\d.\-_]+$": {}},
        "additionalProperties": False,
    }


def _named(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "patternProperties": {NAME: of}, "additionalProperties": False}


_VARIABLE = _closed({"default": TEXT, "description": TEXT, "enum": {}, "examples": {}})
_SERVER = _closed(
    {"host": TEXT, "protocol": TEXT, "variables": _named(_VARIABLE), "description": TEXT},
    "host",
    "protocol",
)
_CHANNEL = _closed(
    {
        "address": {"type": ["string", "null"]},
        "title": TEXT,
        "description": TEXT,
        "servers": {"type": "array", "items": REF},
        "messages": _named(REF),
        "bindings": {"type": "object"},
    }
)
_REPLY = _closed({"channel": REF, "messages": {"type": "array", "items": REF}})
_OPERATION = _closed(
    {
        "action": {"enum": ["send", "receive"]},
        "channel": REF,
        "summary": TEXT,
        "messages": {"type": "array", "items": REF, "minItems": 1},
        "reply": _REPLY,
    },
    "action",
    "channel",
)
_EXAMPLE = {**_closed({"name": TEXT, "payload": {}, "headers": {}}), "minProperties": 1}
_MESSAGE = _closed(
    {
        "name": TEXT,
        "title": TEXT,
        "summary": TEXT,
        "payload": {"type": "object"},
        "examples": {"type": "array", "items": _EXAMPLE},
    }
)
_INFO = _closed(
    {"title": TEXT, "version": TEXT, "description": TEXT, "license": _closed({"name": TEXT})},
    "title",
    "version",
)
_COMPONENTS = _closed({"messages": _named(_MESSAGE), "schemas": _named({"type": "object"})})
RULES = _closed(
    {
        "asyncapi": {"const": "3.0.0"},
        "info": _INFO,
        "defaultContentType": {"const": "application/json"},
        "servers": _named(_SERVER),
        "channels": _named(_CHANNEL),
        "operations": _named(_OPERATION),
        "components": _COMPONENTS,
    },
    "asyncapi",
    "info",
)


def faults(document: dict[str, Any]) -> list[str]:
    """Return what a document does against the rules of AsyncAPI."""
    found = [error.message for error in Draft7Validator(RULES).iter_errors(document)]
    found += [ref for ref in refs(document) if not leads_somewhere(document, ref)]
    addresses = [channel["address"] for channel in document["channels"].values()]
    found += ["Two channels have one address."] if len(set(addresses)) < len(addresses) else []
    for name, operation in document["operations"].items():
        for part in (operation, operation.get("reply", operation)):
            within = part["channel"]["$ref"] + "/messages/"
            lost = [m["$ref"] for m in part["messages"] if not m["$ref"].startswith(within)]
            found += [f"{name} tells {ref}, which is not of its channel." for ref in lost]
    return found


def refs(value: Any) -> Iterator[str]:
    """Yield every reference of a document."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for part in value.values():
            yield from refs(part)
    elif isinstance(value, list):
        for part in value:
            yield from refs(part)


def leads_somewhere(document: dict[str, Any], ref: str) -> bool:
    here: Any = document
    for step in ref.removeprefix("#/").split("/"):
        if not isinstance(here, dict) or step not in here:
            return False
        here = here[step]
    return True


def message_name(frame: dict[str, Any], side: str) -> str:
    """Return which message of the document a frame is."""
    op = frame["op"]
    return f"server.event.{frame['type']}" if op == "event" else f"{side}.{op}"


def misfits(document: dict[str, Any], frame: dict[str, Any], side: str) -> list[str]:
    """Return what of a frame its schema does not allow."""
    message = document["components"]["messages"].get(message_name(frame, side))
    if message is None:
        return [f"There is no message {message_name(frame, side)}."]
    schema = {**message["payload"], "components": document["components"]}
    checker = Draft7Validator(schema, format_checker=Draft7Validator.FORMAT_CHECKER)
    return [f"{error.json_path}: {error.message[:200]}" for error in checker.iter_errors(frame)]
