"""Where the facts of an event come from, staff's own decisions included."""

from __future__ import annotations

from typing import Any

from events.models import Event


def provenance_of(event: Event) -> dict[str, Any]:
    """Return the provenance of the computation, with what staff set otherwise and why."""
    if not event.overridden:
        return dict(event.provenance)
    return {
        **event.provenance,
        "overridden": event.overridden,
        "override_reason": event.override_reason,
    }
