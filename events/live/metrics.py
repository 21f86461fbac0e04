"""What the live feed counts, under the names its modules use; `/metrics` shows them."""

from __future__ import annotations

from starscal.core.metrics import (
    hub_restarts_total,
    live_closes_total,
    live_deliveries_total,
    live_gap_fills_total,
    live_replay_failures_total,
    live_sockets,
    live_voids_total,
    relay_errors_total,
    relay_lag_seconds,
    relay_messages_total,
)

SOCKETS = live_sockets
DELIVERED = live_deliveries_total
CLOSED = live_closes_total  # by codes of ours alone; a client's go through live_close_count
HUB_RESTARTS = hub_restarts_total
GAPS = live_gap_fills_total
VOIDS = live_voids_total
REPLAY_FAILURES = live_replay_failures_total
RELAYED = relay_messages_total
RELAY_FAILURES = relay_errors_total
RELAY_LAG = relay_lag_seconds
