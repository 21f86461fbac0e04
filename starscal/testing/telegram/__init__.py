"""A faithful local double of Telegram's Bot API, for tests, the drill and developers."""

from __future__ import annotations

from starscal.testing.telegram.double import TOKEN, TelegramDouble
from starscal.testing.telegram.limits import Call, Violation
from starscal.testing.telegram.world import Chat, Person

__all__ = ["TOKEN", "Call", "Chat", "Person", "TelegramDouble", "Violation"]
