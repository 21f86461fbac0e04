from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management.base import OutputWrapper

from events.progress import Progress, duration
from events.windows import Span


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def told(stream: StringIO) -> str:
    """Return what is told of two halves, the first of which took 30 s."""
    moments = iter([0.0, 30.0, 50.0])
    middle = datetime(1950, 1, 1, tzinfo=UTC)
    halves = [Span(middle - timedelta(days=10), middle), Span(middle, middle + timedelta(days=10))]
    progress = Progress(
        OutputWrapper(stream), whole=timedelta(days=20), clock=lambda: next(moments)
    )
    for half in halves:
        progress.show(half, events=600)
    return stream.getvalue()


def test_a_terminal_sees_one_line_with_rate_and_time_left() -> None:
    first, second = told(Terminal()).removeprefix("\r").split("\r")
    assert first.split() == f"[{'#' * 16}{'-' * 16}] 50% 1949-12 600 events 20/s 0:30 left".split()
    assert second.split() == f"[{'#' * 32}] 100% 1950-01 1,200 events 24/s 0:00 left".split()
    assert second.endswith("\n")
    assert "\n" not in first


def test_a_log_gets_a_line_a_part() -> None:
    lines = told(StringIO()).splitlines()
    assert len(lines) == 2
    assert not any("\r" in line for line in lines)


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (59.6, "1:00"), (754, "12:34"), (3725, "1:02:05")]
)
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text
