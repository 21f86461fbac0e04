"""Many sockets that get the very same bytes: rendered once, framed once, written in one turn.

Subscribers of one stream who ask for the same language by the same filter, and have had all there
is, form a lane. The lane looks at each message once for all of them and writes the bytes of
the frame to each socket, without waiting for any. Who cannot take them at once, uses up the credit
or wants something else leaves the lane and pulls for itself until it has caught up
(docs/adr/0100).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from events.live.filters import EventFilter
from events.live.rows import Row, Voice
from events.live.sinks import Sink
from starscal.core.metrics import live_deliveries_total

if TYPE_CHECKING:
    from events.live.subscription import Subscription

MEMBERS: Final = 1000  # are written to in one turn of the loop, some 10 ms
WIRE_BYTES: Final = 32 * 1024  # frames that wait together go out together


class Lane:
    """The members of a lane, and how far all of them are."""

    __slots__ = (
        "_pushes",
        "credit",
        "filter",
        "forgotten",
        "members",
        "position",
        "prev",
        "sent",
        "voice",
    )

    def __init__(self, voice: Voice, wanted: EventFilter, position: int, credit: int) -> None:
        self.voice, self.filter = voice, wanted
        self.position = self.prev = position
        self.credit = credit
        self.members: dict[Subscription, Sink] = {}
        self._pushes: list[Callable[[bytes], int]] = []  # theirs, in their order; empty: look anew
        self.sent: list[
            int
        ] = []  # the numbers let through lately, as many as can be unacknowledged
        self.forgotten = 0  # how many were let through before those

    @property
    def count(self) -> int:
        """Return how many messages were let through so far."""
        return self.forgotten + len(self.sent)

    @property
    def step(self) -> int:
        """Return how many messages go out before credit is looked at again."""
        return max(1, self.credit // 16)

    def count_to(self, seq: int) -> int:
        """Return how many of the messages let through have a number up to ``seq``."""
        return self.forgotten + bisect_right(self.sent, seq)

    def since(self, count: int) -> list[int]:
        """Return the numbers of the messages let through after the first ``count``."""
        return self.sent[count - self.forgotten :]

    def admits(self, place: Subscription) -> bool:
        """Say whether a subscriber may join: it has had all that the members have had."""
        return (
            len(self.members) < MEMBERS
            and place.position == self.position
            and place.in_flight < self.credit - 2 * self.step
        )

    def join(self, place: Subscription, sink: Sink) -> None:
        # Nothing was let through between either of the two and here: the smaller one is true for
        # all, and does not look like a hole to whoever has it.
        self.prev = min(self.prev, place.prev)
        self.members[place] = sink
        self._pushes = []
        place.enter(self)
        sink.on_jam(place.step_out)

    def leave(self, place: Subscription) -> None:
        sink = self.members.pop(place, None)
        self._pushes = []
        if sink is not None:
            sink.on_jam(None)

    def take(self, rows: Sequence[Row]) -> int:
        """Look at the messages that follow, send what passes; return how many were looked at."""
        parts: list[bytes] = []
        looked_at = size = 0
        for row in rows:
            looked_at += 1
            self.position = row.seq
            if not self.filter.lets_through(row.kind, row.subject):
                continue
            parts.append(row.wire(self.voice, self.prev))
            self.prev = row.seq
            self.sent.append(row.seq)
            size += len(parts[-1])
            if size >= WIRE_BYTES or len(parts) >= self.step:
                break
        if parts:
            self._write(b"".join(parts))
            live_deliveries_total.inc(len(parts) * len(self.members))
            self._look_at_credit(len(parts))
        return looked_at

    def _write(self, wire: bytes) -> None:
        """Write to all; who cannot take everything leaves and gets the rest later."""
        size = len(wire)
        jammed: list[tuple[int, int]] = []
        for number, push in enumerate(self._pushes or self._pushes_anew()):
            try:
                taken = push(wire)
            except OSError:
                taken = 0
            if taken != size:
                jammed.append((number, taken))
        if jammed:
            self._send_away(jammed, wire)

    def _pushes_anew(self) -> list[Callable[[bytes], int]]:
        self._pushes = [sink.push for sink in self.members.values()]
        return self._pushes

    def _send_away(self, jammed: Sequence[tuple[int, int]], wire: bytes) -> None:
        """Let members leave, named by their number and how many bytes they took."""
        members = list(self.members.items())
        for number, taken in jammed:
            place, sink = members[number]
            place.step_out()
            sink.push_later(wire[taken:])

    def _look_at_credit(self, more: int) -> None:
        """Now and then send away who has too much unacknowledged; forget what is old."""
        if self.count % self.step >= more:
            return
        most = self.credit - 2 * self.step
        for place in [place for place in self.members if place.in_flight >= most]:
            place.step_out()
        if len(self.sent) > 4 * self.credit:
            self.forgotten += len(self.sent) - 2 * self.credit
            del self.sent[: -2 * self.credit]
