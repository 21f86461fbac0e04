"""The chart of the ratios."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import matplotlib as mpl

mpl.use("Agg")

from matplotlib import pyplot as plt

from bench.astronomy.results import FamilyRow, Results, Total
from bench.astronomy.shared import PEERS

_INK: Final = "#1d2433"
_MUTED: Final = "#6b7385"
_LINE: Final = "#e3e6ec"
_PAPER: Final = "#fbfaf7"
_BAND: Final = "#f1eee6"
_COLOURS: Final = {"skyfield": "#2b6cb0", "engine": "#c05621", "pyephem": "#2f855a"}
_TOTAL: Final = "all that are shared"
_TICKS: Final = (0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000)
_NEAR: Final = 1.22  # dots nearer than this ratio would print their labels over each other


def draw(results: Results, path: Path) -> None:
    """Draw how many times faster we are than each peer, family by family."""
    rows = _rows(results)
    with mpl.rc_context({"font.family": "DejaVu Sans", "font.size": 10.5, "text.color": _INK}):
        figure, axes = plt.subplots(figsize=(11.0, 1.9 + 0.46 * len(rows)), dpi=150)
        figure.patch.set_facecolor(_PAPER)
        _frame(axes, rows)
        for height, (name, ratios) in enumerate(rows):
            _dots(axes, height, ratios, bold=name in (_TOTAL, "a year at a place"))
        _titles(axes, results)
        figure.savefig(path, facecolor=_PAPER, bbox_inches="tight", pad_inches=0.35)
        plt.close(figure)


def _rows(results: Results) -> list[tuple[str, dict[str, float]]]:
    """Return the rows from above: the sums, the place, then the families by ratio."""
    families: dict[str, dict[str, float]] = {}
    for row in results.families:
        families.setdefault(row.family.replace("_", " "), {})[row.peer] = row.times_faster
    ordered = sorted(families.items(), key=lambda each: -max(each[1].values()))
    return [
        (_TOTAL, _ratios(results.totals)),
        ("a year at a place", _ratios(results.place)),
        *ordered,
    ]


def _ratios(rows: list[Total] | list[FamilyRow]) -> dict[str, float]:
    return {row.peer: row.times_faster for row in rows}


def _frame(axes: Any, rows: list[tuple[str, dict[str, float]]]) -> None:
    names = [name for name, _ in rows]
    every = [ratio for _, ratios in rows for ratio in ratios.values()]
    low, high = min(every) / 1.6, max(every) * 1.6
    ticks = [tick for tick in _TICKS if low <= tick <= high]
    axes.set_facecolor(_PAPER)
    axes.set_xscale("log")
    axes.set_xlim(low, high)
    axes.set_xticks(ticks, [f"{tick:g}×" for tick in ticks], color=_MUTED)
    axes.xaxis.set_minor_locator(mpl.ticker.NullLocator())
    axes.set_yticks(range(len(names)), names)
    for label in axes.get_yticklabels()[:2]:
        label.set_fontweight("bold")
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.axhspan(-0.6, 1.5, color=_BAND, zorder=0)
    axes.grid(axis="x", color=_LINE, linewidth=1.0, zorder=0)
    axes.axvline(1.0, color=_MUTED, linewidth=1.2, zorder=1)
    axes.tick_params(length=0, pad=8)
    for side in axes.spines.values():
        side.set_visible(False)


def _dots(axes: Any, height: int, ratios: dict[str, float], *, bold: bool) -> None:
    axes.hlines(
        height,
        min(1.0, *ratios.values()),
        max(1.0, *ratios.values()),
        color=_LINE,
        linewidth=2.4,
        zorder=1,
    )
    before = 0.0
    for peer, ratio in sorted(ratios.items(), key=lambda each: each[1]):
        axes.scatter(ratio, height, s=88 if bold else 58, color=_COLOURS[peer], zorder=3)
        near = before and ratio / before < _NEAR * _NEAR
        axes.annotate(
            f"{ratio:.0f}×" if ratio >= 10.0 else f"{ratio:.1f}×",
            (ratio, height),
            xytext=(19, -3) if near else (0, 8),
            textcoords="offset points",
            ha="center",
            fontsize=9 if bold else 8,
            fontweight="bold" if bold else "normal",
            color=_COLOURS[peer],
            zorder=4,
        )
        before = ratio


def _titles(axes: Any, results: Results) -> None:
    axes.set_title(
        "How many times faster than other libraries",
        loc="left",
        fontsize=17,
        fontweight="bold",
        pad=46,
    )
    axes.text(
        *(0.0, 1.028),
        "Their seconds of the processor over ours, confirmation included. Ten years of all "
        f"families take us {results.decade.seconds:.1f} s, 1900–2100 "
        f"{results.whole.seconds:.0f} s.",
        transform=axes.transAxes,
        color=_MUTED,
    )
    handles = [
        axes.scatter([], [], s=58, color=_COLOURS[name], label=peer.title)
        for name, peer in PEERS.items()
    ]
    axes.legend(
        handles=handles,
        loc="upper left",
        ncols=len(handles),
        frameon=False,
        bbox_to_anchor=(-0.01, -0.04),
        handletextpad=0.2,
    )
