"""The load client, as seen from here."""

from __future__ import annotations

import json
import os
import select
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

from bench.live.machine import BenchError, cpu_seconds

READY_S: Final = 60.0
ANSWER_S: Final = 10.0


@dataclass(frozen=True)
class Counts:
    """What readers counted since `begin`."""

    sockets: int
    closed: int
    received: int
    bytes: int
    doubled: int
    disordered: int
    jumps: int
    latest_us: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    most_ms: float


def counts_joined(each: Sequence[Counts]) -> Counts:
    """Add the counts of several clients; of percentiles the worst stands for all."""
    worst = {"latest_us", "p50_ms", "p95_ms", "p99_ms", "most_ms"}
    return Counts(
        **{
            name: (max if name in worst else sum)(getattr(counts, name) for counts in each)
            for name in (field.name for field in fields(Counts))
        }
    )


class Client:
    """One process with many sockets."""

    def __init__(self, program: Path, arguments: Mapping[str, int], words: Sequence[str]) -> None:
        numbers = [word for name, number in arguments.items() for word in (name, str(number))]
        command = [str(program), *numbers, *words]
        self.process = subprocess.Popen(  # noqa: S603 - compiled from our source
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._heard = b""

    def close(self) -> None:
        """End the client; it stops when nobody commands it any more."""
        if self.process.stdin and self.process.stdout:
            self.process.stdin.close()
            self.process.stdout.close()
        self.process.wait(timeout=ANSWER_S)

    def tell(self, line: str) -> None:
        """Give a command."""
        if self.process.stdin is None:
            raise BenchError("The load client has no input.")
        self.process.stdin.write(f"{line}\n".encode())
        self.process.stdin.flush()

    def hear(self, timeout_s: float) -> str:
        """Return the next line, or an empty one if none came in time."""
        if self.process.stdout is None:
            return ""
        output, deadline = self.process.stdout.fileno(), time.monotonic() + timeout_s
        while b"\n" not in self._heard:
            left_s = max(0.0, deadline - time.monotonic())
            if not select.select([output], [], [], left_s)[0]:
                return ""
            heard = os.read(output, 4096)
            if not heard:
                raise BenchError("The load client ended; what it said stands above.")
            self._heard += heard
        line, _, self._heard = self._heard.partition(b"\n")
        return line.decode()


class Readers:
    """All clients together."""

    def __init__(self, stack: ExitStack, clients: Sequence[Client]) -> None:
        self.clients = clients
        for client in clients:
            stack.callback(client.close)

    def get_ready(self) -> float:
        """Wait until every socket is open and greeted; return how long it took, in seconds."""
        began = time.monotonic()
        if self.get_counted():
            raise BenchError("Not all sockets became ready.")
        return time.monotonic() - began

    def get_counted(self) -> int:
        """Wait until every socket is open and greeted, or refused; return how many were refused."""
        refused = 0
        for client in self.clients:
            answer, _, count = client.hear(READY_S).partition(" ")
            if answer not in {"ready", "refused"}:
                raise BenchError("Not all sockets became ready.")
            refused += int(count or 0)
        return refused

    def begin(self, seq: int) -> None:
        """Forget the counts; what follows ``seq`` comes next."""
        for client in self.clients:
            client.tell(f"begin {seq}")
        for client in self.clients:
            self._answered(client, "begun")

    def reached(self, seq: int, timeout_s: float) -> bool:
        """Wait until every socket has had a message."""
        for client in self.clients:
            client.tell(f"wait {seq}")
        deadline = time.monotonic() + timeout_s
        return all(
            self._answered(client, f"reached {seq}", deadline - time.monotonic())
            for client in self.clients
        )

    def awaited(self, seq: int, timeout_s: float) -> bool:
        """Wait until every socket has had the message that the clients wait for by option."""
        return all(self._answered(client, f"reached {seq}", timeout_s) for client in self.clients)

    def report(self) -> Counts:
        """Return what was counted."""
        counted = []
        for client in self.clients:
            client.tell("report")
            counted.append(Counts(**json.loads(self._line(client, "{", ANSWER_S))))
        return counts_joined(counted)

    def cpu_seconds(self) -> float:
        return sum(cpu_seconds(client.process.pid) for client in self.clients)

    def _answered(self, client: Client, answer: str, timeout_s: float = ANSWER_S) -> bool:
        return bool(self._line(client, answer, timeout_s))

    def _line(self, client: Client, start: str, timeout_s: float) -> str:
        """Return the next line that begins so, past late answers to what we gave up."""
        deadline = time.monotonic() + timeout_s
        while line := client.hear(deadline - time.monotonic()):
            if line.startswith(start):
                return line
        return ""
