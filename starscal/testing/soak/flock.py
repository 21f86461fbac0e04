"""All the readers of a soak in one process.

python -m starscal.testing.soak.flock

The first line of the standard input is a JSON object of options; then one command a line, each
answered by one line of JSON: ``greeted``, ``reach {kind: seq}``, ``trouble SECONDS``, ``finish``.
"""

from __future__ import annotations

import asyncio
import gc
import hashlib
import json
import re
import resource
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Coroutine
from datetime import datetime
from functools import cache
from typing import Any, Final

import uvloop

from starscal.testing.soak.reader import Looper, Reader, Silent, Stopper

TICK_S: Final = 0.05
ACK_TICKS: Final = 100  # each client has its turn once in 5 s
REACH_S: Final = 60.0
CLOSED_WITHIN_S: Final = 20.0
DIALS_AT_ONCE: Final = 50


@cache
def instant(text: bytes) -> float:
    """Read when a message was committed; thousands of readers ask for the same."""
    return datetime.fromisoformat(text.decode()).timestamp()


class Flock:
    """The readers, and what all of them counted."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.ports: list[int] = options["ports"]
        self.epoch: str = options["epoch"]
        self.start: int = options["seq"]
        self.filters: list[dict[str, Any]] = options["filters"]
        self.opened = self.refused = 0
        self.twice = self.disorder = self.holes = self.resets = self.altered = 0
        self.codes: Counter[int] = Counter()
        self.errors: Counter[str] = Counter()
        self.keys: dict[int, str] = {}
        self.contents: dict[tuple[str, int], bytes] = {}
        self.ages: dict[int, Counter[int]] = defaultdict(Counter)
        self.silent: list[dict[str, Any]] = []
        self.late_ms: list[float] = []
        self.tasks: set[asyncio.Task[None]] = set()
        self.readers = list(self._readers(options))
        self.silent_count: int = options["silent"]

    def _readers(self, options: dict[str, Any]) -> list[Reader]:
        kinds, languages = options["kinds"], options["languages"]
        total, stoppers, loopers = options["readers"], options["stoppers"], options["loopers"]
        made: list[Reader] = []
        for number in range(total + loopers):
            sort = Looper if number >= total else Stopper if number < stoppers else Reader
            kind = 0 if sort is Looper else kinds[number % len(kinds)]
            # Divided, so that each language is read by each filter.
            lang = languages[(number // len(kinds)) % len(languages)]
            made.append(sort(self, number, kind, lang))
        return made

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something beside the rest."""
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    # -- what readers tell --

    def count_code(self, code: int) -> None:
        self.codes[code] += 1

    def note(self, at: bytes, now: float) -> None:
        committed = instant(at)
        self.ages[int(committed)][int((now - committed) * 1000)] += 1

    def check(self, lang: str, seq: int, found: re.Match[bytes], payload: bytes) -> None:
        """See that all readers of a language got the very same."""
        tail = payload[found.start(2) :]
        if self.contents.setdefault((lang, seq), tail) != tail:
            self.altered += 1
        elif seq not in self.keys:
            self.keys[seq] = found[4].decode()

    # -- what the test asks for --

    async def greeted(self, _argument: str) -> dict[str, Any]:
        """Say when every regular reader is welcome."""
        began = time.monotonic()
        await until(lambda: all(r.greeted for r in self.readers if not isinstance(r, Looper)))
        return {"greeted": sum(reader.greeted for reader in self.readers), "s": since(began)}

    async def reach(self, argument: str) -> dict[str, Any]:
        """Say when every reader has had the newest message that its filter lets through."""
        began, targets = time.monotonic(), json.loads(argument)
        behind = [r for r in self.readers if not isinstance(r, Looper)]

        def reached() -> bool:
            behind[:] = [r for r in behind if r.newest < targets[r.kind]]
            return not behind

        well = await until(reached)
        return {"reached": well, "behind": len(behind), "s": since(began)}

    async def trouble(self, argument: str) -> dict[str, Any]:
        """Let the bad clients be bad for a while."""
        seconds = float(argument)
        loopers = [reader for reader in self.readers if isinstance(reader, Looper)]
        for looper in loopers:
            looper.loops = True
            self.spawn(looper.dial())
        stoppers = [r.stand_still(seconds) for r in self.readers if isinstance(r, Stopper)]
        silent = [Silent(self, n).live(CLOSED_WITHIN_S) for n in range(self.silent_count)]
        await asyncio.gather(*stoppers, *silent)
        for looper in loopers:
            looper.loops = False
        return {"silent": self.silent}

    async def finish(self, _argument: str) -> dict[str, Any]:
        """End all connections and tell what was counted."""
        for reader in self.readers:
            reader.end()
        return self.report()

    def report(self) -> dict[str, Any]:
        usage = resource.getrusage(resource.RUSAGE_SELF)
        late = sorted(self.late_ms) or [0.0]
        return {
            "delivered": sum(len(reader.seqs) for reader in self.readers),
            "opened": self.opened,
            "refused": self.refused,
            "twice": self.twice,
            "disorder": self.disorder,
            "holes": self.holes,
            "altered": self.altered,
            "resets": self.resets,
            "codes": dict(self.codes),
            "errors": dict(self.errors),
            "silent": self.silent,
            "cpu_s": round(usage.ru_utime + usage.ru_stime, 2),
            "late_p99_ms": round(late[int(len(late) * 0.99)], 1),
            "sequences": self.sequences(),
            "keys": self.keys,
            "ages": self.ages,
        }

    def sequences(self) -> list[dict[str, Any]]:
        """Return each sequence that readers of a filter had, and how many had it."""
        found: dict[tuple[int, str], dict[str, Any]] = {}
        for reader in self.readers:
            name = reader.kind, hashlib.sha256(reader.seqs.tobytes()).hexdigest()
            entry = found.setdefault(
                name, {"kind": reader.kind, "readers": 0, "seqs": reader.seqs.tolist()}
            )
            entry["readers"] += 1
        return list(found.values())

    # -- the whole --

    async def tick(self) -> None:
        """Acknowledge in turn, and note how late the loop itself is."""
        turn = 0
        while True:
            began = time.monotonic()
            await asyncio.sleep(TICK_S)
            self.late_ms.append((time.monotonic() - began - TICK_S) * 1000)
            turn = (turn + 1) % ACK_TICKS
            for reader in self.readers[turn::ACK_TICKS]:
                reader.ack()

    async def dial_all(self) -> None:
        first = [reader for reader in self.readers if not isinstance(reader, Looper)]
        for start in range(0, len(first), DIALS_AT_ONCE):
            await asyncio.gather(*(r.dial() for r in first[start : start + DIALS_AT_ONCE]))


async def until(check: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + REACH_S
    while not check():
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(0.02)
    return True


def since(began: float) -> float:
    return round(time.monotonic() - began, 2)


async def main() -> None:
    """Obey the commands until the last."""
    lines = asyncio.StreamReader(limit=2**24)
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(lines), sys.stdin
    )
    flock = Flock(json.loads(await lines.readline()))
    flock.spawn(flock.tick())
    flock.spawn(flock.dial_all())
    work = {"greeted": flock.greeted, "reach": flock.reach, "trouble": flock.trouble}
    while command := (await lines.readline()).decode().strip():
        name, _space, argument = command.partition(" ")
        answer = await work.get(name, flock.finish)(argument)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
        if name == "finish":
            return


if __name__ == "__main__":
    gc.disable()  # what measures takes no breaks of its own
    uvloop.run(main())
