"""Measure a year at a place: rise, set, transit and twilights, from a cold sky and from a warm one.

Each measurement runs in a process of its own, so that nothing is warm and the peak of its memory is
its own; imports and opening the kernel are not counted. Skyfield's own searches for the same rows
(it has none for the golden hour) stand beside it. The best of the rounds counts; one JSON line a
row is printed.
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
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from skyfield import almanac  # noqa: E402
from skyfield.api import wgs84  # noqa: E402

from astronomy.bodies import BODIES  # noqa: E402
from astronomy.ephemeris import Ephemeris, open_ephemeris  # noqa: E402
from astronomy.observer.events import find_sky_events  # noqa: E402
from astronomy.observer.place import Place  # noqa: E402
from astronomy.sampling import Sky  # noqa: E402

PLACES: Final = {"berlin": (52.52, 13.405), "tromso": (69.65, 18.96), "alert": (82.5, -62.35)}
BODY_SETS: Final[dict[str, Sequence[str]]] = {"sun+moon": ("sun", "moon"), "ten": tuple(BODIES)}
START: Final = datetime(2026, 1, 1, tzinfo=UTC)
END: Final = datetime(2027, 1, 1, tzinfo=UTC)
_TWILIGHTS_DEG: Final = (-18.0, -12.0, -6.0)


def _timed(run: Callable[[], int]) -> tuple[float, float, int]:
    """Return the seconds by the clock, those of the processor, and the number of events."""
    begun, begun_cpu = time.perf_counter(), time.process_time()
    events = run()
    return time.perf_counter() - begun, time.process_time() - begun_cpu, events


def _ours(sky: Sky, place: Place, bodies: Sequence[str]) -> int:
    return len(find_sky_events(sky, place, START, END, bodies))


def _skyfields(ephemeris: Ephemeris, place: Place, bodies: Sequence[str]) -> int:
    start, end = ephemeris.timescale.utc(2026), ephemeris.timescale.utc(2027)
    observer = ephemeris.kernel["earth"] + wgs84.latlon(place.lat_deg, place.lon_deg)
    events = 0
    for body in bodies:
        target = ephemeris.kernel[BODIES[body].kernel_name]
        levels: tuple[float | None, ...] = (None, *(_TWILIGHTS_DEG if body == "sun" else ()))
        for level in levels:
            for search in (almanac.find_risings, almanac.find_settings):
                events += int(search(observer, target, start, end, level)[1].sum())
        events += len(almanac.find_transits(observer, target, start, end))
    return events


def _measure(place_name: str, bodies_name: str) -> dict[str, Any]:
    place, bodies = Place(*PLACES[place_name]), BODY_SETS[bodies_name]
    with open_ephemeris() as ephemeris:
        sky = Sky(ephemeris)
        cold_s, cold_cpu_s, events = _timed(lambda: _ours(sky, place, bodies))
        warm_s, warm_cpu_s, _ = _timed(
            lambda: _ours(sky, Place(place.lat_deg, place.lon_deg + 1.0), bodies)
        )
        peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        skyfield_s, skyfield_cpu_s, skyfield_events = _timed(
            lambda: _skyfields(ephemeris, place, bodies)
        )
    return {
        "place": place_name,
        "bodies": bodies_name,
        "events": events,
        "cold_s": round(cold_s, 3),
        "cold_cpu_s": round(cold_cpu_s, 3),
        "warm_s": round(warm_s, 3),
        "warm_cpu_s": round(warm_cpu_s, 3),
        "peak_rss_mb": round(peak_kib / 1024),
        "skyfield_events": skyfield_events,
        "skyfield_s": round(skyfield_s, 3),
        "skyfield_cpu_s": round(skyfield_cpu_s, 3),
    }


def _measured_apart(place_name: str, bodies_name: str) -> dict[str, Any]:
    command = [sys.executable, __file__, "--run", place_name, bodies_name]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured


def main() -> None:
    """Print one JSON line a place and set of bodies."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="rounds of which the best counts")
    parser.add_argument("--run", nargs=2, metavar=("PLACE", "BODIES"), help="one measurement")
    options = parser.parse_args()
    if options.run:
        print(json.dumps(_measure(*options.run)))
        return
    for place_name in PLACES:
        for bodies_name in BODY_SETS:
            rows = [_measured_apart(place_name, bodies_name) for _ in range(options.rounds)]
            times = [name for name in rows[0] if name.endswith("_s")]
            best = {name: min(row[name] for row in rows) for name in times}
            print(json.dumps(rows[0] | best), flush=True)


if __name__ == "__main__":
    main()
