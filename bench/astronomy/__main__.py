"""Measure the astronomy core against its peers, and write the table and the chart.

Every measurement is a process of its own, so that nothing is warm and the peak of its memory is its
own. All take turns, three times, and the least time of each counts; the slowest place is measured
once.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from typing import Any, Final

from bench.astronomy.peers import add_peers_to_path, ensure_peers
from bench.astronomy.report import write
from bench.astronomy.results import results_of
from bench.astronomy.shared import PEERS, ROOT

_JOBS: Final = (
    *("decade", "place ours", "place skyfield", "place pyephem"),
    *(f"{side} {peer}" for peer in PEERS for side in ("ours", "peer")),
    "whole",
)
# No time is wanted of the one, and the other takes as long as half a round.
_ONCE: Final = ("exact", "place engine")


def _measured(job: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.astronomy.job", *job.split()]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603
    measured: dict[str, Any] = json.loads(done.stdout)
    print(f"{job:16} {measured['seconds']:8.2f} s {measured['peak_mb']:6.0f} MB", flush=True)
    return measured


def _best_of(rounds: int) -> dict[str, dict[str, Any]]:
    """Return the best round of each job; of its families, each the best of its own."""
    best: dict[str, dict[str, Any]] = {job: _measured(job) for job in _ONCE}
    for _ in range(rounds):
        for job in _JOBS:
            measured = _measured(job)
            before = best.setdefault(job, measured)
            families = {
                family: min(seconds, before["families"][family])
                for family, seconds in measured.get("families", {}).items()
            }
            best[job] = min(measured, before, key=lambda each: float(each["seconds"]))
            best[job] = best[job] | {"families": families}
    return best


def main() -> None:
    """Run all jobs, then write `bench/README.astronomy.md` and `bench/astronomy.png`."""
    parser = argparse.ArgumentParser(prog="python -m bench.astronomy", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="rounds of which the best counts")
    rounds = parser.parse_args().rounds
    begun = time.monotonic()
    ensure_peers()
    best = _best_of(rounds)
    add_peers_to_path()
    from bench.astronomy.chart import draw  # noqa: PLC0415 - what it draws with is here only now

    results = results_of(best)
    draw(results, ROOT / "bench" / "astronomy.png")
    text = write(results, rounds, time.monotonic() - begun)
    (ROOT / "bench" / "README.astronomy.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
