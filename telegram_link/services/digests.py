"""Digests: when the next one of a chat is due, and the queue of those that are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.selectors.membership import feature_allowed, feature_require
from starscal.core.exceptions import ApplicationError, ErrorCode
from telegram_link.configuration import bot_enabled
from telegram_link.models import Notification, TelegramChat
from telegram_link.quiet_hours import local_instant
from telegram_link.selectors.addressees import chat_zone, chats_with_owners, owner_of, unasked_at
from telegram_link.services.queue import notification_row, notifications_queue

LATE: Final = timedelta(hours=6)  # a digest that could not go out for longer is of yesterday
BATCH: Final = 2_000
DAYS: Final = 8
FEATURE: Final = "digest"
MOVE: Final = """
    UPDATE telegram_link_telegramchat AS chat SET digest_due_at = due.at
    FROM unnest(%s::bigint[], %s::timestamptz[]) AS due (id, at) WHERE chat.id = due.id
"""
Rhythm = TelegramChat.Digest


@dataclass(frozen=True, slots=True)
class Slot:
    """One time at which a chat wishes a digest, and the day that it is about."""

    at: datetime
    day: date


def digest_set(
    *,
    chat: TelegramChat,
    at: datetime,
    rhythm: str | None = None,
    hour: int | None = None,
    weekday: int | None = None,
) -> None:
    """Set how often a chat gets a digest, at which hour, on which day of the week (1: Monday).

    What is not given stays. Changes: one TelegramChat, with the time of the next one. Announces
    nothing. Idempotent. Locks: the chat. Errors: VALIDATION_INVALID; SUBSCRIPTION_REQUIRED where a
    digest is for members of the channel alone.
    """
    wanted = {"digest": rhythm, "digest_hour": hour, "digest_weekday": weekday}
    changes = {name: value for name, value in wanted.items() if value is not None}
    _check(rhythm, hour, weekday)
    if rhythm is not None and rhythm != Rhythm.NONE:
        feature_require(user=owner_of(chat), feature=FEATURE)
    with transaction.atomic():
        for name, value in changes.items():
            setattr(chat, name, value)
        TelegramChat.objects.filter(pk=chat.pk).update(**changes)
        digests_reschedule(chat_ids=[chat.pk], at=at)
        chat.refresh_from_db(fields=["digest_due_at"])


def digests_reschedule(*, chat_ids: Collection[int], at: datetime) -> int:
    """Work out anew when chats get their next digest, as after another zone was chosen.

    Changes: ``digest_due_at`` of the chats. Announces nothing. Idempotent. Locks: the chats.
    """
    with transaction.atomic():
        rows = TelegramChat.objects.select_for_update(no_key=True, of=("self",)).filter(
            pk__in=chat_ids
        )
        chats = list(chats_with_owners(rows).order_by("pk"))
        _move((chat.pk, next_due(chat=chat, zone=chat_zone(chat), at=at)) for chat in chats)
    return len(chats)


def digests_queue(*, at: datetime) -> int:
    """Queue the digests that are due and return how many; words are found when they are sent.

    Of those missed while nothing ran the newest alone, if it is not older than six hours. Quiet
    hours move it to their end. Changes: Notifications, ``digest_due_at``, some thousand chats a
    transaction. Announces nothing. Idempotent: by chat and day. Locks: the chats that nobody else
    holds; others are left for the next time.
    """
    if not bot_enabled():
        return 0
    queued = 0
    while True:
        seen, added = _batch_queue(at)
        queued += added
        if seen < BATCH:
            return queued


def next_due(*, chat: TelegramChat, zone: ZoneInfo, at: datetime) -> datetime | None:
    """Return when a chat gets its next digest after ``at``; None where it wishes none."""
    first = at.astimezone(zone).date() - timedelta(days=1)
    return next((slot.at for slot in _slots(chat, zone, first, 1) if slot.at > at), None)


def latest_slot(*, chat: TelegramChat, zone: ZoneInfo, at: datetime) -> Slot | None:
    """Return the newest time that has come at which a chat wished a digest."""
    first = at.astimezone(zone).date() + timedelta(days=1)
    return next((slot for slot in _slots(chat, zone, first, -1) if slot.at <= at), None)


def _slots(chat: TelegramChat, zone: ZoneInfo, first: date, step: int) -> Iterator[Slot]:
    """Yield the times of a chat from a day on, forwards or back, for a week and a bit."""
    if chat.digest == Rhythm.NONE:
        return
    for number in range(DAYS + 2):
        day = first + timedelta(days=step * number)
        if chat.digest == Rhythm.DAILY or day.isoweekday() == chat.digest_weekday:
            yield Slot(local_instant(day, time(chat.digest_hour), zone), day)


@transaction.atomic
def _batch_queue(at: datetime) -> tuple[int, int]:
    held = TelegramChat.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
    due = held.filter(digest_due_at__lte=at, blocked_at=None, stopped_at=None).exclude(
        account__user__is_active=False  # closed accounts are left in peace
    )
    chats = list(chats_with_owners(due).order_by("pk")[:BATCH])
    rows = [row for chat in chats if (row := _row(chat, at)) is not None]
    notifications_queue(rows=rows)
    _move((chat.pk, next_due(chat=chat, zone=chat_zone(chat), at=at)) for chat in chats)
    return len(chats), len(rows)


def _row(chat: TelegramChat, at: datetime) -> Notification | None:
    slot = latest_slot(chat=chat, zone=chat_zone(chat), at=at)
    if (
        slot is None
        or slot.at <= at - LATE
        or not feature_allowed(user=owner_of(chat), feature=FEATURE)
    ):
        return None
    return notification_row(
        chat_id=chat.pk,
        key=f"digest-{chat.pk}-{slot.day.isoformat()}",
        kind=Notification.Kind.DIGEST,
        body={"digest": slot.day.isoformat(), "weekly": chat.digest == Rhythm.WEEKLY},
        due_at=unasked_at(chat, at),
    )


def _move(due: Iterable[tuple[int, datetime | None]]) -> None:
    moved: Sequence[tuple[int, datetime | None]] = list(due)
    if not moved:
        return
    with connection.cursor() as cursor:
        cursor.execute(MOVE, [[pk for pk, _at in moved], [when for _pk, when in moved]])


def _check(rhythm: str | None, hour: int | None, weekday: int | None) -> None:
    wrong = ""
    if rhythm is not None and rhythm not in Rhythm.values:
        known = {"value": rhythm[:20], "known": ", ".join(Rhythm.values)}
        wrong = _("%(value)s is not known. Known are: %(known)s.") % known
    elif hour is not None and not 0 <= hour <= 23:
        wrong = _whole(0, 23)
    elif weekday is not None and not 1 <= weekday <= 7:
        wrong = _whole(1, 7)
    if wrong:
        raise ApplicationError(ErrorCode.VALIDATION_INVALID, wrong)


def _whole(least: int, most: int) -> str:
    limits = {"least": least, "most": most}
    return _("This must be a whole number from %(least)d to %(most)d.") % limits
