"""Measure the astronomy core against plain Skyfield, in one run, as ratios.

Each measurement runs in a process of its own, so that nothing is warm and the peak of its memory
is its own; imports and opening the kernel are not counted, sampling and confirming are. Ours and
Skyfield's runs alternate, and the best of the rounds counts. One JSON line a row is printed.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from skyfield import almanac, eclipselib  # noqa: E402

from astronomy.ephemeris import Ephemeris, open_ephemeris  # noqa: E402
from astronomy.finders import FAMILIES, find_occurrences  # noqa: E402
from astronomy.sampling import Sky  # noqa: E402

# Skyfield has no search for solar eclipses, so that these are what both can do.
SHARED: Final = ("moon_phases", "seasons", "lunar_eclipses")
SPANS: Final = {"10 years": (2020, 2030), "1900-2100": (1900, 2101)}


def _ours(ephemeris: Ephemeris, families: Sequence[str], first: int, last: int) -> int:
    start, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last, 1, 1, tzinfo=UTC)
    return len(find_occurrences(Sky(ephemeris), start, end, families))


def _ours_all(ephemeris: Ephemeris, first: int, last: int) -> int:
    return _ours(ephemeris, list(FAMILIES), first, last)


def _ours_shared(ephemeris: Ephemeris, first: int, last: int) -> int:
    return _ours(ephemeris, SHARED, first, last)


def _skyfield_shared(ephemeris: Ephemeris, first: int, last: int) -> int:
    kernel = ephemeris.kernel
    start, end = ephemeris.timescale.utc(first), ephemeris.timescale.utc(last)
    phases, _ = almanac.find_discrete(start, end, almanac.moon_phases(kernel))
    seasons, _ = almanac.find_discrete(start, end, almanac.seasons(kernel))
    eclipses, _, _ = eclipselib.lunar_eclipses(start, end, kernel)
    return len(phases) + len(seasons) + len(eclipses)


RUNS: Final[dict[str, Callable[[Ephemeris, int, int], int]]] = {
    "ours_all": _ours_all,
    "ours_shared": _ours_shared,
    "skyfield_shared": _skyfield_shared,
}


def _measure(run: str, first: int, last: int) -> dict[str, float]:
    with open_ephemeris() as ephemeris:
        begun = time.perf_counter()
        events = RUNS[run](ephemeris, first, last)
        seconds = time.perf_counter() - begun
    peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"seconds": seconds, "events": events, "peak_rss_mb": peak_kib / 1024}


def _measured_apart(run: str, first: int, last: int) -> dict[str, float]:
    command = [sys.executable, __file__, "--run", run, str(first), str(last)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def _row(span: str, rounds: int) -> dict[str, str | float]:
    first, last = SPANS[span]
    best: dict[str, dict[str, float]] = {}
    for _ in range(rounds):
        for run in RUNS:
            measured = _measured_apart(run, first, last)
            if run not in best or measured["seconds"] < best[run]["seconds"]:
                best[run] = measured
    row: dict[str, str | float] = {"span": span, "rounds": rounds}
    for run, measured in best.items():
        row[f"{run}_s"] = round(measured["seconds"], 3)
        row[f"{run}_events"] = int(measured["events"])
        row[f"{run}_peak_rss_mb"] = round(measured["peak_rss_mb"])
    ratio = best["skyfield_shared"]["seconds"] / best["ours_shared"]["seconds"]
    return row | {"times_faster_on_shared": round(ratio, 1)}


def main() -> None:
    """Print one JSON line a span."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="rounds of which the best counts")
    parser.add_argument("--run", nargs=3, metavar=("RUN", "FIRST", "LAST"), help="one measurement")
    options = parser.parse_args()
    if options.run:
        run, first, last = options.run
        print(json.dumps(_measure(run, int(first), int(last))))
        return
    for span in SPANS:
        print(json.dumps(_row(span, options.rounds)), flush=True)


if __name__ == "__main__":
    main()
