"""Readers of the commands about the sky, and how to read what they are told."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from accounts.models import User
from telegram_link.bot.frame import Command
from telegram_link.bot.reader import Reader, Spot
from telegram_link.messages import Message
from telegram_link.models import TelegramChat

AT: Final = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
BERLIN: Final = Spot(52.52, 13.405)
TROMSO: Final = Spot(69.65, 18.96)
TAG: Final = re.compile(r"<(/?)([a-z]+)[^>]*>")
ALLOWED_TAGS: Final = {"b", "i", "a", "code"}


def reader(
    language: str = "en",
    *,
    at: datetime = AT,
    zone: str = "Europe/Berlin",
    spot: Spot | None = BERLIN,
    user: User | None = None,
    calendar: str = "",
) -> Reader:
    """Return a private chat that is not stored."""
    chat = TelegramChat(id=7, calendar=calendar)
    return Reader(chat, user, language, ZoneInfo(zone), spot, at)


def told(command: Command, asking: Reader, words: str = "") -> Message:
    """Return the one message that a command answers with."""
    (message,) = command.answer(asking, words).messages
    return message


def pressed(command: Command, asking: Reader, message: Message, at: int = 0) -> Message:
    """Return what a button of a message leads to, edited or sent anew."""
    button = [button for row in message.keyboard for button in row][at]
    name, _colon, data = button.data.partition(":")
    assert name == command.name
    assert command.pressed is not None
    answer = command.pressed(asking, data)
    (found,) = (answer.edited,) if answer.edited else answer.messages
    return found


def visible(text: str) -> str:
    """Return what a person reads; tags are those of the Bot API, and each is closed."""
    opened: list[str] = []
    for closing, name in TAG.findall(text):
        assert name in ALLOWED_TAGS
        if closing:
            assert opened.pop() == name
        else:
            opened.append(name)
    assert not opened
    return html.unescape(TAG.sub("", text))


def addresses(text: str) -> list[str]:
    return re.findall(r'href="([^"]+)"', text)
