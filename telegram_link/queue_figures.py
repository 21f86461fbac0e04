"""Figures of the queue, for the metrics of the process that sends."""

from __future__ import annotations

from typing import Final

from django.db import connection

from starscal.core.metrics import (
    telegram_queue,
    telegram_queue_oldest_seconds,
    telegram_silence_seconds,
)
from telegram_link.models import Notification

QUEUED: Final = """
    SELECT kind, count(*), extract(epoch FROM statement_timestamp() - min(due_at))
    FROM telegram_link_notification WHERE status = 'queued' GROUP BY kind
"""
SILENT: Final = """
    SELECT greatest(extract(epoch FROM silent_until - statement_timestamp()), 0)
    FROM telegram_link_botstate
"""


def queue_figures_set() -> None:
    """Measure how much waits, how long it has been due, and how long the bot is silent."""
    with connection.cursor() as cursor:
        cursor.execute(QUEUED)
        found = {kind: (count, age_s) for kind, count, age_s in cursor.fetchall()}
        cursor.execute(SILENT)
        silent = cursor.fetchone()
    for kind in Notification.Kind.values:
        count, age_s = found.get(kind, (0, 0.0))
        telegram_queue.labels(kind).set(count)
        telegram_queue_oldest_seconds.labels(kind).set(max(0.0, float(age_s)))
    telegram_silence_seconds.set(float(silent[0] or 0) if silent else 0.0)
