"""Who gets what is sent unasked: chats with the accounts linked to them, many at once."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet

from accounts.models import User
from telegram_link.models import TelegramChat
from telegram_link.quiet_hours import quiet_until
from telegram_link.selectors.readers import zone_of


def chats_with_owners(rows: QuerySet[TelegramChat]) -> QuerySet[TelegramChat]:
    """Have the rows bring the accounts along that ``owner_of`` asks for."""
    return rows.select_related("account__user")


def owner_of(chat: TelegramChat) -> User | None:
    """Return whose account is linked to a chat; nobody's if the account is closed."""
    try:
        user = chat.account.user
    except ObjectDoesNotExist:
        return None
    return user if user.is_active and chat.is_private else None


def chat_zone(chat: TelegramChat) -> ZoneInfo:
    return zone_of(chat=chat, user=owner_of(chat))


def quiet_wait_s(*, chat_id: int, at: datetime) -> float:
    """Return how long after ``at`` a chat is still not to be written to unasked."""
    rows = TelegramChat.objects.filter(pk=chat_id, quiet_from__isnull=False)
    chat = chats_with_owners(rows).first()
    if chat is None:
        return 0.0
    start, end = chat.quiet_from, chat.quiet_until
    return (quiet_until(at=at, start=start, end=end, zone=chat_zone(chat)) - at).total_seconds()
