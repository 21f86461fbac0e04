"""Messages ready to be sent: rendered once per language, framed once per ``prev``."""

from __future__ import annotations

import logging
import struct
from typing import Any, NamedTuple

import orjson

from events.live.filters import Subject
from events.live.log import Message
from events.message_payloads import message_data
from starscal.core.metrics import live_voids_total

logger = logging.getLogger(__name__)

VOID = "void"
TEXT, SHORT = 0x81, 126  # a final frame of text; lengths from here on take bytes of their own
FRAMES_KEPT = 32  # sockets in step share one frame; stragglers need not be remembered
UNREADABLE = (AttributeError, KeyError, TypeError, ValueError)  # orjson's errors are ValueErrors


class Voice(NamedTuple):
    """The language a reader gets, and whether it stands in for one that we do not have."""

    language: str
    fallback: bool = False


class Row:
    """One message of a stream. What cannot be read goes out as ``void``: its number counts."""

    __slots__ = (
        "_body", "_frames", "_keeps", "_tails", "_wires", "at", "key", "kind", "seq", "stream",
        "subject",
    )  # fmt: skip

    def __init__(self, stream: str, message: Message) -> None:
        self.stream = stream
        self.seq, self.key, self.kind, self.at, self._body = message
        self._tails: dict[Voice, str] = {}
        self._keeps = True
        self._frames: dict[tuple[Voice, int], str] = {}
        self._wires: dict[tuple[Voice, int], bytes] = {}
        try:
            self.subject = _subject(orjson.loads(self._body))
            self._tails[Voice("en")] = self._rendered(Voice("en"))
        except UNREADABLE as error:
            self._make_void(error)

    def frame(self, voice: Voice, prev: int) -> str:
        """Return the frame for a reader whose newest message before this one was ``prev``."""
        known = self._frames.get((voice, prev))
        if known is not None:
            return known
        frame = self._framed(voice, prev)
        if self._keeps and len(self._frames) < FRAMES_KEPT:
            self._frames[voice, prev] = frame
        return frame

    def _framed(self, voice: Voice, prev: int) -> str:
        return f'{{"op":"event","stream":"{self.stream}","prev":{prev},{self._tail(voice)}'

    def facts(self) -> dict[str, Any]:
        """Return what is true of the event that this is about."""
        facts: dict[str, Any] = orjson.loads(self._body)["facts"]
        return facts

    def wire(self, voice: Voice, prev: int) -> bytes:
        """Return the same frame as a WebSocket server writes it (RFC 6455, section 5.2)."""
        known = self._wires.get((voice, prev))
        if known is not None:
            return known
        text = (self._frames.get((voice, prev)) or self._framed(voice, prev)).encode()
        wire = text_header(len(text)) + text
        if self._keeps and len(self._wires) < FRAMES_KEPT:
            self._wires[voice, prev] = wire
        return wire

    def put_by(self) -> None:
        """Keep no frames any more: few ask for an old message, and each frame is soon made."""
        self._keeps = False
        self._frames.clear()
        self._wires.clear()

    def _tail(self, voice: Voice) -> str:
        tail = self._tails.get(voice)
        if tail is None:
            tail = self._tails[voice] = self._rendered_or_void(voice)
        return tail

    def _rendered_or_void(self, voice: Voice) -> str:
        """Render for one more language; what fails in it alone is void for its readers alone."""
        try:
            return self._rendered(voice)
        except UNREADABLE as error:
            self._note(error)
            return self._written(VOID, {})

    def _rendered(self, voice: Voice) -> str:
        body = orjson.loads(self._body)
        data = message_data(body, voice.language, fallback=voice.fallback)
        return self._written(self.kind, data)

    def _written(self, kind: str, data: dict[str, Any]) -> str:
        """Write what follows ``prev``."""
        rest = {"seq": self.seq, "key": self.key, "type": kind, "at": self.at, "data": data}
        return orjson.dumps(rest)[1:].decode()

    def _note(self, error: Exception) -> None:
        place = {"stream": self.stream, "seq": self.seq}
        logger.error("A message cannot be rendered.", exc_info=error, extra=place)
        live_voids_total.inc()

    def _make_void(self, error: Exception) -> None:
        self._note(error)
        self.kind, self.subject, self._body = VOID, None, b"{}"
        self._tails.clear()


def text_header(length: int) -> bytes:
    """Return what stands before an unmasked text of so many bytes, in one piece."""
    if length < SHORT:
        return bytes((TEXT, length))
    if length < 1 << 16:
        return struct.pack("!BBH", TEXT, SHORT, length)
    return struct.pack("!BBQ", TEXT, SHORT + 1, length)


def _subject(body: dict[str, Any]) -> Subject | None:
    facts = body.get("facts")
    if facts is None:
        return None
    return Subject(facts["event_type"], facts["family"], int(facts["significance"]))
