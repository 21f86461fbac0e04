"""Whether the bot's process is alive: its heartbeat, and the check of readiness while it is on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from starscal.core.health_checks import process_watch
from starscal.core.heartbeat import heartbeat
from telegram_link.configuration import bot_enabled

TELEGRAM_SEEN: Final = "telegram"
HEARTBEAT_S: Final = 5.0
LIMIT_S: Final = 20.0


def register() -> None:
    """Expect the process to be alive, where a bot is configured."""
    if bot_enabled():
        process_watch(TELEGRAM_SEEN, LIMIT_S)


def beating(is_active: Callable[[], bool]) -> Callable[[threading.Event], None]:
    """Return a work that says every few seconds that the process is at work."""

    def beat(stopping: threading.Event) -> None:
        while not stopping.wait(HEARTBEAT_S):
            if is_active():
                heartbeat(TELEGRAM_SEEN)

    return beat
