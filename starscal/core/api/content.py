"""The bytes of an answer, of which a long beginning may be known from before.

A list changes its end with each message of the log and its rows seldom: what was digested and
compressed of the rows is kept, and only the end is worked on.
"""

from __future__ import annotations

import hashlib
import struct
import threading
import zlib
from typing import Final

GZIP_LEVEL: Final = 5
RAW: Final = -zlib.MAX_WBITS
GZIP_HEAD: Final = b"\x1f\x8b\x08\x00\0\0\0\0\x00\xff"  # RFC 1952, without a time
DIGEST_LENGTH: Final = 32
OVERHEAD_BYTES: Final = 600


class Beginning:
    """The beginning of answers in one language; digested at once, compressed when asked for."""

    def __init__(self, plain: bytes, language: str) -> None:
        self.plain = plain
        self._digest = hashlib.sha256(language.encode() + b"\0" + plain)
        self._deflated = b""
        self._checksum = 0
        self._lock = threading.Lock()

    @property
    def size(self) -> int:
        """Return about how many bytes it takes in memory, with room for the compressed form."""
        return len(self.plain) + len(self.plain) // 4 + OVERHEAD_BYTES

    def digest(self, end: bytes) -> str:
        """Return a digest of the language and the whole bytes."""
        whole = self._digest.copy()
        whole.update(end)
        return whole.hexdigest()[:DIGEST_LENGTH]

    def deflated(self) -> tuple[bytes, int]:
        """Return the compressed form, which ends on a whole byte, and its checksum."""
        with self._lock:
            if not self._deflated:
                packer = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, RAW)
                self._checksum = zlib.crc32(self.plain)
                self._deflated = packer.compress(self.plain) + packer.flush(zlib.Z_FULL_FLUSH)
            return self._deflated, self._checksum


class Content:
    """A beginning and an end."""

    def __init__(self, beginning: Beginning, end: bytes = b"") -> None:
        self.beginning = beginning
        self.end = end

    def __len__(self) -> int:
        return len(self.beginning.plain) + len(self.end)

    def digest(self) -> str:
        """Return a digest of the language and the bytes."""
        return self.beginning.digest(self.end)

    def plain(self) -> bytes:
        return self.beginning.plain + self.end

    def zipped(self) -> bytes:
        """Return the bytes as one member of gzip; the same bytes whenever it is asked for."""
        first, checksum = self.beginning.deflated()
        packer = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, RAW)
        last = packer.compress(self.end) + packer.flush(zlib.Z_FINISH)
        trailer = struct.pack("<LL", zlib.crc32(self.end, checksum), len(self) & 0xFFFFFFFF)
        return b"".join((GZIP_HEAD, first, last, trailer))
