"""Say in readiness whether the hub of this process works."""

from __future__ import annotations

from events.hub import HUBS, hub_alive
from starscal.core.health import Finding, health_register


def register() -> None:
    health_register("hub", hub)


def hub() -> Finding:
    """Look at the hubs of this process; none is needed before the first socket."""
    if hub_alive():
        return Finding(ok=True, figure=len(HUBS), unit="hubs")
    return Finding(ok=False, figure=len(HUBS), unit="hubs", reason="has not read the log lately")
