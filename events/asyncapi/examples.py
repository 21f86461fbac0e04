"""One example of each frame, as the document shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from events.api.operations import EXAMPLE
from events.asyncapi.messages import NOT_IN_MESSAGES

Frame = dict[str, Any]
EPOCH: Final = "5e0c7a52-8f0f-4f0e-9a1c-0d6f6b1b2c3d"
USER: Final = "7d3f1c1e-59a4-4b7e-8f5d-2f6a1f0f9b11"
AT: Final = "2026-12-24T01:28:00.000Z"
_EVENT: Final[Frame] = {k: v for k, v in EXAMPLE.items() if k not in NOT_IN_MESSAGES}
_HIDDEN: Final[Frame] = {
    "id": EXAMPLE["id"],
    "key": EXAMPLE["key"],
    "slug": EXAMPLE["slug"],
    "status": "hidden",
    "revision": 3,
}
REMINDED: Final = (
    "id", "key", "slug", "event_type", "family", "occurs_at", "significance", "revision", "title",
)  # fmt: skip
CLIENT: Final[Mapping[str, Frame]] = {
    "hello": {
        "op": "hello",
        "lang": "de",
        "streams": ["events"],
        "filter": {"family": ["moon_phases"]},
        "cursors": {"events": [EPOCH, 41]},
    },
    "ack": {"op": "ack", "stream": "events", "seq": 42},
    "subscribe": {"op": "subscribe", "streams": ["events"], "filter": {"min_significance": 4}},
    "unsubscribe": {"op": "unsubscribe", "streams": ["me"]},
    "lang": {"op": "lang", "lang": "hy"},
    "auth": {"op": "auth", "ticket": "dGhpcyBpcyBvbmx5IGFuIGV4YW1wbGU"},
    "pong": {"op": "pong"},
}
SERVER: Final[Mapping[str, Frame]] = {
    "welcome": {
        "op": "welcome",
        "session": "0f3b5c0f7be94f0a8f2d5d1f6f3f3c11",
        "heartbeat_s": 20,
        "cursors": {"events": [EPOCH, 41]},
        "lang": "de",
        "fallback": False,
        "tz": "UTC",
    },
    "auth": {"op": "auth", "user": USER, "in_s": 600},
    "expiring": {"op": "expiring", "in_s": 60},
    "cursor": {"op": "cursor", "stream": "events", "seq": 42},
    "ping": {"op": "ping"},
    "sky": {"op": "sky", "at": AT, "data": {"at": AT, "sun_au": [0.0, 0.0, 0.0]}},
    "reset": {
        "op": "reset",
        "stream": "events",
        "cursor": [EPOCH, 42],
        "snapshot": "/api/v1/events",
    },
    "error": {
        "op": "error",
        "code": "stream.unknown",
        "detail": "There is no stream tides. Known streams: events, sky, me.",
    },
}
DATA: Final[Mapping[str, Frame]] = {
    "event.published": _EVENT,
    "event.updated": _EVENT,
    "event.cancelled": _HIDDEN,
    "event.upcoming": {**_EVENT, "lead_s": 3_600},
    "event.started": _EVENT,
    "event.ended": _EVENT,
    "coverage": {
        "from": "2026-01-01T00:00:00.000Z",
        "to": "2027-01-01T00:00:00.000Z",
        "families": ["moon_phases"],
    },
    "announcement": {
        "id": USER,
        "status": "published",
        "link": None,
        "published_at": AT,
        "revision": 2,
        "title": "Wartung",
        "body": "Heute Nacht.",
        "lang_used": "de",
        "fallback": False,
    },
    "profile.updated": {"fields": ["language"], "etag": '"0f3b5c0f7be94f0a"', "language": "de"},
    "reminder.due": {
        **{name: _EVENT[name] for name in REMINDED},
        "lead_minutes": 60,
        "lang_used": "en",
        "fallback": False,
    },
    "subscription.updated": {"subscribed": True, "checked_at": AT},
    "message": {},
    "void": {},
}


def event_example(kind: str, stream: str) -> Frame:
    """Return a message of a type."""
    return {
        "op": "event",
        "stream": stream,
        "prev": 41,
        "seq": 42,
        "key": f"{EXAMPLE['key']}:example",
        "type": kind,
        "at": AT,
        "data": DATA[kind],
    }
