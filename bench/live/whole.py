"""The whole of it, as `manage.py up` starts it: its memory, and sockets beside requests."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

from bench.live.figures import Figure, Figures
from bench.live.loops import open_loop
from bench.live.machine import BenchError, put_ahead
from bench.live.measure import Plan, Streaming, connected
from bench.live.memory import MB, family, family_pss, role
from bench.live.requests import PER_S, Answers, asking, paths
from bench.live.stage import CROWD, Stage, missing
from starscal.devservices.layout import CHECKOUT, Layout
from starscal.devservices.ports import free_port
from starscal.devservices.processes import last_lines, spawn, stop
from starscal.devservices.stack import Options
from starscal.devservices.state import running_servers
from starscal.devservices.waiting import poll

START_S: Final = 240.0  # it computes the coming months first
PUBLISHER_S: Final = 30.0
SECONDS: Final = 8.0
HTTP: Final = "starscal.http"
HAS_ROLES: Final = any(field.name == "live_port" for field in fields(Options))


@dataclass
class Whole:
    """A running service of its own."""

    process: subprocess.Popen[bytes]
    url: str
    live_port: int
    servers: dict[str, str]

    @property
    def web(self) -> int:
        return next(pid for pid in family(self.process.pid) if role(pid) == "starscal.web")


def figures(folder: Path, built: Path, plan: Plan, url: str = "") -> Figures:
    """Measure memory with 1000 sockets, then 10,000 messages a second beside 80 requests."""
    with ExitStack() as stack:
        whole = stack.enter_context(running(folder / "whole", built, plan.nice))
        control = stack.enter_context(publishing(folder / "whole.sock", whole, built))
        stage = Stage(
            stack, built / "client", whole.live_port, whole.web, 60, whole.servers["DATABASE_URL"]
        )
        readers = stage.readers(CROWD)
        readers.get_ready()
        flow = stage.flow(stack.enter_context(connected(control)), readers)
        yield from together(flow, url or whole.url)
        yield from memory(whole)


def together(flow: Streaming, url: str) -> Figures:
    """Say how both fare while they share the machine."""
    roles = "" if HAS_ROLES else ", one process for both"
    worst, faults, failed = 0.0, 0, 0
    for name, alike, most in (("uncached", False, 30.0), ("cached", True, 20.0)):
        flow.readers.begin(flow.seq)
        with asking(url, paths(int(PER_S * SECONDS), alike=alike)) as found:
            count = open_loop(flow, 10_000 / CROWD, SECONDS)
        counts, answers = flow.readers.report(), next(iter(found), Answers([], 0))
        worst, failed = max(worst, counts.p95_ms), failed + answers.failed
        faults += missing(counts, count)
        title = f"80 requests/s {name}{roles}: p95, ms"
        yield Figure(f"together_{name}_p95_ms", title, answers.p95_ms, most)
    yield Figure("together_sockets_p95_ms", "… 10,000 msg/s beside them: p95, ms", worst, 40)
    yield Figure("together_failed", "… requests without an answer", failed, 0)
    yield Figure("together_faults", "… messages lost, doubled or disordered", faults, 0)


def memory(whole: Whole) -> Figures:
    """Say what all processes hold; the role `http` is extra."""
    held = family_pss(whole.process.pid)
    extra = held.pop(HTTP, 0)
    yield Figure(
        "stack_mb", "whole stack with 1000 sockets: memory, MB", sum(held.values()) / MB, 512
    )
    for name, size in sorted(held.items()):
        yield Figure(f"stack_{name}_mb", f"… {name}", size / MB)
    if extra:
        yield Figure("stack_http_mb", "… the role http beside it", extra / MB)


@contextmanager
def running(state: Path, built: Path, nice: int) -> Iterator[Whole]:
    """Start a service with a state of its own and end it."""
    port, live_port = free_port(), free_port()
    command = [sys.executable, "manage.py", "up", "--port", str(port)]
    if HAS_ROLES:
        command += ["--split", str(live_port)]
    own = {"DATABASE_URL", "REDIS_URL"}
    environment = {name: value for name, value in os.environ.items() if name not in own}
    environment["STARSCAL_STATE_DIR"] = str(state)
    log = built / "whole.log"
    with log.open("wb") as file:
        process = spawn(command, log=file, env=environment, cwd=CHECKOUT)
    try:
        poll(
            lambda: b"\nReady" in log.read_bytes() or process.poll() is not None, timeout_s=START_S
        )
        servers = running_servers(Layout(state=state))
        if process.poll() is not None or not servers:
            raise BenchError("`manage.py up` does not start:\n" + "\n".join(last_lines(log, 20)))
        for pid in family(process.pid):
            put_ahead(pid, nice)
        url = f"http://127.0.0.1:{port}"
        yield Whole(process, url, live_port if HAS_ROLES else port, servers)
    finally:
        stop(process, grace_s=40.0)


@contextmanager
def publishing(control: Path, whole: Whole, built: Path) -> Iterator[Path]:
    """Run what writes messages into the log of a service."""
    command = [sys.executable, "-m", "bench.live.peers.ours", str(control)]
    with (built / "publisher.log").open("wb") as log:
        process = spawn(command, log=log, env=os.environ | whole.servers, cwd=CHECKOUT)
    try:
        if not poll(control.exists, timeout_s=PUBLISHER_S):
            raise BenchError("The publisher does not start.")
        yield control
    finally:
        stop(process, grace_s=5.0)
