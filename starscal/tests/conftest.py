"""What the tests of the whole system share with those of events."""

from __future__ import annotations

from events.tests.live_world import editor, new_event, publish_many, quiet_server

__all__ = ["editor", "new_event", "publish_many", "quiet_server"]
