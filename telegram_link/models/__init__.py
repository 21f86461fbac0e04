"""Chats, who they belong to, what came from them and what goes to them."""

from __future__ import annotations

from telegram_link.models.account import TelegramAccount, TelegramLinkToken
from telegram_link.models.chat import TelegramChat
from telegram_link.models.queue import Notification, TelegramUpdate
from telegram_link.models.state import BotState, LogCursor

__all__ = [
    "BotState",
    "LogCursor",
    "Notification",
    "TelegramAccount",
    "TelegramChat",
    "TelegramLinkToken",
    "TelegramUpdate",
]
