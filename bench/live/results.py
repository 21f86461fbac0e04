"""The best of all rounds, and ours over theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

from bench.live.measure import Measured
from bench.live.peers.table import OURS

_PLACES: Final = 3


# Of these the most counts, of those the sum, of all other figures the least.
_MOST: Final = frozenset({"delivered_per_s", "burst_per_s"})
_SUMS: Final = frozenset({"lost", "doubled", "disordered", "closed"})


@dataclass(frozen=True)
class Best:
    """The best figure of each kind over the rounds of one server; faults are added up."""

    cpu_ms: float
    delivered_per_s: float
    steady_cpu_ms: float
    burst_per_s: float
    burst_cpu_ms: float
    clock_cpu_ms: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    bytes: float
    lost: int
    doubled: int
    disordered: int
    closed: int


def best_of(rounds: Sequence[Measured]) -> Best:
    """Return the best of one server's rounds."""
    return Best(
        **{
            name: _chooser(name)(getattr(each, name) for each in rounds)
            for name in (field.name for field in fields(Best))
        }
    )


def _chooser(figure: str) -> Callable[[Iterable[Any]], Any]:
    if figure in _SUMS:
        return sum
    return max if figure in _MOST else min


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
