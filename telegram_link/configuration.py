"""What the settings say of the bot: whether there is one, and how updates reach it."""

from __future__ import annotations

from typing import Final

import structlog
from django.conf import settings

WEBHOOK_PATH: Final = "/telegram/webhook"
PUBLIC_API: Final = "https://api.telegram.org"


log = structlog.stdlib.get_logger("starscal.telegram")


def bot_enabled() -> bool:
    """Say whether a bot is configured; without one everything else runs."""
    return bool(settings.TELEGRAM_BOT_TOKEN)


def webhook_enabled() -> bool:
    """Say whether Telegram delivers updates; otherwise the bot asks for them.

    Telegram itself delivers to https alone; a Bot API server of one's own takes http, too.
    """
    own_server = settings.TELEGRAM_API_BASE != PUBLIC_API
    schemes = ("https://", "http://") if own_server else ("https://",)
    secret = settings.TELEGRAM_WEBHOOK_SECRET
    return bot_enabled() and bool(secret) and settings.SITE_URL.startswith(schemes)


def webhook_url() -> str:
    """Return where Telegram delivers updates to."""
    return f"{settings.SITE_URL}{WEBHOOK_PATH}"


def bot_mode_log() -> None:
    """Say in one line of the log whether there is a bot, and how updates reach it."""
    if not bot_enabled():
        log.info("telegram.off", hint="TELEGRAM_BOT_TOKEN is not set")
    else:
        log.info("telegram.on", updates="delivered" if webhook_enabled() else "asked for")
