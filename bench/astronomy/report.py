"""The table of a run, as `bench/README.astronomy.md` holds it."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from bench.astronomy.notes import NOTES
from bench.astronomy.results import FamilyRow, Results
from bench.astronomy.shared import (
    DECADE,
    FIRST_YEAR,
    GENERAL_SEARCH,
    PEERS,
    PLACE,
    PLACE_YEAR,
    WHOLE_SPAN,
)

_PACKAGES: Final = ("skyfield", "jplephem", "numpy", "astronomy-engine", "ephem")
_INTRODUCTION: Final = """# The astronomy core against its peers

`make bench-astronomy` measures everything on this page in one run, and writes page and chart. The
peers come from `requirements-bench.txt` into a directory of their own, `.venv/bench-peers` (one
of them is called `astronomy`, as our core is); nothing of the service knows them.

![How many times faster than other libraries](astronomy.png)

Each measurement is a process of its own; all take turns{rounds}.
Seconds are those of the processor. Imports and opening the kernel are not counted; sampling,
searching, confirming by a direct Skyfield call and building the events are. Ours searches
{first}–{last} from an empty sky.

`python -m bench.astronomy.positions` compares positions, states and segments, one JSON line a row.
"""


def write(results: Results, rounds: int, elapsed_s: float) -> str:
    """Return the page of a run."""
    counted = f", and the best of {rounds} rounds counts" if rounds > 1 else ", once"
    introduction = _INTRODUCTION.format(
        rounds=counted, first=FIRST_YEAR, last=FIRST_YEAR + DECADE - 1
    )
    sections = [
        introduction,
        _machine(elapsed_s),
        _targets(results),
        *(_peer(results, name) for name in PEERS),
        _place(results),
    ]
    return "\n".join(sections)


def _machine(elapsed_s: float) -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return (
        f"Run of {datetime.now(UTC).date()} on {os.cpu_count()} × {_processor()}, Python "
        f"{platform.python_version()}, {versions}; it took {elapsed_s / 60.0:.1f} minutes.\n"
        f"The machine's load over the last 15 minutes was {os.getloadavg()[2]:.1f}.\n"
    )


def _processor() -> str:
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        if line.startswith("model name")
    ]
    return names[0] if names else platform.machine()


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = list(head)
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _targets(results: Results) -> str:
    ratios = {total.peer: total.times_faster for total in results.totals}
    decade, whole, place = results.decade, results.whole, results.place[0]
    exact = max(results.exact_ms.values())
    span = f"{WHOLE_SPAN[0]}–{WHOLE_SPAN[1] - 1}"
    rows = [
        _at_most(f"ten years, all families ({decade.events:,} events)", decade.seconds, 2.0, "s"),
        _at_most(f"{span}, all families ({whole.events:,} events)", whole.seconds, 50.0, "s"),
        _at_most(f"{span}, peak memory", whole.peak_mb, 600.0, "MB"),
        _at_most(f"a year in {PLACE[0]}, ten bodies", place.ours_s, 0.5, "s"),
        _at_least("faster than plain Skyfield", ratios["skyfield"], 28.0),
        _at_least("faster than astronomy-engine", ratios["engine"], 12.0),
        _at_most("from plain Skyfield at most: phases, terms, nodes", exact, 1.0, "ms"),
    ]
    head = ("What", "Measured", "Target", "Reached")
    exacts = ", ".join(
        f"{family.replace('_', ' ')} {most:.2f} ms" for family, most in results.exact_ms.items()
    )
    return "## Targets\n\n" + _table(head, rows) + f"\nThe last line in full: {exacts}.\n"


def _at_most(what: str, measured: float, target: float, unit: str) -> list[str]:
    reached = "yes" if measured <= target else "no"
    return [what, f"{_short(measured)} {unit}", f"≤ {target:g} {unit}", reached]


def _at_least(what: str, measured: float, target: float) -> list[str]:
    reached = "yes" if measured >= target else "no"
    return [what, f"{_short(measured)} times", f"≥ {target:g} times", reached]


def _short(number: float) -> str:
    return (
        f"{number:.0f}" if number >= 100.0 else f"{number:.2g}" if number >= 10 else f"{number:.2f}"
    )


def _peer(results: Results, name: str) -> str:
    rows = [row for row in results.families if row.peer == name]
    total = next(total for total in results.totals if total.peer == name)
    head = (
        *("Family", "Years", "Ours, s", "Theirs, s", "Times faster"),
        *("Events, ours", "Theirs", "Both", "Apart, median", "Most"),
    )
    body = [_family(row) for row in rows]
    body.append(
        [
            *("**all, in one run**", "", f"**{total.ours_s:.2f}**", f"**{total.peers_s:.2f}**"),
            *(f"**{total.times_faster:.1f}**", *([""] * 5)),
        ]
    )
    sections = [f"## {PEERS[name].title}\n", NOTES[name].strip() + "\n", _table(head, body)]
    if name == "engine":
        sections.append(_built_in(rows))
    return "\n".join(sections)


def _built_in(rows: list[FamilyRow]) -> str:
    own = [row for row in rows if row.family not in GENERAL_SEARCH]
    ours_s, theirs_s = sum(row.ours_s for row in own), sum(row.peers_s for row in own)
    return (
        f"Without those that go through its general `Search`: {theirs_s:.2f} s against the sum of "
        f"ours, {ours_s:.2f} s, each from an empty sky: {theirs_s / ours_s:.1f} times faster.\n"
    )


def _family(row: FamilyRow) -> list[str]:
    agreement = row.agreement
    return [
        row.family.replace("_", " "),
        str(row.years),
        *(f"{row.ours_s:.3f}", f"{row.peers_s:.3f}", f"{row.times_faster:.1f}"),
        *(f"{agreement.ours:,}", f"{agreement.peers:,}", f"{agreement.both:,}"),
        *(_duration(agreement.median_s), _duration(agreement.most_s)),
    ]


def _duration(seconds: float) -> str:
    for limit, unit, scale in ((1.0, "ms", 1000.0), (600.0, "s", 1.0), (36000.0, "min", 1 / 60.0)):
        if seconds < limit:
            return f"{seconds * scale:.3g} {unit}"
    return f"{seconds / 3600.0:.3g} h"


def _place(results: Results) -> str:
    head = (
        *("Peer", "Ours, s", "Theirs, s", "Times faster"),
        *("Events, ours", "Theirs", "Both", "Apart, median", "Most"),
    )
    body = [[PEERS[row.peer].title, *_family(row)[2:]] for row in results.place]
    return (
        "## A year at a place\n\n"
        "Rise, set and transit of ten bodies, the Sun's twilights and golden hour,\n"
        f"{PLACE[0]}, {PLACE_YEAR}. {NOTES['place'].strip()}\n\n" + _table(head, body)
    )
