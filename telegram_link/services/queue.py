"""Put into the queue what is to be sent to chats."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.db.models.functions import Now

from telegram_link.messages import Message, stored
from telegram_link.models import Notification

BELL: Final = "telegram"  # PostgreSQL's bell that rings when a row waits and is committed

ANYHOW: Final = (Notification.Kind.REPLY, Notification.Kind.ACCOUNT)  # to a stopped chat, too
PRIORITIES: Final = {
    Notification.Kind.REPLY: 0,
    Notification.Kind.ACCOUNT: 0,
    Notification.Kind.REMINDER: 2,
    Notification.Kind.ANNOUNCEMENT: 3,
    Notification.Kind.DIGEST: 5,
}


def message_queue(
    *, chat_id: int, key: str, message: Message, kind: str, due_at: datetime | None = None
) -> None:
    """Queue a message that is written already.

    Changes: one Notification, in the caller's transaction if there is one. Announces nothing.
    Idempotent: a key that is there already is left as it is. Locks: none.
    """
    row = notification_row(chat_id=chat_id, key=key, kind=kind, body=stored(message), due_at=due_at)
    row.method = "sendPhoto" if message.figure_of else "sendMessage"
    notifications_queue(rows=[row])


def notifications_queue(*, rows: Sequence[Notification]) -> None:
    """Queue notifications, and wake the bot's process when that is committed.

    A bell that is lost costs a second. Changes: Notifications, in the caller's transaction if there
    is one. Announces nothing. Idempotent: keys that are there already are left as they are.
    Locks: none.
    """
    if not rows:
        return
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [BELL])


def queue_drop(*, chat_id: int, reason: str, kept: Collection[str]) -> int:
    """Drop what waits to be sent to a chat, but the kinds that are ``kept``; return how many.

    Changes: Notifications, whose content goes. Announces nothing. Idempotent. Locks: those rows.
    """
    waiting = Notification.objects.filter(chat_id=chat_id, status=Notification.Status.QUEUED)
    return waiting.exclude(kind__in=kept).update(
        status=Notification.Status.DROPPED, settled_at=Now(), body={}, reason=reason
    )


def notification_row(
    *, chat_id: int, key: str, kind: str, body: dict[str, Any], due_at: datetime | None = None
) -> Notification:
    """Return a notification that is not stored yet, with the priority of its kind."""
    row = Notification(
        chat_id=chat_id, key=key, kind=kind, body=body, priority=PRIORITIES[Notification.Kind(kind)]
    )
    if due_at is not None:
        row.due_at = due_at
    return row
