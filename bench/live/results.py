"""The best of all rounds, and ours over theirs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bench.live.measure import Measured

OURS: Final = "ours"
_PLACES: Final = 3


@dataclass(frozen=True)
class Best:
    """The best figure of each kind over the rounds of one server; faults are added up."""

    peer: str
    rounds: int
    delivered_per_s: float
    cpu_ms: float
    open_cpu_ms: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    bytes: float
    lost: int
    doubled: int
    disordered: int
    closed: int
    server_busy: float
    client_busy: float


def best_of(rounds: Sequence[Measured]) -> Best:
    """Return the best of one server's rounds."""
    fastest = max(rounds, key=lambda each: each.delivered_per_s)
    calmest = min(rounds, key=lambda each: each.p95_ms)
    return Best(
        peer=fastest.peer,
        rounds=len(rounds),
        delivered_per_s=fastest.delivered_per_s,
        cpu_ms=min(each.cpu_ms for each in rounds),
        open_cpu_ms=min(each.open_cpu_ms for each in rounds),
        p50_ms=calmest.p50_ms,
        p95_ms=calmest.p95_ms,
        p99_ms=calmest.p99_ms,
        bytes=fastest.bytes,
        lost=sum(each.lost for each in rounds),
        doubled=sum(each.doubled for each in rounds),
        disordered=sum(each.disordered for each in rounds),
        closed=sum(each.closed for each in rounds),
        server_busy=fastest.server_busy,
        client_busy=fastest.client_busy,
    )


def bests(measured: Iterable[Measured]) -> dict[str, Best]:
    """Return the best of each server, in the order in which they ran first."""
    rounds: dict[str, list[Measured]] = {}
    for each in measured:
        rounds.setdefault(each.peer, []).append(each)
    return {peer: best_of(each) for peer, each in rounds.items()}


def ratios(measured: Iterable[Measured]) -> dict[str, float | int | None]:
    """Return ours over theirs; None where one of the two was not measured."""
    best = bests(measured)
    ours = best.get(OURS)
    return {
        "cpu_vs_raw": _ratio(best, "raw", "cpu_ms"),
        "throughput_vs_raw": _ratio(best, "raw", "delivered_per_s"),
        "cpu_vs_node_ws": _ratio(best, "node_ws", "cpu_ms"),
        "cpu_vs_socketio": _ratio(best, "socketio", "cpu_ms"),
        "cpu_vs_centrifuge": _ratio(best, "centrifuge", "cpu_ms"),
        "cpu_vs_stock": _ratio(best, "stock", "cpu_ms"),
        "p95_ms": ours.p95_ms if ours else None,
        "p99_ms": ours.p99_ms if ours else None,
        "lost": ours.lost if ours else None,
    }


def _ratio(best: Mapping[str, Best], peer: str, figure: str) -> float | None:
    if OURS not in best or peer not in best:
        return None
    ours, theirs = (float(getattr(best[name], figure)) for name in (OURS, peer))
    return round(ours / theirs, _PLACES) if theirs else None
