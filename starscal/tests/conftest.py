"""What the tests of the whole system share with those of events."""

from __future__ import annotations

from events.tests.live_world import (
    editor,
    fresh_server,
    new_event,
    publish_many,
    quiet_server,
    shared_relay,
    shared_server,
    silent_relay,
    standing_relay,
    standing_server,
)

__all__ = [
    "editor",
    "fresh_server",
    "new_event",
    "publish_many",
    "quiet_server",
    "shared_relay",
    "shared_server",
    "silent_relay",
    "standing_relay",
    "standing_server",
]
