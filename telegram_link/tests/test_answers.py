"""Every command in ten languages, as people see it: compared with ``answers/<language>.md``.

``STARSCAL_TEST_ANSWERS=write pytest telegram_link/tests/test_answers.py`` writes the files anew;
then they are read through, language by language.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
import time_machine
from django.db import transaction

from accounts.models import User
from events.kinds import EVENT_FAMILIES
from events.services.generation import event_generate
from events.windows import Span
from starscal.core.i18n import LOCALES
from telegram_link.bot.dispatch import Asking, answer_to
from telegram_link.bot.frame import Answer, Command
from telegram_link.bot.happened import (
    ButtonPressed,
    CommandSent,
    LocationSent,
    Place,
    Sender,
    WordsSent,
)
from telegram_link.bot.registry import commands
from telegram_link.messages import Button
from telegram_link.models import BotState, TelegramAccount, TelegramChat
from telegram_link.selectors.readers import reader_of
from telegram_link.tests.answers_shown import answer_shown

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]

FILES: Final = Path(__file__).parent / "answers"
IS_WRITTEN: Final = os.environ.get("STARSCAL_TEST_ANSWERS") == "write"
NOW: Final = datetime(2026, 11, 23, 18, tzinfo=UTC)
STORED: Final = Span(datetime(2026, 11, 1, tzinfo=UTC), datetime(2027, 3, 1, tzinfo=UTC))
HOME, CLUB = Place(7, "private", "Ada", "ada"), Place(-7, "supergroup", "The Club")
ADA: Final = Sender(7, "Ada", "ada")
PRESSED_MOST: Final = 3
# What is written after a command, besides nothing.
WORDS: Final = {
    "today": ("2026-12-24", "yesterday"),
    "next": ("Mars", "<b>nothing</b>"),
    "place": ("48.2 16.4", "91 0", "Yerevan", "<nowhere>"),
    "timezone": ("Asia/Tokyo", "<nowhere>"),
    "language": ("fr", "<none>"),
    "calendar": ("chinese", "<none>"),
    "quiet": ("22-7", "off", "25-1"),
    "start": ("no-such-token",),
}
# Commands that answer otherwise to whoever has linked an account.
OF_ACCOUNTS: Final = ("start", "link", "status", "stop", "reminders", "place")


class Talk:
    """One chat with the bot; nothing that it changes lasts longer than the answer."""

    def __init__(self, place: Place, **chosen: object) -> None:
        self.place = place
        self.chat = TelegramChat.objects.create(
            id=place.id, kind=place.kind, title=place.title, **chosen
        )

    def said(self, words: str) -> Answer:
        name, _space, rest = words.removeprefix("/").partition(" ")
        return self.answer(CommandSent(self.place, ADA, name, rest))

    def answer(self, happened: Asking, *, is_admin: bool = True) -> Answer:
        with transaction.atomic():
            chat = TelegramChat.objects.get(pk=self.chat.pk)
            reader = reader_of(chat=chat, at=NOW, sender_id=ADA.id, sender_name=ADA.name)
            found = answer_to(happened, reader=reader, is_admin=is_admin)
            transaction.set_rollback(True)
        return found

    def pressed(self, button: Button) -> Answer:
        return self.answer(ButtonPressed(self.place, ADA, "1", button.data, 5))


def buttons_of(answer: Answer) -> list[Button]:
    """Return the first buttons under an answer that send something."""
    messages = [*answer.messages, *([answer.edited] if answer.edited else [])]
    all_ = [button for message in messages for row in message.keyboard for button in row]
    return [button for button in all_ if button.data][:PRESSED_MOST]


def section(title: str, answer: Answer) -> str:
    return f"## {title}\n\n```\n{answer_shown(answer)}\n```\n"


def command_sections(talk: Talk, command: Command) -> Iterator[str]:
    """Yield what a command answers, what its first buttons do, and what it says to words."""
    asked = f"/{command.name}"
    answer = talk.said(asked)
    yield section(asked, answer)
    for button in buttons_of(answer):
        yield section(f"{asked} [{button.text}]", talk.pressed(button))
    for words in WORDS.get(command.name, ()):
        yield section(f"{asked} {words}", talk.said(f"{asked} {words}"))


def sections(language: str) -> Iterator[str]:
    place = {"timezone": "Europe/Vienna", "latitude_deg": 48.2, "longitude_deg": 16.4}
    home = Talk(HOME, language_code=language, **place)
    club = Talk(CLUB, language=language)
    yield f"# {language}: {NOW:%Y-%m-%d %H:%M} UTC, Vienna\n"
    for command in commands().values():
        yield from command_sections(home, command)
    yield section("hello", home.answer(WordsSent(HOME, ADA)))
    yield section("(a location)", home.answer(LocationSent(HOME, ADA, 40.18, 44.51)))
    yield section("[a button of long ago]", home.pressed(Button("", "gone:1")))
    yield "# In a group\n"
    for command in commands().values():
        if not command.in_groups or command.for_admins:
            asked = CommandSent(CLUB, ADA, command.name)
            yield section(f"/{command.name}", club.answer(asked, is_admin=False))
    yield "# Linked to an account\n"
    user = User.objects.create_user("ada", "ada@stars.example", None, language=language)
    TelegramAccount.objects.create(user=user, chat=home.chat, telegram_user_id=7, name="Ada")
    for name in OF_ACCOUNTS:
        if name in commands():
            yield section(f"/{name}", home.said(f"/{name}"))


@pytest.mark.parametrize("language", LOCALES)
def test_every_command_is_answered_as_was_read_through(language: str) -> None:
    BotState.objects.create(username="stars_bot")
    event_generate(span=STORED, families=EVENT_FAMILIES)
    with time_machine.travel(NOW, tick=False):
        shown = "\n".join(sections(language))
    file = FILES / f"{language}.md"
    if IS_WRITTEN:
        file.write_text(shown, encoding="utf-8")
    assert shown == file.read_text(encoding="utf-8")
