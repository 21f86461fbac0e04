"""Run the drill: one line of JSON a test, one for the sum; status 1 on any failure.

python -m starscal.testing.drill [--quick] [--only "T6 T7"] [--saboteur NAME]
python -m starscal.testing.drill --controls
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from starscal.devservices.layout import CHECKOUT
from starscal.devservices.processes import last_lines
from starscal.testing.drill.load import FULL, LOAD, QUICK
from starscal.testing.drill.plugin import LINES, ONLY
from starscal.testing.drill.saboteurs import SABOTEUR, SABOTEURS

ROOMS: Final = ("starscal", "accounts", "events", "astronomy", "telegram_link")
MARK: Final = "mark.drill("
# What names the servers and the leader of a run that this one is not part of.
OTHERS: Final = ("DATABASE_URL", "REDIS_URL", "PYTEST_XDIST_")


def options(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="make drill", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a little load")
    parser.add_argument("--only", default="", help='T-numbers, such as "T6 T7"')
    parser.add_argument("--saboteur", default="", choices=["", *sorted(SABOTEURS)])
    parser.add_argument("--controls", action="store_true", help="see that every saboteur is caught")
    parser.add_argument("paths", nargs="*", help="where to look for tests")
    return parser.parse_args(argv)


def environment(only: str, saboteur: str, *, quick: bool) -> dict[str, str]:
    """Return the environment of pytest: private servers, and no worker of another run's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OTHERS)}
    chosen = {ONLY: only.replace(",", " "), SABOTEUR: saboteur, LOAD: QUICK if quick else FULL}
    return {**kept, **chosen}


def command(paths: Sequence[str], saboteur: str = "", *, quick: bool = False) -> list[str]:
    """Return how pytest is called.

    The whole load runs in one process, so that tests do not slow each other down; a little load
    leaves room for two, which a few tests that were named do not need. A saboteur is caught by the
    first test that fails.
    """
    workers = "2" if quick and not saboteur and not paths else "0"
    pytest = [sys.executable, "-m", "pytest", "-n", workers, "-m", "drill"]
    shown = ["--no-header", "--tb=short", *(["-x"] if saboteur else [])]
    return [*pytest, *shown, *(paths or files())]


def files() -> list[str]:
    """Return the files that have tests of the drill, so that pytest need not read all others."""
    found = (
        path.relative_to(CHECKOUT)
        for room in ROOMS
        for path in (CHECKOUT / room).rglob("tests/**/test_*.py")
        if MARK in path.read_text(encoding="utf-8")
    )
    return sorted(map(str, found))


def lines(argv: list[str], env: dict[str, str], log: Path) -> Iterator[dict[str, Any]]:
    """Run pytest and yield the line of each test as it ends, then one with the status."""
    reading, writing = os.pipe()
    with log.open("wb") as output, os.fdopen(reading, "rb") as told:
        process = subprocess.Popen(
            argv,
            stdout=output,
            stderr=output,
            env={**env, LINES: str(writing)},
            cwd=CHECKOUT,
            pass_fds=[writing],
        )
        os.close(writing)
        try:
            yield from map(json.loads, told)
            yield {"status": process.wait()}
        finally:
            process.terminate()
            process.wait()


def drill(*, only: str, saboteur: str, quick: bool, paths: Sequence[str]) -> bool:
    """Run the tests, print their lines and the sum, and say whether all is well."""
    started = time.monotonic()
    tests: list[dict[str, Any]] = []
    status = 0
    with tempfile.TemporaryDirectory(prefix="starscal-drill-") as folder:
        log = Path(folder) / "pytest.log"
        env = environment(only, saboteur, quick=quick)
        for line in lines(command(paths, saboteur, quick=quick), env, log):
            if "status" in line:
                status = line["status"]
                break
            tests.append(line)
            say(line)
        if status:
            sys.stderr.write("\n".join(last_lines(log, 60)) + "\n")
    failed = sum(not line["passed"] for line in tests)
    well = status == 0 and not failed and bool(tests)
    say(
        {
            "drill": QUICK if quick else FULL,
            "tests": len(tests),
            "failed": failed,
            "skipped": sum("skipped" in line for line in tests),
            "seconds": round(time.monotonic() - started, 1),
            "passed": well,
        }
        | ({"saboteur": saboteur} if saboteur else {})
    )
    return well


def controls(*, quick: bool, paths: Sequence[str]) -> bool:
    """Run each saboteur against its tests; all is well if every one of them is caught."""
    caught = {
        name: not drill(
            only=saboteur.test, saboteur=name, quick=quick and not saboteur.heavy, paths=paths
        )
        for name, saboteur in SABOTEURS.items()
    }
    say({"controls": caught, "passed": all(caught.values())})
    return all(caught.values())


def say(line: dict[str, Any]) -> None:
    """Print one line of JSON."""
    print(json.dumps(line, ensure_ascii=False), flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    """Run what was asked for and return the status of the process."""
    chosen = options(argv)
    if chosen.controls:
        return 0 if controls(quick=chosen.quick, paths=chosen.paths) else 1
    well = drill(only=chosen.only, saboteur=chosen.saboteur, quick=chosen.quick, paths=chosen.paths)
    return 0 if well else 1


if __name__ == "__main__":
    raise SystemExit(main())
