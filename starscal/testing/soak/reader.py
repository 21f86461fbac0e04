"""One careful client of the live feed: checks, acknowledges, comes back with its cursor."""

from __future__ import annotations

import asyncio
import json
import random
import re
import socket
import time
from array import array
from typing import TYPE_CHECKING, Any, Final

from starscal.testing.soak import wire

if TYPE_CHECKING:
    from starscal.testing.soak.flock import Flock

EVENT: Final = re.compile(
    rb'\{"op":"event","stream":"events","prev":(\d+),'
    rb'("seq":(\d+),"key":"([^"]+)","type":"([^"]+)","at":"([^"]+)")'
)
ACK_EVERY: Final = 128
JITTER_S: Final = 0.8
LONGEST_WAIT_S: Final = 2.0
DIAL_S: Final = 5.0
PER_ADDRESS: Final = 20


class Reader(asyncio.Protocol):
    """A client who keeps what it had: the numbers, its cursor, and where it connects."""

    notes_ages = True

    def __init__(self, flock: Flock, number: int, kind: int, lang: str) -> None:
        self.flock, self.number, self.kind, self.lang = flock, number, kind, lang
        self.place = flock.start  # everything up to here was had, or filtered out
        self.newest = flock.start  # the newest message
        self.acked = 0
        self.seqs = array("L")
        self.inbox = wire.Inbox()
        self.transport: Any = None
        self.tries = 0
        self.greeted = self.ended = False

    # -- connections --

    async def dial(self) -> None:
        """Connect, to the next server each time, until it is done."""
        port = self.flock.ports[(self.number + self.tries) % len(self.flock.ports)]
        address = self.number // PER_ADDRESS
        local = (f"127.0.{16 + address // 250}.{1 + address % 250}", 0)
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(DIAL_S):
                await loop.create_connection(lambda: self, "127.0.0.1", port, local_addr=local)
        except OSError:
            self.flock.refused += 1
            self.again()

    def again(self) -> None:
        """Come back after a while that differs from client to client."""
        if self.ended:
            return
        self.tries += 1
        wait_s = min(LONGEST_WAIT_S, JITTER_S * self.tries) * random.random()  # noqa: S311
        asyncio.get_running_loop().call_later(wait_s, self.flock.spawn, self.dial())

    def connection_made(self, transport: Any) -> None:
        self.transport, self.inbox, self.greeted = transport, wire.Inbox(), False
        sock = transport.get_extra_info("socket")
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.flock.opened += 1
        transport.write(wire.handshake(transport.get_extra_info("peername")[1]))

    def connection_lost(self, _error: Exception | None) -> None:
        self.transport = None
        self.again()

    def drop(self) -> None:
        """End this connection at once."""
        if self.transport is not None:
            self.transport.abort()

    def say(self, **frame: Any) -> None:
        self.transport.write(wire.text(json.dumps(frame).encode()))

    # -- frames --

    def data_received(self, data: bytes) -> None:
        had_shaken = self.inbox.shaken
        frames = self.inbox.feed(data)
        if self.inbox.shaken and not had_shaken:
            self.hello()
        elif not self.inbox.shaken and self.inbox.status:
            self.flock.count_code(self.inbox.status)
            self.drop()
            return
        now = time.time()
        for opcode, payload in frames:
            self.take(opcode, payload, now)

    def hello(self) -> None:
        cursors = {"events": [self.flock.epoch, self.place]}
        wanted = self.flock.filters[self.kind]
        extra = {"filter": wanted} if wanted else {}
        self.say(op="hello", lang=self.lang, cursors=cursors, **extra)

    def take(self, opcode: int, payload: bytes, now: float) -> None:
        if opcode == wire.TEXT:
            found = EVENT.match(payload)
            if found:
                self.event(found, payload, now)
            else:
                self.other(json.loads(payload))
        elif opcode == wire.PING:
            self.transport.write(wire.masked(wire.PONG, payload))
        elif opcode == wire.CLOSE:
            self.flock.count_code(wire.close_code(payload))
            self.transport.write(wire.masked(wire.CLOSE, payload[:2]))

    def event(self, found: re.Match[bytes], payload: bytes, now: float) -> None:
        prev, seq = int(found[1]), int(found[3])
        flock = self.flock
        if seq <= self.place:
            self.behind(seq)
            return
        if prev > self.newest and prev > self.place:
            flock.holes += 1
            self.drop()
            return
        self.place = self.newest = seq
        self.seqs.append(seq)
        flock.check(self.lang, seq, found, payload)
        if self.notes_ages:
            flock.note(found[6], now)
        self.acked += 1
        if self.acked >= ACK_EVERY:
            self.ack()

    def behind(self, seq: int) -> None:
        """Count a message that came before, or should have."""
        if seq in self.seqs:
            self.flock.twice += 1
        else:
            self.flock.disorder += 1

    def other(self, frame: dict[str, Any]) -> None:
        op = frame["op"]
        if op == "ping":
            self.say(op="pong")
        elif op == "cursor":
            self.place = max(self.place, frame["seq"])
        elif op == "welcome":
            self.welcomed()
        elif op == "reset":
            self.flock.resets += 1
        elif op == "error":
            self.flock.errors[frame["code"]] += 1

    def welcomed(self) -> None:
        self.greeted, self.tries = True, 0

    def ack(self) -> None:
        """Acknowledge what came, if anything did."""
        if self.acked and self.greeted and self.transport is not None:
            self.say(op="ack", stream="events", seq=self.newest)
            self.acked = 0

    def end(self) -> None:
        self.ended = True
        self.drop()


class Stopper(Reader):
    """A client that stands still when it is told, and then goes on."""

    async def stand_still(self, seconds: float) -> None:
        self.notes_ages = False
        if self.transport is not None:
            self.transport.pause_reading()
        await asyncio.sleep(seconds)
        if self.transport is not None:
            self.transport.resume_reading()


class Looper(Reader):
    """A client that leaves and comes back, over and over."""

    notes_ages = False
    loops = True

    def welcomed(self) -> None:
        super().welcomed()
        if self.loops:
            wait_s = 0.2 + 0.4 * random.random()  # noqa: S311
            asyncio.get_running_loop().call_later(wait_s, self.drop)


class Silent(asyncio.Protocol):
    """A client that says hello from far behind and never reads."""

    def __init__(self, flock: Flock, number: int) -> None:
        self.flock, self.number = flock, number
        self.inbox = wire.Inbox()
        self.transport: Any = None
        self.code = 0
        self.closed_at = 0.0

    async def live(self, read_after_s: float) -> None:
        """Connect, read nothing for a while, then see how it ended."""
        sock = socket.socket()
        # Every other one has room for all that it may get, so that it finds the code there.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2**21 if self.number % 2 else 4096)
        sock.setblocking(False)
        sock.bind((f"127.0.40.{1 + self.number // 10}", 0))
        loop = asyncio.get_running_loop()
        await loop.sock_connect(sock, ("127.0.0.1", self.flock.ports[self.number % 2]))
        await loop.create_connection(lambda: self, sock=sock)
        await asyncio.sleep(read_after_s)
        if self.transport is not None:
            self.transport.resume_reading()
        began = time.monotonic()
        while not self.closed_at:
            if time.monotonic() - began >= LONGEST_WAIT_S:
                break
            await asyncio.sleep(0.02)
        self.flock.silent.append(
            {"code": self.code, "closed": bool(self.closed_at), "small": self.number % 2 == 0}
        )

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        transport.write(wire.handshake(transport.get_extra_info("peername")[1]))

    def data_received(self, data: bytes) -> None:
        had_shaken = self.inbox.shaken
        frames = self.inbox.feed(data)
        if self.inbox.shaken and not had_shaken:
            hello = {"op": "hello", "cursors": {"events": [self.flock.epoch, 0]}}
            self.transport.write(wire.text(json.dumps(hello).encode()))
            self.transport.pause_reading()
        for opcode, payload in frames:
            if opcode == wire.CLOSE:
                self.code = wire.close_code(payload)

    def connection_lost(self, _error: Exception | None) -> None:
        self.closed_at = time.monotonic()
        self.transport = None
