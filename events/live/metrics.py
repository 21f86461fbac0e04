"""What the live feed counts; a number that should stay at zero says so in its help."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

SOCKETS = Gauge("starscal_live_sockets", "Open sockets of this process.")
DELIVERED = Counter("starscal_live_delivered", "Messages written to sockets.")
CLOSED = Counter("starscal_live_closed", "Sockets closed by the server, by code.", ["code"])
HUB_RESTARTS = Counter("starscal_hub_restarts", "Times a task of the hub was restarted.", ["task"])
GAPS = Counter("starscal_hub_gaps", "Holes in what Redis brought, filled from PostgreSQL.")
VOIDS = Counter("starscal_live_voids", "Messages that could not be rendered; should stay at zero.")
REPLAY_FAILURES = Counter(
    "starscal_live_replay_failures", "Times a replay found no PostgreSQL and waited."
)
RELAYED = Counter("starscal_relay_messages", "Messages handed to the group of open processes.")
RELAY_FAILURES = Counter("starscal_relay_failures", "Times the relay lost a server.", ["error"])
