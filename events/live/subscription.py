"""What one socket has had of one stream."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from events.live.feed import Feed
from events.live.filters import EventFilter
from events.live.lanes import Lane
from events.live.rows import Row


class Subscription:
    """A place in a stream that only moves forward, and what is sent but not acknowledged.

    Everything up to ``position`` was looked at; ``prev`` is the newest of it that was let through.
    In a lane the lane knows both.
    """

    __slots__ = (
        "_acked",
        "_position",
        "_prev",
        "_wake",
        "epoch",
        "feed",
        "filter",
        "lane",
        "unacked",
    )

    def __init__(
        self,
        feed: Feed,
        wanted: EventFilter,
        seq: int,
        unacked: deque[int],
        wake: Callable[[], None],
    ) -> None:
        self.feed = feed
        self.filter = wanted
        self.epoch = feed.epoch
        self.unacked = unacked
        self.lane: Lane | None = None
        self._position = self._prev = seq
        self._acked = 0  # how many of the lane's messages need no acknowledgement any more
        self._wake = wake

    @property
    def position(self) -> int:
        return self.lane.position if self.lane else self._position

    @property
    def prev(self) -> int:
        return self.lane.prev if self.lane else self._prev

    @property
    def in_flight(self) -> int:
        """Return how many messages were sent and not acknowledged."""
        in_lane = self.lane.count - self._acked if self.lane else 0
        return len(self.unacked) + in_lane

    @property
    def is_behind(self) -> bool:
        """Say whether this subscriber has to pull; a lane looks after its members."""
        return self.lane is None and self._position < self.feed.last_seq

    @property
    def is_lost(self) -> bool:
        """Say whether the stream started anew under us."""
        return self.epoch != self.feed.epoch or self.position > self.feed.last_seq

    @property
    def cursor(self) -> tuple[str, int]:
        return self.epoch, self.position

    def go_on_after(self, prev: int) -> None:
        """Take over the newest message let through from the subscription before this one."""
        self._prev = prev

    def move_to_end(self) -> None:
        """Forget the place: the client loads a snapshot and goes on from the newest message."""
        self.leave_lane()
        self.epoch = self.feed.epoch
        self._position = self._prev = self.feed.last_seq
        self.unacked.clear()

    def takes(self, row: Row, *, unseen: bool = False) -> int | None:
        """Move past a message; return the ``prev`` to send it with, or None to leave it out.

        ``unseen`` says that the place of the filter does not see it.
        """
        self._position = row.seq
        if unseen or not self.filter.lets_through(row.kind, row.subject):
            return None
        prev, self._prev = self._prev, row.seq
        self.unacked.append(row.seq)
        return prev

    def acknowledge(self, seq: int) -> int:
        """Free the credit of everything up to ``seq`` and return how much that was."""
        before = self.in_flight
        while self.unacked and self.unacked[0] <= seq:
            self.unacked.popleft()
        if self.lane:
            self._acked = max(self._acked, self.lane.count_to(seq))
        return before - self.in_flight

    def enter(self, lane: Lane) -> None:
        """Be a member of a lane from now on; only the lane calls this."""
        self.lane, self._acked = lane, lane.count
        self.feed.listeners.discard(self._wake)

    def leave_lane(self) -> None:
        """Go on alone from where the lane is."""
        lane = self.lane
        if lane is None:
            return
        self._position, self._prev = lane.position, lane.prev
        self.unacked.extend(lane.since(self._acked))
        self.lane = None
        lane.leave(self)
        self.feed.listeners.add(self._wake)

    def step_out(self) -> None:
        """Leave the lane because it cannot go on like this; the socket's writer sees why."""
        self.leave_lane()
        self._wake()

    def end(self) -> None:
        """Follow the stream no more."""
        self.leave_lane()
        self.feed.listeners.discard(self._wake)
