"""What no restored backup brings back: links that were ended since."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from accounts.models import User
from starscal.core.backup.journal import JournalEntry
from telegram_link.models import TelegramAccount, TelegramLinkToken

UNLINKED: Final = "telegram.unlink"


def links_end_again(entries: Sequence[JournalEntry]) -> int:
    """Part in a restored database who was parted since its backup; return the rows changed.

    Tokens of the backup open nothing any more. In the caller's transaction. Idempotent.
    """
    parted = [found for entry in entries if (found := _user_id(entry)) is not None]
    TelegramLinkToken.objects.all().delete()
    gone = TelegramAccount.objects.filter(user__in=parted).delete()[0]
    users = User.objects.filter(pk__in=parted, telegram_user_id__isnull=False)
    return gone + users.update(telegram_user_id=None, is_telegram_subscribed=False)


def _user_id(entry: JournalEntry) -> UUID | None:
    if entry.kind != UNLINKED:
        return None
    try:
        return UUID(entry.object_id)
    except ValueError:
        return None
