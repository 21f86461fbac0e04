"""Work on what waits, as the bot's threads do."""

from __future__ import annotations

from datetime import datetime

from telegram_link.services.updates import update_work, updates_open


def updates_work(*, limit: int, at: datetime) -> int:
    """Answer what waits, at most one update of a chat and ``limit`` in all; return how many."""
    return sum(update_work(job=job, at=at) for job in updates_open(limit=limit))
