"""Who reads an answer: in which language, at which place and zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from accounts.models import User
from telegram_link.models import TelegramChat


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on Earth: degrees north and east, metres above the ellipsoid."""

    latitude_deg: float
    longitude_deg: float
    elevation_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Reader:
    """A chat as its answers need it; ``user`` is the account linked to it, if any.

    ``sender_id`` is who asked, in a group one of many; 0 where nobody asked (a digest).
    ``spot`` is None as long as nobody named a place, ``zone`` is UTC then.
    """

    chat: TelegramChat
    user: User | None
    language: str
    zone: ZoneInfo
    spot: Spot | None
    at: datetime
    sender_id: int = 0
    sender_name: str = ""
    sender_username: str = ""
