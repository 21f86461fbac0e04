"""The chart: what a delivery costs, how many there are a second, how late they come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl

mpl.use("Agg")

from matplotlib import pyplot as plt

from bench.live.peers.table import OURS, PEERS
from bench.live.results import Best

_INK: Final = "#1d2433"
_MUTED: Final = "#6b7385"
_PAPER: Final = "#fbfaf7"
_OURS: Final = "#c05621"
_THEIRS: Final = "#2b6cb0"
_LIMIT: Final = "#9aa3b5"
_PANELS: Final = (
    ("CPU for 1000 deliveries, ms", "cpu_ms", "{:.1f}"),
    ("Deliveries a second", "delivered_per_s", "{:,.0f}"),
    ("95th percentile at 10,000 deliveries a second, ms", "p95_ms", "{:.1f}"),
)


def draw(best: Mapping[str, Best], path: Path) -> None:
    """Draw the best figures of each server, the cheapest above."""
    order = sorted(best, key=lambda peer: best[peer].cpu_ms)
    with mpl.rc_context({"font.family": "DejaVu Sans", "font.size": 10.5, "text.color": _INK}):
        size = (15.0, 1.6 + 0.5 * len(order))
        figure, panels = plt.subplots(1, len(_PANELS), figsize=size, dpi=130, sharey=True)
        figure.patch.set_facecolor(_PAPER)
        for axes, (title, name, form) in zip(panels, _PANELS, strict=True):
            values = [_value(peer, best[peer], name) for peer in order]
            _panel(axes, order, values, form)
            axes.set_title(title, loc="left", fontsize=11.5, fontweight="bold", pad=10)
        figure.text(0.01, 0.0, "The scales are logarithmic.", color=_MUTED, fontsize=9.5)
        figure.savefig(path, facecolor=_PAPER, bbox_inches="tight", pad_inches=0.3)
        plt.close(figure)


def _value(peer: str, best: Best, name: str) -> float | None:
    """Return what is drawn: no latency of a server that falls ever further behind."""
    if name == "p95_ms" and not PEERS[peer].keeps_up:
        return None
    return float(getattr(best, name))


def _panel(axes: Any, order: Sequence[str], values: Sequence[float | None], form: str) -> None:
    axes.set_facecolor(_PAPER)
    axes.set_xscale("log")
    shown = [value for value in values if value]
    if shown:
        axes.set_xlim(min(shown) / 2.5, max(shown) * 3.0)
    for height, (peer, value) in enumerate(zip(order, values, strict=True)):
        if value:
            axes.barh(height, value, color=_colour(peer), height=0.62)
        label = form.format(value) if value else "cannot keep up"
        place = value or min(shown, default=1.0) / 2.2
        axes.annotate(
            label, (place, height), (5, 0), textcoords="offset points", va="center", color=_MUTED
        )
    axes.set_yticks(range(len(order)), [PEERS[peer].title for peer in order])
    axes.set_ylim(len(order) - 0.4, -0.6)
    axes.set_xticks([])
    axes.xaxis.set_minor_locator(mpl.ticker.NullLocator())
    axes.tick_params(length=0, pad=8)
    for side in axes.spines.values():
        side.set_visible(False)


def _colour(peer: str) -> str:
    if peer == OURS:
        return _OURS
    return _LIMIT if peer.startswith("raw") else _THEIRS
