"""Forget what was sent, what was answered, and what nobody opened in time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from telegram_link.models import Notification, TelegramLinkToken, TelegramUpdate

NOTIFICATIONS_KEPT: Final = timedelta(days=30)
UPDATES_KEPT: Final = timedelta(days=2)
TOKENS_KEPT: Final = timedelta(days=1)


def traffic_prune(*, at: datetime) -> int:
    """Delete settled notifications, old updates and tokens past their time; return how many.

    Updates go however they ended, those too that nobody answered. Their numbers are known for
    longer than Telegram repeats them, which is a day. Announces nothing. Idempotent. Locks: the
    rows that go.
    """
    gone = (
        Notification.objects.filter(settled_at__lt=at - NOTIFICATIONS_KEPT),
        TelegramUpdate.objects.filter(received_at__lt=at - UPDATES_KEPT),
        TelegramLinkToken.objects.filter(expires_at__lt=at - TOKENS_KEPT),
    )
    return sum(rows.delete()[0] for rows in gone)
