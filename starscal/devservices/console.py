"""Tell a person at a terminal, or a log, how a start goes on: plain ASCII, one line a step."""

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

NAME_WIDTH = 12
TEXT_WIDTH = 52
QUOTE_WIDTH = 300


def say(text: str = "") -> None:
    """Write a line at once; a reader who has gone away does not stop us."""
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except OSError:
        return


def step_line(name: str, text: str, seconds: float) -> str:
    """Return what a finished step looks like."""
    return f"  {name:<{NAME_WIDTH}} {text:<{TEXT_WIDTH}} {seconds:6.1f} s"


@contextmanager
def step(name: str, text: str) -> Iterator[None]:
    """Tell that a step is done, and how long it took."""
    start = time.monotonic()
    yield
    say(step_line(name, text, time.monotonic() - start))


def quote_lines(lines: Iterable[str]) -> None:
    """Show the end of somebody's log."""
    for line in lines:
        say(f"    | {line if len(line) <= QUOTE_WIDTH else line[:QUOTE_WIDTH] + ' ...'}")


def table(rows: Iterable[tuple[str, str]]) -> None:
    """Show names and what they stand for."""
    for name, text in rows:
        say(f"  {name:<{NAME_WIDTH}} {text}")
