"""The client of the configured bot."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from telegram_link.client.api import BotApi
from telegram_link.configuration import bot_enabled


def client_from_settings() -> BotApi:
    """Return a new client of the configured bot; whoever asks for it closes it.

    Raises: ImproperlyConfigured where no bot is configured.
    """
    if not bot_enabled():
        raise ImproperlyConfigured("The Telegram bot is off: TELEGRAM_BOT_TOKEN is not set.")
    return BotApi(token=settings.TELEGRAM_BOT_TOKEN, base=settings.TELEGRAM_API_BASE)
