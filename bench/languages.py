"""Measure how long a language takes to load into a fresh process, and to switch to.

Prints one JSON line a language and one with the worst figures; ends with 1 above the limits.
Run it with: python -m bench.languages
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from statistics import median

COLD_LIMIT_MS = 200.0
SWITCH_LIMIT_MS = 100.0
ROUNDS = 3
SWITCHES = 1_000


def cold(code: str) -> dict[str, float]:
    """Load one language in this fresh process and return what it and a bare set-up cost."""
    started = time.perf_counter()
    import django  # noqa: PLC0415 - the import is a part of what is measured

    django.setup()
    ready = time.perf_counter()
    from django.utils import translation  # noqa: PLC0415

    with translation.override(code):
        translation.gettext("Full Moon")
    loaded = time.perf_counter()
    return {"setup_ms": 1e3 * (ready - started), "cold_ms": 1e3 * (loaded - ready)}


def switching() -> dict[str, float]:
    """Return what one switch costs among loaded languages, the first text included."""
    import django  # noqa: PLC0415

    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.utils import translation  # noqa: PLC0415

    codes = [code for code, _name in settings.LANGUAGES]
    times = []
    for number in range(SWITCHES):
        started = time.perf_counter()
        with translation.override(codes[number % len(codes)]):
            translation.gettext("Full Moon")
        times.append(1e3 * (time.perf_counter() - started))
    loaded = sorted(times[len(codes) :])
    return {"switch_ms": median(loaded), "switch_p99_ms": loaded[int(0.99 * len(loaded))]}


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
        "switch_ms": round(switch["switch_ms"], 4),
        "switch_p99_ms": round(switch["switch_p99_ms"], 4),
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
