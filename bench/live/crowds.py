"""Our server alone: many who come at once, come back, stay, or stop reading."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

from bench.live import whole
from bench.live.figures import Figure, Figures
from bench.live.loops import SINGLY, closed_loop, open_loop
from bench.live.machine import Cores, cpu_seconds, on_cores
from bench.live.measure import FIRST_S, Plan, Streaming, connected, started
from bench.live.memory import MB, open_sockets, pss_bytes
from bench.live.peers.table import OURS, PEERS, Place
from bench.live.readers import Counts, Readers
from bench.live.services import Services
from bench.live.stage import CROWD, Stage, missing
from starscal.devservices.layout import CHECKOUT
from starscal.devservices.ports import free_port
from starscal.devservices.waiting import pause, poll

IDLE: Final = 10_000
BEHIND: Final = 100
EARLY: Final = 10  # sockets that wake the server before anything is measured
CLOCK_PER_S: Final = 10.0
CLOCK_S: Final = 8.0
SETTLE_S: Final = 2.0
CLOSED_S: Final = 30.0
OVER_CREDIT: Final = 560  # messages: LIVE_CREDIT is 512
SIGNED_IN: Final = '{"op":"hello","lang":"en","token":"TOKEN","streams":["events"]}'
RESUME: Final = '{{"op":"hello","lang":"en","streams":["events"],"cursors":{{"events":["{}",{}]}}}}'


class Crowds:
    """The rows that need a server and no peers."""

    def __init__(
        self, cores: Cores, built: Path, services: Services, plan: Plan, url: str = ""
    ) -> None:
        self.cores, self.built, self.services, self.plan = cores, built, services, plan
        self.url = url  # of the API, if not of the service that we start
        self.place = 10

    def figures(self, chosen: Sequence[str]) -> Figures:
        """Measure one row after the other."""
        for name in chosen:
            yield from ROWS[name](self)

    @contextmanager
    def stage(self) -> Iterator[tuple[Stage, Any]]:
        """Start a server with a few sockets in it; yield it and the way to publish."""
        control = self.services.folder / "crowds.sock"
        control.unlink(missing_ok=True)
        place = Place(free_port(), control, self.services.redis_socket, self.built)
        with ExitStack() as stack:
            nice = self.plan.nice
            pid = stack.enter_context(started("crowds", PEERS[OURS], place, self.cores, nice))
            line = stack.enter_context(connected(control))
            program = self.built / "client"
            stage = Stage(stack, program, place.port, pid, self.place, os.environ["DATABASE_URL"])
            early = stage.readers(EARLY)
            early.get_ready()
            stage.flow(line, early)
            yield stage, line
            self.place = stage.place

    def connecting(self) -> Figures:
        """1000 who say hello with a token, all at once."""
        tokens = self.services.folder / "tokens"
        tokens_written(CROWD, tokens)
        with self.stage() as (stage, _line):
            before_s, began = cpu_seconds(stage.pid), time.monotonic()
            readers = stage.readers(CROWD, "--tokens", str(tokens), hello=SIGNED_IN, at_once=CROWD)
            refused = readers.get_counted()
            took_s = time.monotonic() - began
            cpu_ms = (cpu_seconds(stage.pid) - before_s) * 1000
        yield Figure("connect_s", "1000 connect and sign in at once: all welcomed, s", took_s, 2)
        yield Figure("connect_refused", "… refused", refused, 0)
        yield Figure("connect_cpu_ms", "… CPU of the server each, ms", cpu_ms / CROWD)

    def resuming(self) -> Figures:
        """1000 who come back with a cursor 100 messages old."""
        with self.stage() as (stage, line):
            _epoch, start = stage.cursor()
            Streaming(line, Readers(stage.stack, []), start).publish(BEHIND)
            poll(lambda: stage.cursor()[1] == start + BEHIND, timeout_s=FIRST_S)
            epoch, end = stage.cursor()
            before_s, began = cpu_seconds(stage.pid), time.monotonic()
            hello = RESUME.format(epoch, start)
            readers = stage.readers(CROWD, hello=hello, at_once=CROWD, after=start, until=end)
            readers.get_ready()
            whole = readers.awaited(end, FIRST_S)
            took_s = time.monotonic() - began
            cpu_ms = (cpu_seconds(stage.pid) - before_s) * 1000
            faults = missing(readers.report(), BEHIND) + (not whole)
        yield Figure("resume_s", "1000 resume 100 messages behind: all have them, s", took_s, 3)
        yield Figure("resume_faults", "… lost, doubled or disordered", faults, 0)
        yield Figure("resume_cpu_ms", "… CPU of the server each, ms", cpu_ms / CROWD)

    def idling(self) -> Figures:
        """10,000 who hear little: what they cost, and how soon they hear a message a second."""
        with self.stage() as (stage, line):
            before = pss_bytes(stage.pid)
            readers = stage.readers(IDLE)
            readers.get_ready()
            pause(SETTLE_S)
            held = pss_bytes(stage.pid) - before
            flow = stage.flow(line, readers)
            readers.begin(flow.seq)
            count = open_loop(flow, 1.0, self.plan.clock_s)
            counts = readers.report()
        yield Figure("idle_mb", "10,000 idle sockets: memory, MB", held / MB, 500)
        yield Figure("idle_kb", "… each, KB", held / IDLE / 1000, 35)
        yield Figure("idle_p95_ms", "… a message a second: p95, ms", counts.p95_ms, 800)
        yield Figure("idle_faults", "… lost, doubled or disordered", missing(counts, count), 0)

    def deaf(self) -> Figures:
        """100 of 1000 who read nothing any more."""
        with self.stage() as (stage, line):
            hearing = stage.readers(CROWD - CROWD // 10)
            hearing.get_ready()
            flow = stage.flow(line, hearing)
            before = clocked(flow, CLOCK_S)
            # These read on: what a message more in the ring costs is no cost of deaf readers.
            closed_loop(flow, CLOCK_S / 4, SINGLY)
            held, open_before = pss_bytes(stage.pid), open_sockets(stage.pid)
            stage.readers(CROWD // 10, deaf=1).get_ready()
            watch = Watch(stage.pid, open_before)
            flow.publish(OVER_CREDIT)
            flow.reached(flow.seq, FIRST_S)
            watch.look()
            hearing.begin(flow.seq)
            after = open_loop_watched(flow, watch)
        ratio = after.p99_ms / before.p99_ms
        yield Figure(
            "deaf_mb", "100 of 1000 read nothing: memory, MB", (watch.most - held) / MB, 20
        )
        yield Figure("deaf_p99_ratio", "… p99 of the others over before", ratio, 1.5)
        yield Figure("deaf_closed_s", "… all closed after, s", watch.closed_s, 20)

    def together(self) -> Figures:
        """The whole service with 1000 sockets and 80 requests a second."""
        with on_cores(self.cores.server | self.cores.others):
            yield from whole.figures(self.services.folder, self.built, self.plan, self.url)


class Watch:
    """The memory and sockets of a server while somebody there does not read."""

    def __init__(self, pid: int, open_before: int) -> None:
        self.pid, self.open_before = pid, open_before
        self.began, self.closed_s, self.most = time.monotonic(), float("inf"), 0

    def look(self) -> bool:
        """Note what is; say whether the deaf are all gone."""
        self.most = max(self.most, pss_bytes(self.pid))
        if self.closed_s == float("inf") and open_sockets(self.pid) <= self.open_before:
            self.closed_s = time.monotonic() - self.began
        return self.closed_s < float("inf")


def open_loop_watched(flow: Streaming, watch: Watch) -> Counts:
    """Publish by the clock until all who do not read are closed; return what others had."""
    ends_at = time.monotonic() + CLOSED_S
    while not watch.look() and time.monotonic() < ends_at:
        open_loop(flow, CLOCK_PER_S, 1.0)
    return flow.readers.report()


def clocked(flow: Streaming, seconds: float) -> Counts:
    flow.readers.begin(flow.seq)
    open_loop(flow, CLOCK_PER_S, seconds)
    return flow.readers.report()


def tokens_written(count: int, file: Path) -> None:
    command = [sys.executable, "-m", "bench.live.peers.tokens", str(count), str(file)]
    subprocess.run(command, cwd=CHECKOUT, check=True)  # noqa: S603 - our own command


ROWS: Final[dict[str, Callable[[Crowds], Figures]]] = {
    "connecting": Crowds.connecting,
    "resuming": Crowds.resuming,
    "idling": Crowds.idling,
    "deaf": Crowds.deaf,
    "together": Crowds.together,
}
