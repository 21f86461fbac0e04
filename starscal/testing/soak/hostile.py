"""Connections that mean ill: what broken or malicious clients send, and how each of them ended."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from starscal.testing.soak import wire

PATIENCE_S: Final = 15.0
LINGER_S: Final = 1.0
AT_ONCE: Final = 40
PER_ADDRESS: Final = 25
PING_EVERY_S: Final = 0.02
HELLO: Final = b'{"op":"hello"}'
Attack = Callable[[random.Random], bytes]


def handshakes(chance: random.Random) -> bytes:
    """Return a handshake that is none."""
    good = wire.handshake(80)
    return chance.choice(
        [
            good.replace(b"Sec-WebSocket-Key: c3RhcnMgYW5kIGNhbGVuZA==", b"Sec-WebSocket-Key: x"),
            good.replace(b"Version: 13", b"Version: 99"),
            good.replace(b"Upgrade: websocket", b"Upgrade: " + chance.randbytes(20)),
            good.replace(b"GET", b"POST"),
            good[: chance.randrange(len(good))],
            good.replace(b"\r\n\r\n", b"\r\nX-A: " + b"a" * 70_000 + b"\r\n\r\n"),
            chance.randbytes(300),
        ]
    )


def protocol(chance: random.Random) -> bytes:
    """Return frames that break RFC 6455."""
    reserved = chance.choice([0xC1, 0xA1, 0x91, 0xF1])
    unknown = chance.choice([0x83, 0x84, 0x87, 0x8B, 0x8F])
    return chance.choice(
        [
            wire.masked(0, HELLO, first=reserved),
            wire.masked(0, HELLO, first=unknown),
            wire.masked(0, b"goes on", first=0x80),
            wire.masked(0, b"x", first=0x01) + wire.text(HELLO),
            wire.masked(0, b"x", first=0x09),
            wire.masked(wire.PING, b"x" * 126),
            wire.text(b"\xff\xfe\xed\xa0\x80"),
            wire.masked(wire.CLOSE, b"\x03"),
            wire.masked(wire.CLOSE, chance.choice([0, 999, 1004, 1005, 5000]).to_bytes(2, "big")),
            wire.masked(wire.CLOSE, b"\x03\xe8\xff\xff"),
            b"\x81" + bytes((len(HELLO),)) + HELLO,
            b"\x81\xff" + b"\x7f" + b"\xff" * 7 + wire.NO_MASK,
            wire.text(b"x" * 65_537),
            wire.text(b"x" * 17_000),
            wire.masked(2, chance.randbytes(50)),
            chance.randbytes(chance.randrange(1, 400)),
        ]
    )  # fmt: skip


def cut(chance: random.Random) -> bytes:
    """Return a frame without its end."""
    whole = wire.text(json.dumps({"op": "hello", "lang": "x" * 500}).encode())
    return whole[: chance.randrange(1, len(whole))]


def corpus(chance: random.Random) -> bytes:
    """Return JSON, or nearly, that is no talk."""
    text = chance.choice(CORPUS)
    bent = bytearray(text)
    for _number in range(chance.randrange(3)):
        bent[chance.randrange(len(bent))] = chance.randrange(256)
    start = wire.text(HELLO) if chance.random() < 0.5 else b""
    return start + wire.text(bytes(bent)) + wire.text(b"the end")


def flood(chance: random.Random) -> bytes:
    """Return more good frames than anybody may send at once."""
    ack = b'{"op":"ack","stream":"events","seq":1}'
    frame = chance.choice([b'{"op":"pong"}', b'{"op":"lang","lang":"de"}', ack])
    return wire.text(HELLO) + wire.text(frame) * 150


ODD: Final[Sequence[object]] = ([], 0, None, True, "x", {}, [[]], {"op": None})
CORPUS: Final[Sequence[bytes]] = [
    *(json.dumps(value).encode() for value in ODD),
    b"[" * 5000 + b"]" * 5000, b'{"a":' * 3000 + b"1" + b"}" * 3000, b"1" * 5000, b"-", b"1e999",
    b'{"op":"hello","cursors":{"events":["0b9de1a5-1cc7-4a26-9b5a-2b3f3c1c4a11",1e400]}}',
    b'{"op":"hello","op":"pong"}', b'{"op":"hello","tz":"../../etc/passwd"}', b'{"op":"\\ud800"}',
    b'{"op":"hello","filter":{"event_type":[{}]}}', b'{"op":"hello","streams":["me:1"]}',
    b'{"op":"hello","streams":["events","events"]}', b'{"op":"hello","lang":"\\u0000"}',
    b'{"op":"hello","token":"eyJhbGciOiJub25lIn0.e30."}', b'{"op":"hello","ticket":"\\u202e"}',
    b'{"op":"subscribe","streams":["events"],"cursors":{"events":["x",-1]}}',
    b'{"op":"ack","stream":"events","seq":9223372036854775808}', b'{"op":"ack","seq":null}',
    b'{"op":"unsubscribe","streams":["' + b"x" * 3000 + b'"]}', b'{"op":"auth"}',
    b'{"op":"lang","lang":["de"]}', b'{"op":"hello","filter":{"min_significance":NaN}}',
    b'\xef\xbb\xbf{"op":"hello"}', b"{'op':'hello'}", b'{"op":"hello",}', b'{"op":"hello"}x',
]  # fmt: skip
ATTACKS: Final[Sequence[Attack]] = (
    handshakes, protocol, protocol, cut, corpus, corpus, corpus, flood,
)  # fmt: skip


@dataclass
class Damage:
    """How hostile connections ended, and how a bystander fared meanwhile."""

    codes: Counter[int] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    unanswered: int = 0
    connections: int = 0
    pings_ms: list[float] = field(default_factory=list)

    @property
    def p99_ms(self) -> float:
        pings = sorted(self.pings_ms) or [0.0]
        return round(pings[int(len(pings) * 0.99)], 1)


async def attack(port: int, number: int, damage: Damage) -> None:
    """Be one hostile connection, the same one for a number in every run."""
    chance = random.Random(number)  # noqa: S311
    kind = ATTACKS[number % len(ATTACKS)]
    address = (f"127.0.{50 + number // PER_ADDRESS % 200}.1", 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=address)
    damage.connections += 1
    try:
        if kind is not handshakes:
            await shake(reader, writer, port)
        writer.write(kind(chance))
        await listen(reader, kind, damage)
    except (OSError, asyncio.IncompleteReadError):
        damage.unanswered += 1
    finally:
        writer.transport.abort()


async def shake(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
    """Open a socket properly; who does not wait for the answer is not heard."""
    writer.write(wire.handshake(port))
    async with asyncio.timeout(PATIENCE_S):
        await reader.readuntil(b"\r\n\r\n")


async def listen(reader: asyncio.StreamReader, kind: Attack, damage: Damage) -> None:
    """Hear how the server ends it; where it waits for more, leave."""
    inbox = wire.Inbox()
    inbox.shaken = kind is not handshakes
    # What is cut short or no handshake is waited for, and need not be answered at all.
    waits_s = LINGER_S if kind in {cut, handshakes, protocol} else PATIENCE_S
    try:
        async with asyncio.timeout(waits_s):
            while data := await reader.read(65_536):
                for opcode, payload in inbox.feed(data):
                    if opcode == wire.CLOSE:
                        damage.codes[wire.close_code(payload)] += 1
                        return
                if inbox.status not in {0, 101}:
                    damage.statuses[inbox.status] += 1
                    return
    except TimeoutError:
        damage.unanswered += 1


async def bystand(port: int, damage: Damage, done: asyncio.Event) -> None:
    """Be a good client who pings all the while."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await shake(reader, writer, port)
    writer.write(wire.text(HELLO))
    inbox = wire.Inbox()
    inbox.shaken = True
    while not done.is_set():
        sent = time.monotonic()
        writer.write(wire.masked(wire.PING, b"%f" % sent))
        await ponged(reader, writer, inbox)
        damage.pings_ms.append((time.monotonic() - sent) * 1000)
        await asyncio.sleep(PING_EVERY_S)
    writer.close()


async def ponged(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, inbox: wire.Inbox
) -> None:
    while True:
        data = await asyncio.wait_for(reader.read(65_536), PATIENCE_S)
        if not data:
            raise ConnectionResetError("The server has sent a bystander away.")
        for opcode, payload in inbox.feed(data):
            if opcode == wire.PONG:
                return
            if b'"op":"ping"' in payload:
                writer.write(wire.text(b'{"op":"pong"}'))


async def siege(port: int, connections: int) -> Damage:
    """Attack so many times, some at once, beside a bystander."""
    damage, done, numbers = Damage(), asyncio.Event(), iter(range(connections))

    async def attacker() -> None:
        for number in numbers:
            await attack(port, number, damage)

    witness: asyncio.Task[Any] = asyncio.create_task(bystand(port, damage, done))
    await asyncio.gather(*(attacker() for _number in range(AT_ONCE)))
    done.set()
    await witness
    return damage
