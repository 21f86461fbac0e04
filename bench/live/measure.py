"""One server, started, loaded and ended."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from bench.live.loops import IN_BURSTS, SINGLY, STEADILY, closed_loop, open_loop
from bench.live.machine import BenchError, Cores, cpu_seconds, on_cores, put_ahead
from bench.live.messages import frame, now_us
from bench.live.peers.table import Peer, Place
from bench.live.readers import Client, Counts, Readers
from bench.live.services import Services
from starscal.devservices.layout import CHECKOUT
from starscal.devservices.ports import free_port, is_free
from starscal.devservices.processes import last_lines, spawn, stop
from starscal.devservices.waiting import poll

START_S: Final = 60.0
FIRST_S: Final = 30.0
OVERRUN_S: Final = 2.0  # by the clock, of a server that the clock outruns
LEAST_BYTES: Final = 400  # shorter ones have lost their text on the way
HOST: Final = "127.0.0.1"


@dataclass(frozen=True)
class Plan:
    """How much of everything."""

    sockets: int = 1000
    clients: int = 1
    nice: int = 0
    warm_s: float = 1.0
    singly_s: float = 3.0
    steadily_s: float = 3.0
    bursts_s: float = 2.0
    clock_s: float = 6.0
    clock_per_s: float = 10_000.0  # deliveries


@dataclass(frozen=True)
class Measured:
    """What one run of one server came to."""

    peer: str
    cpu_ms: float  # per 1000 deliveries, each message published when all have the one before
    delivered_per_s: float  # with one more message on its way
    steady_cpu_ms: float
    burst_per_s: float  # with many on their way
    burst_cpu_ms: float
    clock_cpu_ms: float  # by the clock
    p50_ms: float
    p95_ms: float
    p99_ms: float
    bytes: float  # of a message with its wrapping
    lost: int
    doubled: int
    disordered: int
    closed: int
    server_busy: float  # share of its core with one more message on its way
    client_busy: float
    client_cpu_ms: float
    ready_s: float
    load: float = field(default_factory=lambda: os.getloadavg()[0])

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass
class Streaming:
    """A Flow: numbered messages into the control socket, and the readers behind the server."""

    control: socket.socket
    readers: Readers
    seq: int

    def publish(self, count: int) -> int:
        sent_us = now_us()
        lines = [frame(self.seq + place, sent_us) for place in range(1, count + 1)]
        self.control.sendall(b"".join(line + b"\n" for line in lines))
        self.seq += count
        return self.seq

    def reached(self, seq: int, timeout_s: float) -> bool:
        return self.readers.reached(seq, timeout_s)


@dataclass(frozen=True)
class Phase:
    """What one way of publishing came to."""

    published: int
    counts: Counts
    seconds: float
    server_s: float
    client_s: float

    @property
    def cpu_ms(self) -> float:
        return self.server_s * 1e6 / max(1, self.counts.received)

    @property
    def per_s(self) -> float:
        return self.counts.received / self.seconds

    @property
    def lost(self) -> int:
        return self.published * self.counts.sockets - self.counts.received


class Bench:
    """Everything that stays while servers come and go."""

    def __init__(self, cores: Cores, built: Path, services: Services, plan: Plan) -> None:
        self.cores, self.built, self.services, self.plan = cores, built, services, plan
        self.seqs: dict[str, int] = {}  # our log goes on where the last run left it

    def measured(self, name: str, peer: Peer) -> Measured:
        """Start a server, load it both ways, end it. Raises BenchError."""
        control = self.services.folder / f"{name}.sock"
        control.unlink(missing_ok=True)
        place = Place(free_port(), control, self.services.redis_socket, self.built)
        with ExitStack() as stack:
            pid = stack.enter_context(started(name, peer, place, self.cores, self.plan.nice))
            readers = Readers(stack, self._clients(peer, place))
            ready_s = readers.get_ready()
            line = stack.enter_context(connected(control))
            flow = Streaming(line, readers, self.seqs.get(name, 0))
            phases = self._phases(peer, flow, pid)
            self.seqs[name] = flow.seq
        return whole(summed(name, phases, ready_s))

    def _clients(self, peer: Peer, place: Place) -> list[Client]:
        arguments = {
            "--port": place.port,
            "--sockets": self.plan.sockets // self.plan.clients,
        }
        return [
            Client(self.built / "client", arguments | {"--place": number}, peer.dialect.arguments())
            for number in range(1, self.plan.clients + 1)
        ]

    def _phases(self, peer: Peer, flow: Streaming, pid: int) -> list[Phase]:
        plan = self.plan
        flow.readers.begin(flow.seq)
        if not flow.reached(flow.publish(1), FIRST_S):
            raise BenchError("The first message did not reach all readers.")
        per_s = plan.clock_per_s / plan.sockets
        clock_s = plan.clock_s if peer.keeps_up else min(plan.clock_s, OVERRUN_S)
        return [
            phase(flow, pid, lambda: closed_loop(flow, plan.warm_s, STEADILY)),
            phase(flow, pid, lambda: closed_loop(flow, plan.singly_s, SINGLY)),
            phase(flow, pid, lambda: closed_loop(flow, plan.steadily_s, STEADILY)),
            phase(flow, pid, lambda: closed_loop(flow, plan.bursts_s, IN_BURSTS)),
            phase(flow, pid, lambda: open_loop(flow, per_s, clock_s)),
        ]


def phase(flow: Streaming, pid: int, run: Callable[[], int]) -> Phase:
    """Run one way of publishing; count and time it."""
    flow.readers.begin(flow.seq)
    server_s, client_s, began_us = cpu_seconds(pid), flow.readers.cpu_seconds(), now_us()
    published = run()
    counts = flow.readers.report()
    return Phase(
        published,
        counts,
        seconds=(counts.latest_us - began_us) / 1e6,
        server_s=cpu_seconds(pid) - server_s,
        client_s=flow.readers.cpu_seconds() - client_s,
    )


def summed(name: str, phases: Sequence[Phase], ready_s: float) -> Measured:
    """Put the phases together: what was lost is counted over all."""
    _warm, singly, steadily, bursts, clocked = phases
    return Measured(
        peer=name,
        cpu_ms=singly.cpu_ms,
        delivered_per_s=steadily.per_s,
        steady_cpu_ms=steadily.cpu_ms,
        burst_per_s=bursts.per_s,
        burst_cpu_ms=bursts.cpu_ms,
        clock_cpu_ms=clocked.cpu_ms,
        p50_ms=clocked.counts.p50_ms,
        p95_ms=clocked.counts.p95_ms,
        p99_ms=clocked.counts.p99_ms,
        bytes=singly.counts.bytes / max(1, singly.counts.received),
        lost=sum(each.lost for each in phases),
        doubled=sum(each.counts.doubled for each in phases),
        disordered=sum(each.counts.disordered + each.counts.jumps for each in phases),
        closed=clocked.counts.closed,
        server_busy=steadily.server_s / steadily.seconds,
        client_busy=steadily.client_s / steadily.seconds,
        client_cpu_ms=steadily.client_s * 1e6 / max(1, steadily.counts.received),
        ready_s=ready_s,
    )


def whole(measured: Measured) -> Measured:
    """Return it if the messages were as long as they should be."""
    if measured.bytes < LEAST_BYTES:
        raise BenchError(f"{measured.peer} sent messages of {measured.bytes:.0f} bytes.")
    return measured


@contextmanager
def started(name: str, peer: Peer, place: Place, cores: Cores, nice: int) -> Iterator[int]:
    """Run a server on its core and what belongs beside it on the others; yield its process id."""
    log = place.built / f"{name}.log"
    environment = os.environ | peer.environment
    with ExitStack() as stack:
        file = stack.enter_context(log.open("wb"))
        processes = []
        for number, command in enumerate(peer.commands(place)):
            with on_cores(cores.others if number else cores.server):
                process = spawn(command, log=file, env=environment, cwd=CHECKOUT)
            stack.callback(stop, process, grace_s=5.0)
            put_ahead(process.pid, nice)
            processes.append(process)

        def is_up() -> bool:
            return not is_free(HOST, place.port) and place.control.exists()

        ended = poll(
            lambda: is_up() or any(each.poll() is not None for each in processes),
            timeout_s=START_S,
        )
        if not ended or not is_up():
            raise BenchError(f"{name} does not start:\n" + "\n".join(last_lines(log, 20)))
        yield processes[0].pid


@contextmanager
def connected(control: Path) -> Iterator[socket.socket]:
    """Open the way on which messages come into a server."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.connect(str(control))
        yield line
