"""The message that everybody sends: one of our own frames, of about 450 bytes."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import orjson

KIND: Final = "event.updated"
FACTS: Final[Mapping[str, Any]] = {
    "event_type": "full_moon",
    "family": "moon_phases",
    "origin": "staff",
    "occurs_at": "2026-12-24T01:28:10.511Z",
    "significance": 4,
}
WORDS: Final[Mapping[str, str]] = {
    "title": "Full Moon in Cancer",
    "description": "The Moon stands opposite the Sun and is lit all over.",
    "reflection": "",
}
# What our server adds when it renders a message in English.
RENDERED: Final[Mapping[str, Any]] = {"lang_used": "en", "fallback": False, "figure": None}


def key_of(seq: int) -> str:
    return f"bench:{seq}"


def frame(seq: int, sent_us: int) -> bytes:
    """Return the text of a message as a reader gets it."""
    at = datetime.fromtimestamp(sent_us / 1e6, UTC).isoformat(timespec="milliseconds")
    message = {
        "op": "event",
        "stream": "events",
        "prev": seq - 1,
        "seq": seq,
        "key": key_of(seq),
        "type": KIND,
        "at": at.replace("+00:00", "Z"),
        "data": {**FACTS, **WORDS, **RENDERED, "sent_us": sent_us},
    }
    return orjson.dumps(message)


def body_of(message: Mapping[str, Any]) -> dict[str, Any]:
    """Return what our log keeps of a message."""
    extra = {"sent_us": message["data"]["sent_us"]}
    return {"facts": dict(FACTS), "words": {"en": dict(WORDS)}, "extra": extra}


def now_us() -> int:
    """Return the time of day, which all processes of the machine share."""
    return time.time_ns() // 1000
