"""Whose chats are, by which clock they live, and when they may be written to unasked."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from accounts.models import User
from accounts.profile_changes import is_zone
from telegram_link.models import TelegramChat
from telegram_link.quiet_hours import quiet_until
from telegram_link.selectors.links import account_of_chat

UTC_NAME: Final = "UTC"
LINK: Final = TelegramChat._meta.get_field("account")  # of which a row may know already


def chats_with_owners(rows: QuerySet[TelegramChat]) -> QuerySet[TelegramChat]:
    """Have the rows bring the accounts along that ``owner_of`` asks for."""
    return rows.select_related("account__user")


def owner_of(chat: TelegramChat) -> User | None:
    """Return whose account is linked to a private chat; nobody's if the account is closed."""
    if not chat.is_private:
        return None
    if LINK.is_cached(chat):
        account = getattr(chat, "account", None)
    else:
        account = account_of_chat(chat_id=chat.pk)
    return account.user if account is not None and account.user.is_active else None


def zone_of(chat: TelegramChat, user: User | None) -> ZoneInfo:
    """Return the zone whose clock a chat lives by; UTC as long as nobody named one."""
    wishes = (user.timezone if user else "", chat.timezone)
    return ZoneInfo(next((name for name in wishes if name and is_zone(name)), UTC_NAME))


def chat_zone(chat: TelegramChat) -> ZoneInfo:
    return zone_of(chat, owner_of(chat))


def unasked_at(chat: TelegramChat, at: datetime) -> datetime:
    """Return when a chat may be written to unasked: at once, or as its quiet hours end."""
    start, end = chat.quiet_from, chat.quiet_until
    return quiet_until(at=at, start=start, end=end, zone=chat_zone(chat))


def quiet_wait_s(*, chat_id: int, at: datetime) -> float:
    """Return how long after ``at`` a chat is still not to be written to unasked."""
    rows = TelegramChat.objects.filter(pk=chat_id, quiet_from__isnull=False)
    chat = chats_with_owners(rows).first()
    return 0.0 if chat is None else (unasked_at(chat, at) - at).total_seconds()
