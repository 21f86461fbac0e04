from __future__ import annotations

import pytest
from pytest_django import Settings

from telegram_link.models import BotState
from telegram_link.tests.linking_support import BOT


@pytest.fixture
def bot_on(db: None, settings: Settings) -> None:
    """Have a bot that Telegram has told the name of."""
    settings.TELEGRAM_BOT_TOKEN = "100:a-token-of-tests"
    BotState.objects.update_or_create(pk=1, defaults={"username": BOT})
