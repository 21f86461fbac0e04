"""The drill itself: its lines, its choice, and that what is broken on purpose makes it fail."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import Any

import pytest

from starscal.devservices.layout import CHECKOUT
from starscal.testing.drill import drill_full
from starscal.testing.drill.__main__ import command, environment, files, options
from starscal.testing.drill.saboteurs import SABOTEURS, at_work

TITLES = "events/tests/test_injection.py::test_line_ends_become_plain_and_titles_have_none"

IDS = re.compile(r'mark\.drill\("(\w+)"\)')


def run(*arguments: str) -> tuple[int, list[dict[str, Any]]]:
    """Run the drill and return its status and lines."""
    done = subprocess.run(
        [sys.executable, "-m", "starscal.testing.drill", "--quick", *arguments],
        cwd=CHECKOUT, capture_output=True, text=True, check=False, timeout=110,
    )  # fmt: skip
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.slow
def test_a_whole_promise_passes_and_a_broken_one_is_seen() -> None:
    status, (test, whole) = run("--only", "T14", TITLES)
    assert (status, test["id"], test["passed"], whole["tests"]) == (0, "T14", True, 1)
    status, (test, whole) = run("--only", "T14", "--saboteur", "blind-rule", TITLES)
    assert (status, test["passed"], whole["saboteur"]) == (1, False, "blind-rule")


@pytest.mark.slow
def test_a_drill_of_nothing_fails() -> None:
    status, (whole,) = run("--only", "T99", "starscal/testing")
    assert (status, whole["tests"], whole["passed"]) == (1, 0, False)


def test_every_promise_has_a_saboteur() -> None:
    marked = {id_ for name in files() for id_ in IDS.findall((CHECKOUT / name).read_text())}
    assert marked == {saboteur.test for saboteur in SABOTEURS.values()}


def test_a_saboteur_is_caught_by_the_first_test_that_fails() -> None:
    assert "-x" in command([TITLES], "blind-rule")
    assert "-x" not in command([TITLES])


def test_only_a_little_load_leaves_room_for_a_second_worker() -> None:
    def workers(**chosen: Any) -> str:
        called = command(chosen.pop("paths", []), **chosen)
        return called[called.index("-n") + 1]

    assert workers(quick=True) == "2"
    assert {workers(), workers(quick=True, saboteur="blind-rule")} == {"0"}
    assert workers(quick=True, paths=[TITLES]) == "0"


@pytest.mark.parametrize("name", SABOTEURS)
def test_every_saboteur_works_and_goes(name: str) -> None:
    with at_work(name):
        pass


def test_an_unknown_saboteur_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(LookupError, match="blind-rule"):
        at_work("nobody")
    with pytest.raises(SystemExit):
        options(["--saboteur", "nobody"])


def test_the_drill_brings_servers_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody/elses")
    monkeypatch.setenv("PYTEST_XDIST_WORKER", "gw1")
    env = environment("T6,T7", "", quick=True)
    assert not {"DATABASE_URL", "PYTEST_XDIST_WORKER"} & env.keys()
    assert (env["STARSCAL_DRILL_ONLY"], env["STARSCAL_DRILL"]) == ("T6 T7", "quick")
    assert os.environ["DATABASE_URL"]


@pytest.mark.parametrize(("load", "full"), [("full", True), ("quick", False), ("", False)])
def test_only_the_full_drill_brings_the_full_load(
    monkeypatch: pytest.MonkeyPatch, load: str, full: bool
) -> None:
    monkeypatch.setenv("STARSCAL_DRILL", load)
    assert drill_full() is full
