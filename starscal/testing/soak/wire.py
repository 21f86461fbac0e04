"""The client's side of RFC 6455, as little of it as a reader of the live feed needs."""

from __future__ import annotations

import struct
from typing import Final

TEXT: Final = 0x1
CLOSE: Final = 0x8
PING: Final = 0x9
PONG: Final = 0xA
FINAL: Final = 0x80
SHORT, LONG = 126, 127
PATH: Final = "/ws/v1/live"
NO_MASK: Final = bytes(4)  # a mask of zeros is one, and leaves the payload as it is


def handshake(port: int, path: str = PATH) -> bytes:
    """Return the request that opens a socket."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Key: c3RhcnMgYW5kIGNhbGVuZA==\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: starscal.v1\r\n\r\n"
    ).encode()


def masked(opcode: int, payload: bytes, *, first: int | None = None) -> bytes:
    """Return a frame as a client sends it; ``first`` stands for its first byte."""
    head = FINAL | opcode if first is None else first
    length = len(payload)
    if length < SHORT:
        start = bytes((head, 0x80 | length))
    elif length < 1 << 16:
        start = struct.pack("!BBH", head, 0x80 | SHORT, length)
    else:
        start = struct.pack("!BBQ", head, 0x80 | LONG, length)
    return start + NO_MASK + payload


def text(payload: bytes) -> bytes:
    """Return a frame of text."""
    return masked(TEXT, payload)


def close_code(payload: bytes) -> int:
    """Return what a frame of closing says; 1005 if it says nothing."""
    return int.from_bytes(payload[:2], "big") if len(payload) >= 2 else 1005


class Inbox:
    """What has come in: takes bytes as they come, gives whole frames."""

    __slots__ = ("rest", "shaken", "status")

    def __init__(self) -> None:
        self.rest = b""
        self.shaken = False
        self.status = 0

    def feed(self, data: bytes) -> list[tuple[int, bytes]]:
        """Return the frames that are whole now, as opcode and payload."""
        buffer = self.rest + data if self.rest else data
        if not self.shaken:
            buffer = self._shake(buffer)
        if not self.shaken:
            self.rest = buffer
            return []
        return self._frames(buffer)

    def _shake(self, buffer: bytes) -> bytes:
        head, end, after = buffer.partition(b"\r\n\r\n")
        if not end:
            return buffer
        self.status = int(head[9:12]) if head[9:12].isdigit() else 0
        self.shaken = self.status == 101
        return after if self.shaken else b""

    def _frames(self, buffer: bytes) -> list[tuple[int, bytes]]:
        frames, place, end = [], 0, len(buffer)
        while end - place >= 2:
            length, start = buffer[place + 1], place + 2
            if length == SHORT:
                start += 2
                length = int.from_bytes(buffer[place + 2 : start], "big")
            elif length == LONG:
                start += 8
                length = int.from_bytes(buffer[place + 2 : start], "big")
            if start + length > end:
                break
            frames.append((buffer[place] & 0x0F, buffer[start : start + length]))
            place = start + length
        self.rest = buffer[place:]
        return frames
