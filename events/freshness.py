"""Where the log and the store stand now, in one question: what a kept answer is measured by."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final, NamedTuple

from django.db import connection

from starscal.core.selectors import Cursor
from starscal.core.streams import stream_open

QUESTION: Final = """
SELECT epoch, last_seq, (SELECT coalesce(sum(count), 0)::bigint FROM events_changes)
FROM core_stream WHERE name = %s
"""


class Mark(NamedTuple):
    """What the store was like: another epoch of the log (a restored backup) is another store."""

    epoch: Hashable
    changes: int


class Freshness(NamedTuple):
    """The newest place of a stream, and a number that grows with every change of the store.

    Both are of one moment. What is read after it may hold later changes; they come again as
    messages, never not at all.
    """

    cursor: Cursor
    changes: int

    @property
    def mark(self) -> Mark | None:
        """Return what kept answers are measured by; None in a transaction.

        There one may read what is never committed, and changes count once.
        """
        if connection.in_atomic_block:
            return None
        return Mark(self.cursor.epoch, self.changes)


def freshness_read(*, stream: str) -> Freshness:
    """Return how fresh an answer is that is read from now on; opens the stream if it never was."""
    with connection.cursor() as cursor:
        cursor.execute(QUESTION, [stream])
        row = cursor.fetchone()
    if row is None:
        stream_open(name=stream)
        return freshness_read(stream=stream)
    epoch, seq, changes = row
    return Freshness(Cursor(epoch, seq), changes)
