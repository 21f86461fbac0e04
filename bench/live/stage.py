"""A server of ours under way, with readers who come to it in groups."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import psycopg

from bench.live.machine import BenchError
from bench.live.measure import FIRST_S, Streaming
from bench.live.peers.table import OURS, PEERS
from bench.live.readers import Client, Counts, Readers

CROWD: Final = 1000
WELCOME: Final = '"op":"welcome"'


@dataclass
class Stage:
    """One server of ours under way, and everything that a row needs beside it."""

    stack: ExitStack
    program: Path
    port: int
    pid: int
    place: int  # in the second number of the clients' addresses: each has caps of its own
    database: str

    def readers(self, sockets: int, *words: str, hello: str = "", **options: int) -> Readers:
        """Open so many sockets from addresses that nobody has used."""
        self.place += 1
        dialect = PEERS[OURS].dialect
        if hello:
            dialect = replace(dialect, greeting=((hello, WELCOME),))
        arguments = {"--port": self.port, "--sockets": sockets, "--place": self.place}
        arguments |= {f"--{name.replace('_', '-')}": number for name, number in options.items()}
        client = Client(self.program, arguments, [*words, *dialect.arguments()])
        return Readers(self.stack, [client])

    def cursor(self) -> tuple[str, int]:
        """Return where the stream ends."""
        with psycopg.connect(self.database) as connection:
            found = connection.execute(
                "SELECT epoch::text, last_seq FROM core_stream WHERE name = 'events'"
            ).fetchone()
        return found or ("", 0)

    def flow(self, control: Any, readers: Readers) -> Streaming:
        """Return what publishes to these readers, who have had everything until now."""
        flow = Streaming(control, readers, self.cursor()[1])
        readers.begin(flow.seq)
        if not flow.reached(flow.publish(1), FIRST_S):
            raise BenchError("The first message did not reach all readers.")
        return flow


def missing(counts: Counts, published: int) -> int:
    """Return how many messages were lost, doubled or out of order; the service adds its own."""
    lost = max(0, published * counts.sockets - counts.received)
    return lost + counts.doubled + counts.disordered + counts.jumps
