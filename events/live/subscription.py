"""What one socket has had of one stream."""

from __future__ import annotations

from collections import deque

from events.live.feed import Feed
from events.live.filters import EventFilter
from events.live.rows import Row


class Subscription:
    """A place in a stream that only moves forward, and what is sent but not acknowledged.

    Everything up to ``position`` was looked at; ``prev`` is the newest of it that was let through.
    """

    __slots__ = ("epoch", "feed", "filter", "position", "prev", "unacked")

    def __init__(self, feed: Feed, wanted: EventFilter, seq: int, unacked: deque[int]) -> None:
        self.feed = feed
        self.filter = wanted
        self.epoch = feed.epoch
        self.position = self.prev = seq
        self.unacked = unacked

    @property
    def is_behind(self) -> bool:
        return self.position < self.feed.last_seq

    @property
    def is_lost(self) -> bool:
        """Say whether the stream started anew under us."""
        return self.epoch != self.feed.epoch or self.position > self.feed.last_seq

    @property
    def cursor(self) -> tuple[str, int]:
        return self.epoch, self.position

    def move_to_end(self) -> None:
        """Forget the place: the client loads a snapshot and goes on from the newest message."""
        self.epoch = self.feed.epoch
        self.position = self.prev = self.feed.last_seq
        self.unacked.clear()

    def takes(self, row: Row) -> int | None:
        """Move past a message; return the ``prev`` to send it with, or None to leave it out."""
        self.position = row.seq
        if not self.filter.lets_through(row.kind, row.subject):
            return None
        prev, self.prev = self.prev, row.seq
        self.unacked.append(row.seq)
        return prev

    def acknowledge(self, seq: int) -> int:
        """Free the credit of everything up to ``seq`` and return how much that was."""
        before = len(self.unacked)
        while self.unacked and self.unacked[0] <= seq:
            self.unacked.popleft()
        return before - len(self.unacked)
