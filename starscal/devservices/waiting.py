"""Wait for something with a deadline."""

import threading
import time
from collections.abc import Callable


def pause(seconds: float) -> None:
    """Let other threads and processes work for a moment."""
    threading.Event().wait(seconds)


def poll(check: Callable[[], bool], *, timeout_s: float, interval_s: float = 0.02) -> bool:
    """Ask again and again until the check holds; say whether it did before the deadline."""
    deadline = time.monotonic() + timeout_s
    while not check():
        if time.monotonic() >= deadline:
            return False
        pause(interval_s)
    return True
