"""The two ways of publishing: as fast as everybody reads, and by the clock."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Final, Protocol

from starscal.devservices.waiting import pause

QUICK_S: Final = 0.2  # a window that comes through faster than this may grow
SLOW_S: Final = 0.6
# Most messages under way: none shares a write; the next is on its way meanwhile; all they can.
SINGLY: Final = 1
STEADILY: Final = 2
IN_BURSTS: Final = 64
PATIENCE_S: Final = 15.0  # then what is missing counts as lost


class Flow(Protocol):
    """Messages into a server, and readers who have had them."""

    def publish(self, count: int) -> int:
        """Publish messages; return the number of the last."""
        ...

    def reached(self, seq: int, timeout_s: float) -> bool:
        """Wait until all readers have had a message; say whether they have."""
        ...


def closed_loop(
    flow: Flow, seconds: float, most_ahead: int, *, clock: Callable[[], float] = time.monotonic
) -> int:
    """Publish for so long, as fast as all readers have had what was published before.

    Half a window is published whenever the half before the last has come. The window grows
    until it takes a fifth of a second, so that a slow server is not buried.
    Return how many were published.
    """
    least = min(STEADILY, most_ahead)
    window, published = least, 0
    under_way: deque[tuple[int, float]] = deque()
    ends_at = clock() + seconds
    while clock() < ends_at or under_way:
        while clock() < ends_at and len(under_way) < least:
            count = max(1, window // STEADILY)
            under_way.append((flow.publish(count), clock()))
            published += count
        if under_way:
            seq, began = under_way.popleft()
            flow.reached(seq, PATIENCE_S)
            window = next_window(window, clock() - began, least, most_ahead)
    return published


def next_window(window: int, took_s: float, least: int, most: int) -> int:
    """Return how many messages may be under way, after so many took so long."""
    if took_s < QUICK_S:
        return min(window * 2, most)
    return max(window // 2, least) if took_s > SLOW_S else window


def open_loop(flow: Flow, per_second: float, seconds: float) -> int:
    """Publish by the clock, whether or not anybody keeps up; return how many."""
    count, began = max(1, round(per_second * seconds)), time.monotonic()
    last = 0
    for number in range(count):
        pause(max(0.0, began + number / per_second - time.monotonic()))
        last = flow.publish(1)
    flow.reached(last, PATIENCE_S)
    return count
