"""Gather one HTTP request from whatever pieces it comes in, and know when it is whole.

How a request is read stays the business of the server's parser; here only its end is found, so
that a slow client costs memory and no thread. What is malformed counts as whole: the parser
refuses it.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Final
from urllib.parse import unquote

from starscal.bounds import BODY_BYTES, HEADER_BYTES

CHUNK_LINE_BYTES: Final = 256
RAW_BYTES: Final = 4 * BODY_BYTES  # of a body in many tiny chunks
END: Final = b"\r\n\r\n"
LINE: Final = b"\r\n"


class Stage(Enum):
    """How far a request has come."""

    HEAD = auto()
    BODY = auto()
    WHOLE = auto()
    HEAD_TOO_LARGE = auto()
    BODY_TOO_LARGE = auto()


class Intake:
    """The bytes of one request; ``rest`` are those that came after it."""

    def __init__(self) -> None:
        self.stage = Stage.HEAD
        self.data = bytearray()
        self.wants_permission = False  # a client that waits for 100 Continue
        self._body_at = 0
        self._length: int | None = None  # None: in chunks
        self._at = 0
        self._decoded = 0

    @property
    def request(self) -> bytes:
        return bytes(self.data[: self._at])

    @property
    def rest(self) -> bytes:
        return bytes(self.data[self._at :])

    @property
    def method(self) -> str:
        """Return the method of the request line, for what is decided before anything is parsed."""
        return self._word(0)

    @property
    def path(self) -> str:
        """Return the path of the request line."""
        return unquote(self._word(1).partition("?")[0])

    def _word(self, place: int) -> str:
        words = bytes(self.data[: self.data.find(LINE)]).decode("latin-1").split(" ")
        return words[place] if len(words) > place else ""

    def feed(self, piece: bytes) -> Stage:
        """Take the next bytes and return how far the request has come."""
        known = len(self.data)
        self.data += piece
        if self.stage is Stage.HEAD:
            self._read_head(max(0, known - len(END)))
        if self.stage is Stage.BODY:
            self._read_body()
        return self.stage

    def _read_head(self, start: int) -> None:
        end = self.data.find(END, start)
        if end > HEADER_BYTES or (end < 0 and len(self.data) > HEADER_BYTES):
            self.stage = Stage.HEAD_TOO_LARGE
        elif end >= 0:
            self._at = self._body_at = end + len(END)
            self._length = 0
            self.stage = Stage.BODY
            for line in bytes(self.data[:end]).split(LINE)[1:]:
                self._read_header(line)

    def _read_header(self, line: bytes) -> None:
        name, _, value = line.lower().partition(b":")
        value = value.strip()
        if name == b"transfer-encoding" and value.endswith(b"chunked"):
            self._length = None
        elif name == b"content-length" and self._length is not None:
            self._length = int(value) if value.isdigit() and len(value) < 20 else 0
        elif name == b"expect" and value == b"100-continue":
            self.wants_permission = True

    def _read_body(self) -> None:
        if self._length is None:
            self._read_chunks()
        elif self._length > BODY_BYTES:
            self.stage = Stage.BODY_TOO_LARGE
        elif len(self.data) >= self._body_at + self._length:
            self._at = self._body_at + self._length
            self.stage = Stage.WHOLE

    def _read_chunks(self) -> None:
        while self.stage is Stage.BODY:
            end = self.data.find(LINE, self._at, self._at + CHUNK_LINE_BYTES)
            if end < 0:
                if len(self.data) - self._at >= CHUNK_LINE_BYTES:
                    self._all_is_whole()
                break
            size = chunk_size(bytes(self.data[self._at : end]))
            if size is None:
                self._all_is_whole()
            elif size == 0:
                self._read_trailers(end)
                break
            elif not self._skip_chunk(end, size):
                break
        if self.stage is Stage.BODY and len(self.data) - self._body_at > RAW_BYTES:
            self.stage = Stage.BODY_TOO_LARGE

    def _skip_chunk(self, line_end: int, size: int) -> bool:
        """Go on behind a chunk; False if it is not all there."""
        if self._decoded + size > BODY_BYTES:
            self.stage = Stage.BODY_TOO_LARGE
            return False
        after = line_end + len(LINE) + size + len(LINE)
        if len(self.data) < after:
            return False
        self._decoded += size
        self._at = after
        return True

    def _read_trailers(self, line_end: int) -> None:
        """Find the empty line after the last chunk and what may follow it."""
        end = self.data.find(END, line_end)
        if end >= 0:
            self._at = end + len(END)
            self.stage = Stage.WHOLE
        elif len(self.data) - line_end > HEADER_BYTES:
            self._all_is_whole()

    def _all_is_whole(self) -> None:
        self._at = len(self.data)
        self.stage = Stage.WHOLE


def chunk_size(line: bytes) -> int | None:
    """Return the size that the first line of a chunk tells, None if it tells none."""
    digits = line.partition(b";")[0].strip()
    if not digits or len(digits) > 16 or digits.strip(b"0123456789abcdefABCDEF"):
        return None
    return int(digits, 16)
