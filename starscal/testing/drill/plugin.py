"""What pytest knows of the drill: figures of a test, its line of JSON, saboteurs, the choice."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any, Final

import pytest

from starscal.testing.drill.saboteurs import SABOTEUR, at_work

ONLY: Final = "STARSCAL_DRILL_ONLY"  # T-numbers, separated by spaces; empty for all
LINES: Final = "STARSCAL_DRILL_LINES"  # the descriptor that takes the lines
FIGURES: Final = "drill_figures"
IDS: Final = "drill_ids"


def drill_ids(item: pytest.Item) -> list[str]:
    """Return the T-numbers that a test proves."""
    return [str(name) for marker in item.iter_markers("drill") for name in marker.args]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests that were asked for, and write down which T-numbers each proves."""
    wanted = set(os.environ.get(ONLY, "").split())
    for item in items:
        ids = drill_ids(item)
        if ids:
            item.user_properties.append((IDS, ids))
    if wanted:
        chosen = [item for item in items if wanted.intersection(drill_ids(item))]
        config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
        items[:] = chosen


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Take what a test measured; it goes into its line."""
    measured: dict[str, Any] = {}
    request.node.user_properties.append((FIGURES, measured))
    return measured


@pytest.fixture(autouse=True)
def sabotage(request: pytest.FixtureRequest) -> Iterator[None]:
    """Have the saboteur of this run, if any, at work during each test of the drill."""
    name = os.environ.get(SABOTEUR, "")
    if not name or request.node.get_closest_marker("drill") is None:
        yield
        return
    with at_work(name):
        yield


class Line:
    """What is told of one test: the sum of its set-up, call and clean-up."""

    def __init__(self, report: pytest.TestReport) -> None:
        self.test = report.nodeid
        self.passed = True
        self.skipped = ""
        self.seconds = 0.0
        self.failure = ""
        self.properties: dict[str, Any] = {}

    def add(self, report: pytest.TestReport) -> None:
        """Take one phase of the test."""
        self.seconds += report.duration
        self.properties.update(dict(report.user_properties))
        if report.failed:
            self.passed = False
            self.failure = self.failure or reason(report)
        elif report.skipped:
            self.skipped = reason(report)

    def encoded(self) -> bytes:
        """Return the line."""
        line: dict[str, Any] = {
            "id": " ".join(self.properties[IDS]),
            "test": self.test,
            "passed": self.passed,
            "seconds": round(self.seconds, 2),
            "figures": self.properties.get(FIGURES, {}),
        }
        line |= {"failure": self.failure} if self.failure else {}
        line |= {"skipped": self.skipped} if self.skipped else {}
        return json.dumps(line, ensure_ascii=False, default=str).encode() + b"\n"


def reason(report: pytest.TestReport) -> str:
    """Return in one line why a test failed or was skipped."""
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2])
    crash = getattr(report.longrepr, "reprcrash", None)
    return str(crash.message if crash else report.longrepr).strip().partition("\n")[0][:300]


class Lines:
    """Write one line of JSON when a test of the drill has ended."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.open: dict[str, Line] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Gather the phases of a test; the clean-up is the last."""
        if IDS not in dict(report.user_properties):
            return
        line = self.open.setdefault(report.nodeid, Line(report))
        line.add(report)
        if report.when == "teardown":
            os.write(self.descriptor, self.open.pop(report.nodeid).encoded())


def pytest_configure(config: pytest.Config) -> None:
    """Tell of the tests to whoever asked; workers of pytest-xdist leave it to their leader."""
    descriptor = os.environ.get(LINES, "")
    if descriptor and "PYTEST_XDIST_WORKER" not in os.environ:
        config.pluginmanager.register(Lines(int(descriptor)), "drill-lines")
