"""The newest messages of a stream, in memory, without a hole."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from events.live.rows import Row


class Feed:
    """One stream as this process knows it.

    The ring holds the messages ``last_seq - len(ring) + 1`` to ``last_seq``. Listeners are woken,
    never waited for.
    """

    def __init__(self, name: str, length: int) -> None:
        self.name = name
        self.epoch = ""
        self.last_seq = 0
        self.ring: deque[Row] = deque(maxlen=length)
        self.listeners: set[Callable[[], None]] = set()

    @property
    def cursor(self) -> tuple[str, int]:
        return self.epoch, self.last_seq

    def begin(self, epoch: str, last_seq: int, rows: list[Row]) -> None:
        """Start anew: the first time, or when the sequence cannot be continued."""
        self.ring.clear()
        self.ring.extend(rows)
        self.epoch, self.last_seq = epoch, rows[-1].seq if rows else last_seq
        self._wake()

    def extend(self, rows: Iterable[Row]) -> bool:
        """Add what follows; False if something is missing before it. Known numbers are skipped."""
        before, whole = self.last_seq, True
        for row in rows:
            if row.seq == self.last_seq + 1:
                self.ring.append(row)
                self.last_seq = row.seq
            elif row.seq > self.last_seq:
                whole = False
        if self.last_seq > before:
            self._wake()
        return whole

    def holds_after(self, seq: int) -> bool:
        """Say whether everything after ``seq`` is in memory."""
        return seq >= self.last_seq - len(self.ring)

    def after(self, seq: int, limit: int) -> list[Row]:
        """Return up to ``limit`` messages after ``seq``, oldest first, from memory."""
        missing = self.last_seq - seq
        start = len(self.ring) - missing
        return [self.ring[place] for place in range(start, min(start + limit, len(self.ring)))]

    def _wake(self) -> None:
        for wake in self.listeners:
            wake()
