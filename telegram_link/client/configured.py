"""The client of the configured bot."""

from __future__ import annotations

import atexit
import threading
from typing import Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from telegram_link.client.api import BotApi
from telegram_link.configuration import bot_enabled


class _Shared:
    """The client that the threads of this process share, as long as the settings stay the same."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._client: BotApi | None = None
        self._facts = ("", "")

    def client(self) -> BotApi:
        facts = settings.TELEGRAM_BOT_TOKEN, settings.TELEGRAM_API_BASE
        with self._lock:
            if self._client is None or facts != self._facts:
                before, self._client = self._client, client_from_settings()
                self._facts = facts
                atexit.register(self._client.close)
                if before is not None:
                    before.close()
            return self._client


_SHARED: Final = _Shared()


def client_shared() -> BotApi:
    """Return the client of this process, which nobody closes; raises as ``client_from_settings``.

    For single questions, which else would each begin with a connection of its own.
    """
    return _SHARED.client()


def client_from_settings() -> BotApi:
    """Return a new client of the configured bot; whoever asks for it closes it.

    Raises: ImproperlyConfigured where no bot is configured.
    """
    if not bot_enabled():
        raise ImproperlyConfigured("The Telegram bot is off: TELEGRAM_BOT_TOKEN is not set.")
    return BotApi(token=settings.TELEGRAM_BOT_TOKEN, base=settings.TELEGRAM_API_BASE)
