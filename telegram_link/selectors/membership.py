"""What is known of who is a member of the channel, and how good that knowledge is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from accounts.models import User
from telegram_link.client import Member
from telegram_link.models import BotState, TelegramAccount
from telegram_link.models.state import ONLY

FRESH_IN: Final = timedelta(minutes=10)
FRESH_OUT: Final = timedelta(minutes=1)
TRUSTED: Final = timedelta(hours=24)
RECHECKED: Final = timedelta(hours=6)
INSIDE: Final = frozenset({"creator", "administrator", "member", "restricted"})
OUTSIDE: Final = "left"  # also of the restricted who are not there, and of whom nobody knows


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether somebody is a member, and when Telegram said so; None if it never did."""

    subscribed: bool = False
    checked_at: datetime | None = None

    @property
    def is_known(self) -> bool:
        return self.checked_at is not None


NOBODY: Final = Standing()


def channel_watched() -> bool:
    """Say whether there is a channel whose members count, and a bot to ask."""
    return bool(settings.TELEGRAM_BOT_TOKEN and settings.TELEGRAM_CHANNEL_ID)


def is_channel(*, chat_id: int, username: str) -> bool:
    """Say whether a chat is the channel, which the settings name by its number or its name."""
    wanted = settings.TELEGRAM_CHANNEL_ID
    if wanted.startswith("@"):
        return bool(username) and username.lower() == wanted[1:].lower()
    return str(chat_id) == wanted


def account_of(*, user: User) -> TelegramAccount | None:
    return TelegramAccount.objects.filter(user_id=user.pk).first()


def account_stale(*, chat_id: int, at: datetime) -> TelegramAccount | None:
    """Return the account of a chat if the last answer about it is old; None if its user's is shut.

    With its user.
    """
    rows = TelegramAccount.objects.filter(chat_id=chat_id, user__is_active=True)
    account = rows.select_related("user").first()
    return None if account is None or is_fresh(account=account, at=at) else account


def status_kept(member: Member) -> str:
    """Return the status that is stored of a member; "restricted" only of who is there."""
    return member.status if member.counts or member.status == "kicked" else OUTSIDE


def standing_of(*, account: TelegramAccount, at: datetime) -> Standing:
    """Return the last answer, which holds for a day; after that nobody is a member."""
    checked_at = account.member_checked_at
    is_trusted = checked_at is not None and at - checked_at < TRUSTED
    return Standing(account.membership in INSIDE and is_trusted, checked_at)


def is_fresh(*, account: TelegramAccount, at: datetime) -> bool:
    """Say whether the last answer is so young that nobody needs to ask again."""
    if account.member_checked_at is None:
        return False
    age = at - account.member_checked_at
    return age < (FRESH_IN if account.membership in INSIDE else FRESH_OUT)


def is_silent() -> bool:
    """Say whether Telegram told the bot to be silent for now, by the database's clock."""
    return BotState.objects.filter(pk=ONLY, silent_until__gt=Now()).exists()


def accounts_due(*, at: datetime) -> Iterator[TelegramAccount]:
    """Yield the accounts whose turn it is to be asked for, first those who wait longest."""
    waits = Q(member_tried_at__isnull=True) | Q(member_tried_at__lte=at - RECHECKED)
    rows = TelegramAccount.objects.filter(waits, user__is_active=True)
    yield from rows.order_by(F("member_tried_at").asc(nulls_first=True), "pk").iterator(50)


def accounts_outdated(*, at: datetime) -> QuerySet[TelegramAccount]:
    """Return the accounts that count as members by an answer which is too old for that."""
    too_old = Q(member_checked_at__isnull=True) | Q(member_checked_at__lte=at - TRUSTED)
    return TelegramAccount.objects.filter(too_old, user__is_telegram_subscribed=True)
