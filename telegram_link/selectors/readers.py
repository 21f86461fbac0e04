"""Find out who reads an answer: language, zone and place of a chat."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from telegram_link.bot.reader import Reader, Spot
from telegram_link.models import TelegramChat
from telegram_link.selectors.addressees import owner_of, zone_of
from telegram_link.selectors.links import chat_language


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
    user = owner_of(chat)
    return Reader(
        chat=chat,
        user=user,
        language=chat_language(chat=chat, user=user),
        zone=zone_of(chat, user),
        spot=_spot(user) or _spot(chat),
        at=at,
        sender_id=sender_id,
        sender_name=sender_name,
        sender_username=sender_username,
    )


def _spot(place: TelegramChat | User | None) -> Spot | None:
    if place is None or place.latitude_deg is None or place.longitude_deg is None:
        return None
    height_m = getattr(place, "elevation_m", None) or 0.0
    return Spot(place.latitude_deg, place.longitude_deg, height_m)
