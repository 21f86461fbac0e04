"""Measure how long a language takes to load into a fresh process, and to switch to.

Cold is all that the first reader of a language waits for: the catalogue, CLDR's data, and the
first event with its words, its local times, its date and its time of day. Switching is the whole
of such an event for a reader of another language, among loaded ones, words rendered anew. What
the work costs is processor time; the wall's clock stands beside it and counts what else the
machine does. Prints one JSON line a language and one with the worst figures; ends with 1 above
the limits. Run it with: make bench-languages
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median
from typing import Any, Final

COLD_LIMIT_MS: Final = 200.0
SWITCH_LIMIT_MS: Final = 100.0
ROUNDS: Final = 3
SWITCHES: Final = 1_000
AT: Final = datetime(2026, 12, 24, 1, 28, 12, tzinfo=UTC)
Show = Callable[[str, int], bytes]


class Watch:
    """The wall's clock and the processor's, from one moment on."""

    def __init__(self) -> None:
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def ms(self) -> tuple[float, float]:
        """Return the milliseconds of processor and wall since then."""
        wall, cpu = time.perf_counter() - self.wall, time.process_time() - self.cpu
        return 1e3 * cpu, 1e3 * wall


def event_shown() -> Show:
    """Return what writes an event for a reader of a language; a number makes it a new one."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - set-up is a part of what is measured

    import django  # noqa: PLC0415

    django.setup()
    from django.urls import reverse  # noqa: PLC0415

    from astronomy.occurrence import Occurrence  # noqa: PLC0415
    from events.payloads import event_payload  # noqa: PLC0415
    from events.rendering import events_unsaved  # noqa: PLC0415
    from starscal.core.api.renderers import json_bytes  # noqa: PLC0415
    from starscal.core.formats import date_text, time_text  # noqa: PLC0415
    from starscal.core.i18n import language_active  # noqa: PLC0415

    zone = ZoneInfo("Asia/Kolkata")
    reverse("event-list")  # no language has a part in reading the addresses
    phase = {"elongation_deg": 180.0, "lunation_number": 1334}
    phase |= {"moon_latitude_deg": 3.1, "moon_distance_km": 356_650.0}
    fixed: dict[str, Any] = {
        "kind": "full_moon",
        "family": "moon_phases",
        "bodies": ("moon",),
        "tt_jd1": 2_461_398.0,
    }
    found: dict[str, Any] = {"utc": AT, "ut1": AT, "uncertainty_s": 0.01, "provenance": {}}

    def show(code: str, number: int) -> bytes:
        details = {**phase, "moon_longitude_deg": number * 0.36 % 360.0}
        key = f"moon-phases-moon-{number}"
        occurrence = Occurrence(key=key, tt_jd2=0.56, details=details, **fixed, **found)
        (event,) = events_unsaved([occurrence], (code, "en"))
        with language_active(code):
            payload = event_payload(event, language=code, zone=zone, stored=False)
            return json_bytes([payload, date_text(AT, "full"), time_text(AT)])

    return show


def cold(code: str) -> dict[str, float]:
    """Show an event in one language in this fresh process; tell what that and a set-up cost."""
    watch = Watch()
    show = event_shown()
    setup_ms, _wall = watch.ms()
    watch = Watch()
    show(code, 0)
    cold_ms, wall_ms = watch.ms()
    return {"setup_ms": setup_ms, "cold_ms": cold_ms, "cold_wall_ms": wall_ms}


def switching() -> dict[str, float]:
    """Return what an event costs each time in another language, once all are loaded."""
    show = event_shown()
    from starscal.core.i18n import LOCALES  # noqa: PLC0415 - after set-up

    codes = list(LOCALES)
    times = []
    for number in range(SWITCHES):
        watch = Watch()
        show(codes[number % len(codes)], number)
        times.append(watch.ms())
    loaded = times[len(codes) :]
    cpu, wall = (sorted(column) for column in zip(*loaded, strict=True))
    return {
        "switch_ms": median(cpu),
        "switch_p99_ms": cpu[int(0.99 * len(cpu))],
        "switch_wall_p99_ms": wall[int(0.99 * len(wall))],
    }


def in_fresh_process(*arguments: str) -> dict[str, float]:
    """Run one measurement in a process of its own."""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "bench.languages", *arguments],
        check=True,
        capture_output=True,
        text=True,
    )
    answer: dict[str, float] = json.loads(done.stdout)
    return answer


def measure_language(code: str) -> dict[str, float]:
    """Return the best of a few cold loads; noise of the machine only adds."""
    rounds = [in_fresh_process("--cold", code) for _ in range(ROUNDS)]
    return min(rounds, key=lambda figures: figures["cold_ms"])


def report(codes: list[str]) -> int:
    """Print every figure and return the exit status."""
    worst = 0.0
    for code in codes:
        figures = measure_language(code)
        worst = max(worst, figures["cold_ms"])
        rounded = {name: round(value, 1) for name, value in figures.items()}
        print(json.dumps({"language": code, **rounded}))
    switch = in_fresh_process("--switch")
    passed = worst <= COLD_LIMIT_MS and switch["switch_p99_ms"] <= SWITCH_LIMIT_MS
    summary = {
        "cold_worst_ms": round(worst, 1),
        "cold_of_limit": round(worst / COLD_LIMIT_MS, 3),
        **{name: round(value, 3) for name, value in switch.items()},
        "passed": passed,
    }
    print(json.dumps(summary))
    return 0 if passed else 1


def main(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "starscal.settings.test")
    if arguments[:1] == ["--cold"]:
        print(json.dumps(cold(arguments[1])))
        return 0
    if arguments[:1] == ["--switch"]:
        print(json.dumps(switching()))
        return 0
    from starscal.core.catalogues import catalogues_compile  # noqa: PLC0415 - only here
    from starscal.core.i18n import LOCALES  # noqa: PLC0415

    catalogues_compile()
    return report(list(LOCALES))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
