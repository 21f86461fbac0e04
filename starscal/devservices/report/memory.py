"""The memory of a process and of those that it started."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PROC: Final = Path("/proc")
PSS: Final = re.compile(r"^(?:Pss|SwapPss):\s+(\d+) kB", re.MULTILINE)
NAMES: Final = {
    "starscal.web": "web (Daphne)",
    "starscal.http": "web (gunicorn)",
    "relay": "relay",
    "worker": "worker",
    "telegram": "Telegram bot",
    "postgres": "PostgreSQL",
    "valkey-server": "Valkey",
    "redis-server": "Redis",
    "up": "supervisor",
}


@dataclass(frozen=True, slots=True)
class ProcessMemory:
    """What processes of one name take: their share of the memory, shared pages counted once."""

    name: str
    count: int
    pss_mib: float


def memory_of(pid: int) -> list[ProcessMemory]:
    """Return the memory of a process and all that descend from it, by name, most first."""
    parents = _parents()
    family = [pid]
    for member in family:
        family.extend(child for child, parent in parents.items() if parent == member)
    found: dict[str, list[float]] = defaultdict(list)
    for member in family:
        pss = pss_mib(member)
        if pss is not None:
            found[_name(member)].append(pss)
    rows = [ProcessMemory(name, len(each), round(sum(each), 1)) for name, each in found.items()]
    return sorted(rows, key=lambda row: -row.pss_mib)


def pss_mib(pid: int) -> float | None:
    """Return the proportional share of a process in MiB, None if it is gone or not ours to see."""
    try:
        text = (PROC / str(pid) / "smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return None
    return sum(int(number) for number in PSS.findall(text)) / 1024


def _parents() -> dict[int, int]:
    found = {}
    for entry in PROC.iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        found[int(entry.name)] = int(fields[1])
    return found


def _name(pid: int) -> str:
    try:
        raw = (PROC / str(pid) / "cmdline").read_bytes()
    except OSError:
        return "other"
    first, *words = raw.decode("utf-8", "replace").split("\0")
    program = Path(first.partition(" ")[0]).name.rstrip(":")  # servers write a title of their own
    return next((NAMES[word] for word in (program, *words) if word in NAMES), "other")
