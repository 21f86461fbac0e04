"""Where the bodies are, each full minute, to every socket that asks: the newest replaces.

The state is computed once a process and minute, in a thread of its own, and only while somebody
follows. It is framed once, and the same bytes go to all; who cannot take them now gets the next.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import orjson

from astronomy import provider
from astronomy.api.position_payloads import SceneStateBody, state_payload
from astronomy.constants import J2000_JD
from astronomy.errors import EphemerisRangeError
from astronomy.positions import scene_state
from astronomy.timescales import days_from_datetime
from events.live.rows import text_header
from events.live.sinks import Sink

logger = logging.getLogger(__name__)

SKY: Final = "sky"
PERIOD_S = 60.0
AT_ONCE: Final = 1000  # sockets written to in one turn of the loop


@dataclass(frozen=True, slots=True)
class SkyFrame:
    """The state at an instant, ready for every socket."""

    at_s: float
    text: str
    wire: bytes


def state_at(moment: datetime) -> SceneStateBody:
    """Return what GET /api/v1/sky/state says of a moment. Slow: not for the event loop."""
    ephemeris = provider.ephemeris()
    jd_tt = J2000_JD + days_from_datetime(ephemeris.timescale, moment)
    return state_payload(scene_state(ephemeris, jd_tt), ephemeris.name, ephemeris.timescale)


def frame_at(at_s: float) -> SkyFrame:
    """Compute and write the frame of an instant, in seconds of Unix time."""
    state = state_at(datetime.fromtimestamp(at_s, UTC))
    wire = orjson.dumps({"op": "sky", "at": state["at"], "data": state})
    return SkyFrame(at_s, wire.decode(), text_header(len(wire)) + wire)


class SkyWatch:
    """One socket's wish to see the sky. Its writer says the first frame, the stream the others."""

    __slots__ = ("jam", "said_s", "sink", "started", "wake")

    def __init__(
        self, sink: Sink | None, wake: Callable[[], None], jam: Callable[[], None]
    ) -> None:
        self.sink = sink
        self.wake = wake
        self.jam = jam  # sends away from the lanes a socket in which something waits
        self.started = False
        self.said_s = 0.0


class SkyStream:
    """The sky of this process, and the sockets that follow it."""

    def __init__(self) -> None:
        self.frame: SkyFrame | None = None
        self.watches: dict[SkyWatch, None] = {}
        self._joined = asyncio.Event()

    def join(self, watch: SkyWatch) -> None:
        self.watches[watch] = None
        self._joined.set()

    def leave(self, watch: SkyWatch) -> None:
        self.watches.pop(watch, None)

    def first(self, watch: SkyWatch) -> str | None:
        """Return what the writer of a socket has to say now, if anything."""
        watch.started = True
        frame = self.frame
        if frame is None or frame.at_s != full_period(time.time()) or watch.said_s == frame.at_s:
            return None
        if watch.sink is not None and not watch.sink.is_clear:
            return None
        watch.said_s = frame.at_s
        return frame.text

    async def run(self) -> None:
        """Compute and tell, each full minute, while anybody listens."""
        while True:
            if not self.watches:
                self._joined.clear()
                await self._joined.wait()
            if (frame := await self._renewed()) is not None:
                for _turn in self._tell(frame):
                    await asyncio.sleep(0)
            now = time.time()
            await asyncio.sleep(full_period(now) + PERIOD_S - now)

    async def _renewed(self) -> SkyFrame | None:
        """Compute the state of this minute; None if it is known already or cannot be had."""
        at_s = full_period(time.time())
        if self.frame is not None and self.frame.at_s == at_s:
            return None
        try:
            self.frame = await asyncio.to_thread(frame_at, at_s)
        except EphemerisRangeError as error:
            logger.warning("The sky of now is outside the kernel: %s", error)
            return None
        return self.frame

    def _tell(self, frame: SkyFrame) -> Iterator[None]:
        for number, watch in enumerate(list(self.watches), start=1):
            if watch.started and watch in self.watches:
                self._offer(watch, frame)
            if number % AT_ONCE == 0:
                yield

    def _offer(self, watch: SkyWatch, frame: SkyFrame) -> None:
        if watch.sink is None:
            watch.wake()
        elif watch.said_s != frame.at_s and watch.sink.is_clear:
            watch.said_s = frame.at_s
            _push(watch, watch.sink, frame.wire)


def _push(watch: SkyWatch, sink: Sink, wire: bytes) -> None:
    try:
        taken = sink.push(wire)
    except OSError:
        taken = 0
    if taken != len(wire):
        watch.jam()  # before anything waits: a lane must not write past it
        sink.push_later(wire[taken:])


def full_period(now_s: float) -> float:
    """Return the newest full minute."""
    return now_s // PERIOD_S * PERIOD_S
