"""What the environment says of the Telegram bot; errors name the variable, never its value."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from django.core.exceptions import ImproperlyConfigured

from starscal.settings import env

PUBLIC_API: Final = "https://api.telegram.org"
FEATURES: Final = ("digest", "reminders", "figures")
TOKEN: Final = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{30,100}", re.ASCII)
SECRET: Final = re.compile(r"[A-Za-z0-9_-]{1,256}", re.ASCII)
CHANNEL: Final = re.compile(r"-\d{1,18}|@[A-Za-z]\w{3,31}", re.ASCII)
BASE: Final = re.compile(r"https?://[\w.-]+(?::\d{1,5})?(?:/[\w./-]*)?", re.ASCII)


def token() -> str:
    return _read("TELEGRAM_BOT_TOKEN", TOKEN, "the token that BotFather gave, as 123456789:AA…")


def webhook_secret() -> str:
    told = "1 to 256 of the signs A-Z, a-z, 0-9, _ and -"
    return _read("TELEGRAM_WEBHOOK_SECRET", SECRET, told)


def api_base() -> str:
    told = f"the address of a Bot API server, such as {PUBLIC_API}"
    return _read("TELEGRAM_API_BASE", BASE, told).rstrip("/") or PUBLIC_API


def channel_id() -> str:
    return _read("TELEGRAM_CHANNEL_ID", CHANNEL, "a number such as -1001234567890, or @name")


def channel_language(codes: Iterable[str]) -> str:
    """Read the language of announcements, one of ``codes``."""
    known = tuple(codes)
    value = env.text("TELEGRAM_CHANNEL_LANGUAGE").lower() or "en"
    if value not in known:
        raise ImproperlyConfigured(f"TELEGRAM_CHANNEL_LANGUAGE takes one of {', '.join(known)}.")
    return value


def members_only(channel: str) -> list[str]:
    """Read what only members of the channel get."""
    found = [word.lower() for word in env.words("TELEGRAM_MEMBERS_ONLY")]
    if not set(found) <= set(FEATURES):
        raise ImproperlyConfigured(
            f"TELEGRAM_MEMBERS_ONLY takes some of {', '.join(FEATURES)}, separated by commas."
        )
    if found and not channel:
        raise ImproperlyConfigured(
            "TELEGRAM_MEMBERS_ONLY needs TELEGRAM_CHANNEL_ID, the channel whose members are meant."
        )
    return found


def _read(name: str, form: re.Pattern[str], told: str) -> str:
    value = env.text(name)
    if value and not form.fullmatch(value):
        raise ImproperlyConfigured(f"{name} takes {told}.")
    return value
