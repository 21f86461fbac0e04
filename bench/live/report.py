"""The table, the JSON file and the page of figures."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from bench.astronomy.peers import add_peers_to_path, ensure_peers
from bench.live.figures import Figure, rounded
from bench.live.measure import Measured
from bench.live.peers.table import OURS, PEERS
from bench.live.results import Best, bests, ratios

_HEAD: Final = (
    *("Server", "Singly: CPU", "Steadily: /s", "CPU", "In bursts: /s", "CPU"),
    *("By the clock: CPU", "p50", "p95", "p99", "Lost", "Doubled", "Disordered"),
)
_TARGETS: Final[Sequence[tuple[str, str, float, bool]]] = (
    ("delivered a second", "delivered_per_s", 60_000, True),
    ("throughput over raw", "throughput_vs_raw", 0.6, True),
    ("CPU over raw", "cpu_vs_raw", 1.8, False),
    ("CPU over Node ws", "cpu_vs_node_ws", 1.0, False),
    ("CPU over Socket.IO", "cpu_vs_socketio", 1.0, False),
    ("CPU over centrifuge", "cpu_vs_centrifuge", 1.0, False),
    ("CPU over stock Channels, pub/sub layer", "cpu_vs_stock", 1 / 25, False),
    ("p50, ms", "p50_ms", 15, False),
    ("p95, ms", "p95_ms", 30, False),
    ("p99, ms", "p99_ms", 60, False),
    ("p95 over raw", "p95_vs_raw", 2.5, False),
    ("lost", "lost", 0, False),
    ("doubled", "doubled", 0, False),
    ("disordered", "disordered", 0, False),
)


_OPENING: Final = """# Live delivery, measured

`make bench-live` writes this page; what the columns mean stands in [README.md](README.md).
CPU is in milliseconds for 1000 deliveries, latency in milliseconds.

![CPU, throughput and latency of each server](results.png)"""


def row(each: Measured) -> str:
    """Write one run in one line."""
    return (
        f"{each.peer:12} singly {each.cpu_ms:7.2f} ms/1000 | steadily "
        f"{each.delivered_per_s:8,.0f}/s {each.steady_cpu_ms:7.2f} | bursts "
        f"{each.burst_per_s:9,.0f}/s {each.burst_cpu_ms:7.2f} | clock {each.clock_cpu_ms:7.2f} "
        f"p50 {each.p50_ms:.1f} p95 {each.p95_ms:.1f} p99 {each.p99_ms:.1f} ms | lost "
        f"{each.lost} doubled {each.doubled} disordered {each.disordered} closed {each.closed} "
        f"| busy {each.server_busy:.0%}, readers {each.client_busy:.0%} | load {each.load:.1f}"
    )


def written(measured: Sequence[Measured], figures: Sequence[Figure], folder: Path) -> str:
    """Write `results.json`, `results.md` and `results.png` into a folder; return the page."""
    ensure_peers()
    add_peers_to_path()
    from bench.live.chart import draw  # noqa: PLC0415 - what it draws with is here only now

    best = bests(measured)
    text = page(measured, figures)
    (folder / "results.md").write_text(text, encoding="utf-8")
    (folder / "results.json").write_text(_json(measured, figures), encoding="utf-8")
    if best:
        draw(best, folder / "results.png")
    return text


def _json(measured: Sequence[Measured], figures: Sequence[Figure]) -> str:
    said = {
        "at": _now(),
        "machine": _machine(),
        "ratios": ratios(measured),
        "best": {peer: asdict(best) for peer, best in bests(measured).items()},
        "crowds": [each.as_json() for each in figures],
        "rounds": [each.as_json() for each in measured],
    }
    return json.dumps(said, indent=2) + "\n"


def page(measured: Sequence[Measured], figures: Sequence[Figure] = ()) -> str:
    """Return the figures as Markdown."""
    best = bests(measured)
    rounds = max((sum(each.peer == peer for each in measured) for peer in best), default=0)
    parts = [_OPENING, f"Run of {_now()} on {_machine()}; best of {rounds}, {_load(measured)}."]
    if best:
        parts.append(_table(_HEAD, (_cells(peer, each) for peer, each in best.items())))
    head = ("What", "Measured", "Target", "Reached")
    if OURS in best:
        parts.append(_table(head, targets(best, ratios(measured))))
    if figures:
        parts.append(_table(head, (each.cells() for each in figures)))
    return "\n\n".join(parts) + "\n"


def targets(
    best: Mapping[str, Best], found: Mapping[str, float | int | None]
) -> Iterable[tuple[str, ...]]:
    """Compare our figures with the targets, as far as they were measured."""
    figures: dict[str, Any] = {**asdict(best[OURS]), **found}
    if "raw" in best and best["raw"].p95_ms:
        figures["p95_vs_raw"] = best[OURS].p95_ms / best["raw"].p95_ms
    for title, name, target, is_least in _TARGETS:
        value = figures.get(name)
        if value is not None:
            reached = value >= target if is_least else value <= target
            sign = "≥" if is_least else "≤"
            yield (
                title,
                f"{rounded(value)}",
                f"{sign} {rounded(target)}",
                "yes" if reached else "no",
            )


def _cells(peer: str, best: Best) -> tuple[str, ...]:
    keeps_up = PEERS[peer].keeps_up
    clocked = (best.p50_ms, best.p95_ms, best.p99_ms)
    return (
        PEERS[peer].title,
        *(f"{best.cpu_ms:.2f}", f"{best.delivered_per_s:,.0f}", f"{best.steady_cpu_ms:.2f}"),
        *(f"{best.burst_per_s:,.0f}", f"{best.burst_cpu_ms:.2f}", f"{best.clock_cpu_ms:.2f}"),
        *(f"{value:.1f}" if keeps_up else "—" for value in clocked),
        *(f"{best.lost:,}", f"{best.doubled:,}", f"{best.disordered:,}"),
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _load(measured: Sequence[Measured]) -> str:
    loads = [each.load for each in measured] or [os.getloadavg()[0]]
    return f"the machine's load was {min(loads):.1f} to {max(loads):.1f}"


def _now() -> str:
    return datetime.now(UTC).date().isoformat()


def _machine() -> str:
    named = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    models = [line.partition(": ")[2] for line in named.splitlines() if "model name" in line]
    return f"{os.cpu_count()} × {models[0] if models else platform.machine()}"
