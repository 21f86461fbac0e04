"""Write what a chat wants: its language, place and zone, its calendar, its quiet hours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from accounts.profile_changes import changes_read
from accounts.services.profile import profile_update
from telegram_link.models import Notification, TelegramChat
from telegram_link.services.digests import digests_reschedule
from telegram_link.services.queue import ANYHOW, queue_drop

SAID_AFTER: Final = timedelta(hours=1)
BLOCKED_KEPT: Final = timedelta(days=30)
# What a chat keeps as long as it wants something; its number and kind are no wishes.
BLANK: Final[Mapping[str, Any]] = {
    "title": "",
    "username": "",
    "language": "",
    "language_code": "",
    "timezone": "",
    "latitude_deg": None,
    "longitude_deg": None,
    "calendar": "",
    "digest": TelegramChat.Digest.NONE,
    "digest_hour": 8,
    "digest_weekday": 1,
    "digest_due_at": None,
    "quiet_from": None,
    "quiet_until": None,
}


def chat_language_set(*, chat: TelegramChat, user: User | None, language: str) -> None:
    """Set the language of a chat; an empty one leaves it to what Telegram tells.

    Changes and announces as ``_profile_write`` says. Errors: PROFILE_INVALID.
    """
    _profile_write(chat, user, {"language": language})


def chat_zone_set(*, chat: TelegramChat, user: User | None, zone: str, at: datetime) -> None:
    """Set the time zone of a chat, by which its next digest comes at its hour.

    Changes, announces and errors as ``chat_language_set``, and ``digest_due_at`` of the chat.
    Locks: the chat, too.
    """
    with transaction.atomic():
        _profile_write(chat, user, {"timezone": zone})
        digests_reschedule(chat_ids=[chat.pk], at=at)


def chat_place_set(
    *, chat: TelegramChat, user: User | None, latitude_deg: float, longitude_deg: float
) -> None:
    """Set the place of a chat. Changes, announces and errors as ``chat_language_set``."""
    place = {"latitude_deg": latitude_deg, "longitude_deg": longitude_deg}
    _profile_write(chat, user, {"place": place})


def chat_place_forget(*, chat: TelegramChat, user: User | None) -> None:
    """Forget the place of a chat. Changes and announces as ``chat_language_set``."""
    _profile_write(chat, user, {"place": None})


def chat_calendar_set(*, chat: TelegramChat, calendar: str) -> None:
    """Set the calendar beside the Gregorian one; an empty one is that of the language.

    Changes: one TelegramChat, never the account: which calendar somebody keeps may reveal a belief.
    Announces nothing. Idempotent. Locks: none.
    """
    _chat_write(chat, {"calendar": calendar})


def chat_quiet_set(*, chat: TelegramChat, start: time | None, end: time | None) -> None:
    """Set the hours, in the chat's own zone, in which nothing is sent unasked; None for none.

    Changes: one TelegramChat. Announces nothing. Idempotent. Locks: none.
    """
    _chat_write(chat, {"quiet_from": start, "quiet_until": end})


def chat_start(*, chat: TelegramChat) -> None:
    """Let a chat that was stopped be sent messages again.

    Changes: one TelegramChat. Announces nothing. Idempotent. Locks: none.
    """
    _chat_write(chat, {"stopped_at": None})


def chat_stop(*, chat: TelegramChat, user: User | None, at: datetime) -> None:
    """Send a chat nothing unasked from now on.

    Changes: one TelegramChat; what waits for it is dropped, but answers and letters of the account.
    A chat without an account forgets all that was chosen in it; ``chats_prune`` takes the row once
    nothing waits.
    Announces nothing. Idempotent. Locks: the rows that it drops.
    """
    forgotten = {} if _is_linked(chat, user) else BLANK
    with transaction.atomic():
        _chat_write(chat, {**forgotten, "stopped_at": at})
        queue_drop(chat_id=chat.pk, reason="stopped", kept=ANYHOW)


@transaction.atomic
def chats_prune(*, at: datetime) -> int:
    """Delete chats without an account that stopped or blocked the bot; return how many.

    A stopped one that was heard of within the hour stays: an answer may be on its way to it; one
    that blocked the bot is kept for thirty days, should it come back.
    Changes: rows of TelegramChat, with their notifications. Announces nothing. Idempotent.
    Locks: the chats that nobody else holds; others are left for the next time.
    """
    waiting = Notification.objects.filter(status=Notification.Status.QUEUED)
    left = TelegramChat.objects.filter(
        Q(stopped_at__isnull=False, seen_at__lt=at - SAID_AFTER)
        | Q(blocked_at__lt=at - BLOCKED_KEPT),
        ~Exists(waiting.filter(chat_id=OuterRef("pk"))),
        account__isnull=True,
    )
    held = left.select_for_update(skip_locked=True, of=("self",))
    gone = list(held.values_list("pk", flat=True))
    TelegramChat.objects.filter(pk__in=gone).delete()
    return len(gone)


def _profile_write(chat: TelegramChat, user: User | None, body: Mapping[str, Any]) -> None:
    """Write to the account of a linked private chat, else to the chat.

    Changes: one User, whose open sockets hear of it (``profile.updated``), and what the chat itself
    kept of the same is forgotten; or one TelegramChat. Idempotent. Locks: the user's row.
    """
    changes = changes_read(body)
    kept = {name: value for name, value in changes.items() if name != "elevation_m"}
    if user is None or not _is_linked(chat, user):
        _chat_write(chat, kept)
        return
    with transaction.atomic():
        profile_update(user=user, body=body)
        _chat_write(chat, {name: BLANK[name] for name in kept})


def _is_linked(chat: TelegramChat, user: User | None) -> bool:
    return user is not None and chat.is_private


def _chat_write(chat: TelegramChat, changes: Mapping[str, Any]) -> None:
    """Write columns of a chat, whose updates are worked one after another."""
    for name, value in changes.items():
        setattr(chat, name, value)
    TelegramChat.objects.filter(pk=chat.pk).update(**changes)
