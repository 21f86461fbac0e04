"""What processes hold: memory of their own and their share of what they share, and sockets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

MB: Final = 1e6
ENDED: Final = (FileNotFoundError, ProcessLookupError)
_PROC: Final = Path("/proc")


def pss_bytes(pid: int) -> int:
    """Return the proportional set size of one process."""
    for line in (_PROC / str(pid) / "smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def family(pid: int) -> Iterator[int]:
    """Yield a process and all that descend from it; some may end meanwhile."""
    yield pid
    with suppress(*ENDED):
        for task in (_PROC / str(pid) / "task").iterdir():
            for child in (task / "children").read_text().split():
                yield from family(int(child))


def family_pss(pid: int) -> dict[str, int]:
    """Return the memory of a process and its descendants by what they are."""
    held: dict[str, int] = {}
    for each in family(pid):
        with suppress(*ENDED):
            name = role(each)
            held[name] = held.get(name, 0) + pss_bytes(each)
    return held


def role(pid: int) -> str:
    """Name a process by its command line."""
    words = (_PROC / str(pid) / "cmdline").read_bytes().decode().split("\0")
    known = ("relay", "worker", "starscal.web", "starscal.http", "gunicorn", "up")
    program = words[0].partition(":")[0].rpartition("/")[2]
    return next((name for name in known if name in words), program)


def open_sockets(pid: int) -> int:
    """Return how many sockets a process has open."""
    count = 0
    for file in (_PROC / str(pid) / "fd").iterdir():
        with suppress(FileNotFoundError):
            count += str(file.readlink()).startswith("socket:")
    return count
