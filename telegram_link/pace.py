"""How fast the bot may send in all; how fast to one chat stands with the chat."""

from __future__ import annotations

from collections import deque
from typing import Final

MOST: Final = 25  # Telegram takes about thirty a second
WINDOW_S: Final = 1.08  # a second by the clock of whoever receives, too, who is not always as quick
START_S: Final = 1.1  # whoever sent before us may have done so just now, and we do not know


class Pacer:
    """Let at most 25 messages go in any window of a second, evenly, and none at the start.

    One that is late may be made up for within the window, so that 25 do go; no burst follows a
    stall.
    """

    def __init__(self, now: float) -> None:
        self._next = now + START_S
        self._taken: deque[float] = deque(maxlen=MOST)

    def wait_s(self, now: float) -> float:
        """Return how long to wait for the next message."""
        full_until = self._taken[0] + WINDOW_S if len(self._taken) == MOST else 0.0
        return max(0.0, self._next - now, full_until - now)

    def take(self, now: float) -> None:
        """Note that a message goes now."""
        step = WINDOW_S / MOST
        self._next = max(self._next, now - step) + step
        self._taken.append(now)
