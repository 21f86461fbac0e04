"""What no restored backup brings back: links that were ended since, and what was sent since."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.db import connection

from accounts.models import User
from events.models import ReminderRound
from events.services.announcements import announcements_append
from events.services.reminding import rounds_due
from starscal.core import clock
from starscal.core.backup.journal import JournalEntry
from starscal.core.selectors import stream_cursor
from telegram_link.configuration import bot_enabled
from telegram_link.models import (
    LogCursor,
    Notification,
    TelegramAccount,
    TelegramChat,
    TelegramLinkToken,
    TelegramUpdate,
)
from telegram_link.services.digests import digests_reschedule

UNLINKED: Final = "telegram.unlink"
HEARD_ALL: Final = """
    UPDATE telegram_link_telegramaccount AS account
    SET heard_epoch = stream.epoch, heard_seq = stream.last_seq
    FROM core_stream AS stream WHERE stream.name = 'me:' || account.user_id
"""


def links_end_again(entries: Sequence[JournalEntry]) -> int:
    """Part in a restored database who was parted since its backup; return the rows changed.

    Tokens of the backup open nothing any more. In the caller's transaction. Idempotent.
    """
    parted = [found for entry in entries if (found := _user_id(entry)) is not None]
    TelegramLinkToken.objects.all().delete()
    gone = TelegramAccount.objects.filter(user__in=parted).delete()[0]
    users = User.objects.filter(pk__in=parted, telegram_user_id__isnull=False)
    return gone + users.update(telegram_user_id=None, is_telegram_subscribed=False)


def sent_no_more(_entries: Sequence[JournalEntry]) -> int:
    """Have a restored database send nothing that was sent since; return the rows changed.

    Nobody knows what that was: whatever was due by now counts as sent, what came as answered, and
    what falls due by now is said in the log before the bot, where there is one, listens to it.
    Changes: Notifications, TelegramUpdates, the log, when digests are due, how far streams were
    heard. In the caller's transaction. Idempotent.
    """
    at = clock.now()
    queued = Notification.objects.filter(status=Notification.Status.QUEUED, due_at__lte=at)
    changed = queued.update(
        status=Notification.Status.DROPPED, reason="restored", body={}, settled_at=at
    )
    changed += TelegramUpdate.objects.filter(done_at__isnull=True).delete()[0]
    if bot_enabled():
        announcements_append(at=at)
    ReminderRound.objects.bulk_create(
        [ReminderRound(**due._asdict(), finished_at=at) for due in rounds_due(at=at)],
        update_conflicts=True,
        unique_fields=["event", "lead_minutes", "occurs_at"],
        update_fields=["finished_at"],
    )
    due_chats = TelegramChat.objects.filter(digest_due_at__lte=at).values_list("pk", flat=True)
    changed += digests_reschedule(chat_ids=list(due_chats), at=at)
    _listen_from_here()
    return changed


def _listen_from_here() -> None:
    """Have all streams be heard from what is said next."""
    for cursor in LogCursor.objects.all():
        newest = stream_cursor(name=cursor.stream)
        if newest is not None:
            cursor.epoch, cursor.seq = newest
            cursor.save(update_fields=["epoch", "seq"])
    with connection.cursor() as statement:
        statement.execute(HEARD_ALL)


def _user_id(entry: JournalEntry) -> UUID | None:
    if entry.kind != UNLINKED:
        return None
    try:
        return UUID(entry.object_id)
    except ValueError:
        return None
