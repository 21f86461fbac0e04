"""The fixture ``telegram``: the double, to which this run's bot is configured."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest

from starscal.testing.telegram.double import TelegramDouble

SECRET: Final = "only-for-tests_0123456789"  # noqa: S105 - guards nothing


@pytest.fixture
def telegram_double() -> Iterator[TelegramDouble]:
    """Run a double that no setting names."""
    double = TelegramDouble()
    double.start()
    yield double
    double.stop()


@pytest.fixture
def telegram(
    telegram_double: TelegramDouble, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> TelegramDouble:
    """Run a double that this process, and those it starts, take for Telegram."""
    facts = {
        "TELEGRAM_BOT_TOKEN": telegram_double.token,
        "TELEGRAM_WEBHOOK_SECRET": SECRET,
        "TELEGRAM_API_BASE": telegram_double.url,
    }
    for name, value in facts.items():
        setattr(settings, name, value)
        monkeypatch.setenv(name, value)
    return telegram_double
