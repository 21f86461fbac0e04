"""Look at real processes from the outside."""

import os
from pathlib import Path

from starscal.devservices.waiting import poll


def is_alive(pid: int) -> bool:
    """Say whether a process runs; one that only waits to be collected does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def all_end(pids: list[int], *, timeout_s: float = 20.0) -> bool:
    """Say whether all processes end before the deadline."""
    return poll(lambda: not any(map(is_alive, pids)), timeout_s=timeout_s)


def descendants(pid: int) -> list[int]:
    """Return the processes that descend from a process, itself included."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(fields[1])
    found = [pid]
    for member in found:
        found.extend(child for child, parent in parents.items() if parent == member)
    return found


def user_of(pid: int) -> int:
    """Return the account that a process runs under."""
    return os.stat(f"/proc/{pid}").st_uid  # noqa: PTH116 - a process, not a file
