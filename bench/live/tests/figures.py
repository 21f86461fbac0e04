"""Figures of runs that never were."""

from __future__ import annotations

from typing import Any

from bench.live.measure import Measured

ORDINARY: dict[str, Any] = {
    "cpu_ms": 12.0,
    "delivered_per_s": 80_000.0,
    "steady_cpu_ms": 12.0,
    "burst_per_s": 90_000.0,
    "burst_cpu_ms": 11.0,
    "clock_cpu_ms": 13.0,
    "p50_ms": 8.0,
    "p95_ms": 14.0,
    "p99_ms": 16.0,
    "bytes": 450.0,
    "lost": 0,
    "doubled": 0,
    "disordered": 0,
    "closed": 0,
    "server_busy": 0.99,
    "client_busy": 0.5,
    "client_cpu_ms": 5.0,
    "ready_s": 0.5,
    "load": 1.0,
}


def measured(peer: str, **figures: Any) -> Measured:
    return Measured(peer=peer, **ORDINARY | figures)
