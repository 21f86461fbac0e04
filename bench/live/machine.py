"""Cores and the time of the processor."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

TICKS_PER_S: Final = os.sysconf("SC_CLK_TCK")
_UTIME, _STIME = 11, 12  # of /proc/PID/stat, counted behind the name


class BenchError(Exception):
    """The bench cannot run here; the text says what to do."""


class Cores(NamedTuple):
    """Where the measured server runs, and where everything else does."""

    server: frozenset[int]
    others: frozenset[int]


def cores_divided(usable: frozenset[int]) -> Cores:
    """Give the last core to the server, the rest to all others."""
    if len(usable) < 2:
        raise BenchError("The bench needs two cores: one for the server, one for its load.")
    last = frozenset({max(usable)})
    return Cores(last, usable - last)


@contextmanager
def on_cores(cores: frozenset[int]) -> Iterator[None]:
    """Run on these cores, and so everything that is started meanwhile."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def put_ahead(pid: int, nice: int) -> None:
    """Let a process and its session run before others of a busy machine; root may.

    Where the kernel shares the processor among sessions, the niceness of a process counts only
    inside its own.
    """
    if not nice:
        return
    session = Path("/proc") / str(pid) / "autogroup"
    try:
        os.setpriority(os.PRIO_PROCESS, pid, nice)
        if session.exists():
            session.write_text(str(nice))
    except PermissionError:
        raise BenchError("Only root may give --nice a number below 0.") from None


def ticks_of(stat: str) -> int:
    """Return user and system time of a process from the text of its /proc/PID/stat."""
    fields = stat.rpartition(")")[2].split()
    return int(fields[_UTIME]) + int(fields[_STIME])


def cpu_seconds(pid: int) -> float:
    """Return what a process and its children have had of the processor so far."""
    folder = Path("/proc") / str(pid)
    own = ticks_of((folder / "stat").read_text()) / TICKS_PER_S
    children = (folder / "task" / str(pid) / "children").read_text().split()
    return own + sum(cpu_seconds(int(child)) for child in children)
