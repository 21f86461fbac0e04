"""Call Telegram's Bot API."""

from __future__ import annotations

from telegram_link.client.api import BotApi
from telegram_link.client.configured import client_from_settings, client_shared
from telegram_link.client.errors import (
    BadRequest,
    BotApiError,
    Conflict,
    Forbidden,
    RetryAfter,
    Trouble,
    Unauthorized,
)
from telegram_link.client.types import Bot, Member, Sent, WebhookInfo

__all__ = [
    "BadRequest",
    "Bot",
    "BotApi",
    "BotApiError",
    "Conflict",
    "Forbidden",
    "Member",
    "RetryAfter",
    "Sent",
    "Trouble",
    "Unauthorized",
    "WebhookInfo",
    "client_from_settings",
    "client_shared",
]
