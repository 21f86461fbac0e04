"""Find out who reads an answer: language, zone and place of a chat."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings

from accounts.models import User
from accounts.profile_changes import is_zone
from starscal.core.i18n import language_normalize
from telegram_link.bot.reader import Reader, Spot
from telegram_link.models import TelegramAccount, TelegramChat

UTC_NAME: Final = "UTC"


def reader_of(
    *,
    chat: TelegramChat,
    at: datetime,
    sender_id: int = 0,
    sender_name: str = "",
    sender_username: str = "",
) -> Reader:
    """Return the reader of what goes to a chat at a moment.

    What the linked account says comes before what was chosen in the chat; a language that nobody
    chose is the one of the person's Telegram, else English.
    """
    user = chat_user(chat=chat)
    return Reader(
        chat=chat,
        user=user,
        language=_language(chat, user),
        zone=zone_of(chat=chat, user=user),
        spot=_spot(user) or _spot(chat),
        at=at,
        sender_id=sender_id,
        sender_name=sender_name,
        sender_username=sender_username,
    )


def chat_user(*, chat: TelegramChat) -> User | None:
    """Return whose account is linked to a chat; nobody's if the account is closed."""
    if not chat.is_private:
        return None
    account = TelegramAccount.objects.select_related("user").filter(chat_id=chat.pk).first()
    return account.user if account is not None and account.user.is_active else None


def _language(chat: TelegramChat, user: User | None) -> str:
    wishes = (user.language if user else "", chat.language, chat.language_code)
    found = (language_normalize(wish) for wish in wishes if wish)
    return next((code for code in found if code), settings.LANGUAGE_CODE)


def zone_of(*, chat: TelegramChat, user: User | None) -> ZoneInfo:
    """Return the zone whose clock a chat lives by; UTC as long as nobody named one."""
    wishes = (user.timezone if user else "", chat.timezone)
    return ZoneInfo(next((name for name in wishes if name and is_zone(name)), UTC_NAME))


def _spot(place: TelegramChat | User | None) -> Spot | None:
    if place is None or place.latitude_deg is None or place.longitude_deg is None:
        return None
    height_m = getattr(place, "elevation_m", None) or 0.0
    return Spot(place.latitude_deg, place.longitude_deg, height_m)
