"""What the tests of commands share: chats, people linked with them, and what is said to them."""

from __future__ import annotations

from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any, Final

from django.conf import settings

from accounts.models import User
from starscal.core.i18n import language_active
from telegram_link.bot.frame import Answer
from telegram_link.bot.reader import Reader
from telegram_link.bot.registry import commands
from telegram_link.messages import LONGEST_TEXT, Message, visible_units
from telegram_link.models import TelegramAccount, TelegramChat
from telegram_link.selectors.readers import reader_of

AT: Final = datetime(2026, 7, 1, 12, tzinfo=UTC)
LANGUAGES: Final = [code for code, _name in settings.LANGUAGES]
SETTINGS: Final = ("language", "place", "timezone", "quiet", "calendar", "start", "help", "stop")


def room(number: int = 7, **fields: Any) -> TelegramChat:
    kind = TelegramChat.Kind.PRIVATE if number > 0 else TelegramChat.Kind.SUPERGROUP
    return TelegramChat.objects.create(**{"id": number, "kind": kind, **fields})


def linked(chat: TelegramChat, **fields: Any) -> User:
    user = User.objects.create_user("vera", password=None, **fields)
    TelegramAccount.objects.create(user=user, chat=chat, telegram_user_id=chat.pk)
    return user


def reader(chat: TelegramChat, **fields: Any) -> Reader:
    """Return who reads, by what is stored now."""
    fresh = TelegramChat.objects.get(pk=chat.pk)
    return reader_of(chat=fresh, at=AT, sender_id=7, **fields)


def answered(chat: TelegramChat, line: str, **fields: Any) -> Answer:
    """Return the answer to a line such as ``place 48.2 16.4``."""
    name, _blank, words = line.partition(" ")
    who = reader(chat, **fields)
    with language_active(who.language):
        return commands()[name].answer(who, words)


def pressed(chat: TelegramChat, data: str) -> Answer:
    name, _colon, rest = data.partition(":")
    who, press = reader(chat), commands()[name].pressed
    assert press is not None
    with language_active(who.language):
        return press(who, rest)


def message(answer: Answer) -> Message:
    """Return the one message of an answer."""
    edited = [answer.edited] if answer.edited else []
    (only,) = [*answer.messages, *edited]
    check(only)
    return only


def buttons(shown: Message) -> dict[str, str]:
    """Return what each button of a message sends, by its text."""
    return {button.text: button.data for row in shown.keyboard for button in row}


class _Tags(HTMLParser):
    """Collect the tags of a text that the Bot API would read."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in {"b", "i", "code", "a"}, tag
        assert tag == "a" or not attrs
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def check(shown: Message) -> None:
    """Hold a message to what the Bot API takes."""
    tags = _Tags()
    tags.feed(shown.text)
    tags.close()
    assert tags.open == []
    assert 0 < visible_units(shown.text) <= LONGEST_TEXT
    assert all(button.text for row in shown.keyboard for button in row)
    assert "%(" not in shown.text
