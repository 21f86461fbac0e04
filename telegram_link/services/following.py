"""Follow the streams of people with a linked chat, and queue what reminds them.

The numbers of a stream follow its commits and have no holes; numbers of rows over all streams do
not, and reading by those would lose what commits late. So each account remembers how far its own
stream was read, and one statement finds the streams that have gone on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from accounts.selectors.membership import feature_allowed
from starscal.core.models import OutboxMessage
from telegram_link.configuration import bot_enabled
from telegram_link.models import Notification, TelegramChat
from telegram_link.selectors.addressees import chats_with_owners, owner_of, unasked_at
from telegram_link.services.digests import digests_reschedule
from telegram_link.services.queue import notification_row, notifications_queue

REMINDER: Final = "reminder.due"
PROFILE: Final = "profile.updated"
FEATURE: Final = "reminders"
ZONED: Final = frozenset({"timezone", "telegram_linked"})  # changes that give a chat another zone
OVER: Final = timedelta(minutes=15)  # nobody is reminded of an event that has been for so long
BATCH: Final = 1_000
# Held until the cursors are moved: whoever comes at the same time goes on with the others.
BEHIND: Final = """
    SELECT account.id, account.chat_id, stream.name, stream.epoch, stream.last_seq,
        CASE
            WHEN account.heard_epoch = stream.epoch THEN account.heard_seq
            WHEN account.heard_epoch IS NULL THEN (
                SELECT coalesce(min(message.seq) - 1, stream.last_seq)
                FROM core_outboxmessage AS message
                WHERE message.stream_id = stream.name AND message.created_at >= account.linked_at
            )
            ELSE stream.last_seq
        END
    FROM telegram_link_telegramaccount AS account
    JOIN core_stream AS stream ON stream.name = 'me:' || account.user_id
    WHERE account.heard_epoch IS DISTINCT FROM stream.epoch OR account.heard_seq < stream.last_seq
    ORDER BY account.id LIMIT %s
    FOR NO KEY UPDATE OF account SKIP LOCKED
"""
SAID: Final = """
    SELECT message.id, message.stream_id, message.key, message.kind, message.body
    FROM unnest(%s::text[], %s::bigint[], %s::bigint[]) AS behind (name, after, until)
    JOIN core_outboxmessage AS message ON message.stream_id = behind.name
        AND message.seq > behind.after AND message.seq <= behind.until
    WHERE message.kind = ANY(%s)
    ORDER BY message.stream_id, message.seq
"""
HEARD: Final = """
    UPDATE telegram_link_telegramaccount AS account SET heard_epoch = heard.epoch,
        heard_seq = heard.seq
    FROM unnest(%s::bigint[], %s::uuid[], %s::bigint[]) AS heard (id, epoch, seq)
    WHERE account.id = heard.id
"""


class Behind(NamedTuple):
    """An account whose stream has gone on since it was read last."""

    account_id: int
    chat_id: int
    stream: str
    epoch: UUID
    last_seq: int
    after: int


def reminders_follow(*, at: datetime) -> int:
    """Queue what was said to people with a linked chat since the last time; return how many.

    A stream of another epoch is read on from its newest message. Quiet hours move a reminder to
    their end. Changes: Notifications; how far each stream was read; when digests are due, of people
    who chose another zone. Announces nothing. Idempotent: by the keys of the messages. Locks: the
    accounts that nobody else holds; others are left for the next time.
    """
    if not bot_enabled():
        return 0
    queued = 0
    while True:
        seen, added, moved = _batch_follow(at)
        if moved:  # not while accounts are held: whoever unlinks holds the chat first
            digests_reschedule(chat_ids=moved, at=at)
        queued += added
        if seen < BATCH:
            return queued


@transaction.atomic
def _batch_follow(at: datetime) -> tuple[int, int, set[int]]:
    """Return how many streams had gone on, what was queued, and chats that got another zone."""
    behind = _behind()
    if not behind:
        return 0, 0, set()
    said = _said(behind)
    chats = {each.stream: each.chat_id for each in behind}
    moved = {chats[message.stream_id] for message in said if _is_of_another_zone(message)}
    due = [message for message in said if message.kind == REMINDER and not _is_over(message, at)]
    rows = _rows(due, chats, at)
    notifications_queue(rows=rows)
    _heard(behind)
    return len(behind), len(rows), moved


def _behind() -> list[Behind]:
    with connection.cursor() as cursor:
        cursor.execute(BEHIND, [BATCH])
        return [Behind(*row) for row in cursor.fetchall()]


def _said(behind: Sequence[Behind]) -> list[OutboxMessage]:
    """Return what was said, as far as it matters here, oldest first in each stream.

    The numbers were read before: whatever has one is committed by now.
    """
    given: list[Any] = [
        [each.stream for each in behind],
        [each.after for each in behind],
        [each.last_seq for each in behind],
        [REMINDER, PROFILE],
    ]
    return list(OutboxMessage.objects.raw(SAID, given))


def _is_of_another_zone(message: OutboxMessage) -> bool:
    return message.kind == PROFILE and not ZONED.isdisjoint(message.body.get("fields", ()))


def _is_over(message: OutboxMessage, at: datetime) -> bool:
    return datetime.fromisoformat(message.body["reminder"]["occurs_at"]) + OVER <= at


def _rows(due: Sequence[OutboxMessage], chats: dict[str, int], at: datetime) -> list[Notification]:
    wanted = TelegramChat.objects.filter(pk__in={chats[message.stream_id] for message in due})
    reachable = wanted.filter(blocked_at=None, stopped_at=None)
    found = {chat.pk: chat for chat in chats_with_owners(reachable)}
    return [
        _row(message, chat, at)
        for message in due
        if (chat := found.get(chats[message.stream_id])) is not None
        and (owner := owner_of(chat)) is not None
        and feature_allowed(user=owner, feature=FEATURE)
    ]


def _row(message: OutboxMessage, chat: TelegramChat, at: datetime) -> Notification:
    told = message.body["reminder"]
    return notification_row(
        chat_id=chat.pk,
        key=message.key,
        kind=Notification.Kind.REMINDER,
        body={"reminder": told["id"], "lead_minutes": told["lead_minutes"]},
        due_at=unasked_at(chat, at),
    )


def _heard(behind: Sequence[Behind]) -> None:
    given: list[Any] = [
        [each.account_id for each in behind],
        [each.epoch for each in behind],
        [each.last_seq for each in behind],
    ]
    with connection.cursor() as cursor:
        cursor.execute(HEARD, given)
