"""The newest messages of a stream, in memory, without a hole."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from django.conf import settings

from events.live.filters import EventFilter
from events.live.lanes import Lane
from events.live.log import LogReader, Message, StreamState
from events.live.rows import Row, Voice
from events.live.sinks import Sink

if TYPE_CHECKING:
    from events.live.subscription import Subscription

FRESH: Final = 256  # messages whose frames are kept: nearly all who ask are closer than that


class Feed:
    """One stream as this process knows it.

    The ring holds the messages ``last_seq - len(ring) + 1`` to ``last_seq``. Listeners are woken,
    never waited for; ``grown`` is called when there is something for the lanes.
    """

    def __init__(
        self, name: str, length: int, wire_name: str = "", grown: Callable[[], None] | None = None
    ) -> None:
        self.name = name
        self.wire_name = wire_name or name  # what clients call it
        self.epoch = ""
        self.last_seq = 0
        self.ring: deque[Row] = deque(maxlen=length)
        self.listeners: set[Callable[[], None]] = set()
        self.lanes: dict[tuple[Voice, EventFilter], list[Lane]] = {}
        self._grown = grown

    @property
    def cursor(self) -> tuple[str, int]:
        return self.epoch, self.last_seq

    async def load(self, log: LogReader, state: StreamState) -> None:
        """Start anew: the first time, or when the sequence cannot be continued."""
        length = min(self.ring.maxlen or 0, settings.LIVE_RING_LENGTH)
        messages = await log.after(self.name, max(0, state.last_seq - length), length)
        is_whole = bool(messages) and messages[-1].seq >= state.last_seq
        self.begin(state, messages if is_whole else ())

    def begin(self, state: StreamState, messages: Sequence[Message] = ()) -> None:
        """Forget what was; go on after these messages, or after the place of ``state``."""
        self.ring.clear()
        for row in self.rows(messages):
            self._add(row)
        self.epoch = state.epoch
        self.last_seq = messages[-1].seq if messages else state.last_seq
        for lane in self._all_lanes():
            self._dissolve(lane)
        self._wake()

    def extend(self, messages: Sequence[Message]) -> bool:
        """Add what follows; False if something is missing before it. Known numbers are skipped."""
        before, whole = self.last_seq, True
        for message in messages:
            if message.seq == self.last_seq + 1:
                self._add(Row(self.wire_name, message))
                self.last_seq = message.seq
            elif message.seq > self.last_seq:
                whole = False
        if self.last_seq > before:
            self._wake()
        return whole

    def _add(self, row: Row) -> None:
        self.ring.append(row)
        if len(self.ring) > FRESH:
            self.ring[-FRESH - 1].put_by()

    def rows(self, messages: Sequence[Message]) -> list[Row]:
        return [Row(self.wire_name, message) for message in messages]

    def holds_after(self, seq: int) -> bool:
        """Say whether everything after ``seq`` is in memory."""
        return seq >= self.last_seq - len(self.ring)

    def after(self, seq: int, limit: int) -> list[Row]:
        """Return up to ``limit`` messages after ``seq``, oldest first, from memory."""
        missing = self.last_seq - seq
        start = len(self.ring) - missing
        return [self.ring[place] for place in range(start, min(start + limit, len(self.ring)))]

    def join_lane(self, place: Subscription, voice: Voice, sink: Sink) -> bool:
        """Let a subscriber who has had everything go on in a lane; False if it has to wait."""
        if place.position != self.last_seq:
            return False
        lanes = self.lanes.setdefault((voice, place.filter), [])
        lane = next((lane for lane in lanes if lane.admits(place)), None)
        if lane is None:
            lane = Lane(voice, place.filter, self.last_seq, settings.LIVE_CREDIT)
            lanes.append(lane)
        lane.join(place, sink)
        return True

    def bring_lanes_on(self) -> Iterator[None]:
        """Write what is new to the lanes; a pause after each turn is a turn for others."""
        while late := [lane for lane in self._all_lanes() if lane.position < self.last_seq]:
            for lane in late:
                if lane.members and self.holds_after(lane.position):
                    lane.take(self.after(lane.position, lane.step))
                    yield
                else:
                    self._dissolve(lane)

    def _all_lanes(self) -> list[Lane]:
        return [lane for lanes in self.lanes.values() for lane in lanes]

    def _dissolve(self, lane: Lane) -> None:
        for place in list(lane.members):
            place.step_out()
        key = lane.voice, lane.filter
        self.lanes[key].remove(lane)
        if not self.lanes[key]:
            del self.lanes[key]

    def _wake(self) -> None:
        for wake in list(self.listeners):
            wake()
        if self._grown is not None:
            self._grown()
