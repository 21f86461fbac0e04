"""How frames are written as Server-Sent Events (HTML standard, section 9.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import orjson

from events.live.parsing import SEQ_LIMIT, Cursor

CONTENT_TYPE: Final = "text/event-stream; charset=utf-8"
HEARTBEAT: Final = ": heartbeat\n\n"
# An event named error would look to a browser like a lost connection.
NAMES: Final[Mapping[str, str]] = {"error": "refusal"}
_CURSOR: Final = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):(\d{1,19})", re.ASCII)


def cursor_text(cursor: Cursor) -> str:
    """Write a place as the id of an event."""
    epoch, seq = cursor
    return f"{epoch}:{seq}"


def cursor_parse(text: str) -> Cursor | None:
    """Read the id of an event; None for anything else."""
    found = _CURSOR.fullmatch(text.strip())
    if found is None or int(found[2]) > SEQ_LIMIT:
        return None
    return found[1], int(found[2])


def event_text(frame: Mapping[str, Any], cursor: Cursor | None = None) -> str:
    """Write a frame, named by its op."""
    return written(str(frame["op"]), orjson.dumps(frame).decode(), cursor)


def written(op: str, text: str, cursor: Cursor | None = None) -> str:
    """Write a frame that is JSON text already."""
    own_id = f"id: {cursor_text(cursor)}\n" if cursor else ""
    return f"{own_id}event: {NAMES.get(op, op)}\ndata: {text}\n\n"


def retry_text(milliseconds: int) -> str:
    """Write how long a client waits before it connects again."""
    return f"retry: {milliseconds}\n\n"
