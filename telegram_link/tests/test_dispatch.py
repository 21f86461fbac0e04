"""Which command answers, and what is said where none does."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from telegram_link.bot import dispatch
from telegram_link.bot.dispatch import Asking, answer_to, is_asking
from telegram_link.bot.frame import Answer, Command, said
from telegram_link.bot.happened import (
    BotMoved,
    ButtonPressed,
    CommandSent,
    LocationSent,
    Place,
    Sender,
    WordsSent,
)
from telegram_link.bot.reader import Reader
from telegram_link.bot.registry import commands
from telegram_link.models import TelegramChat

HOME, CLUB = Place(7, "private"), Place(-7, "group")
SHE = Sender(7, "Ada")
OUR_BOT = "Sky_bot"


def echo(name: str, **more: Any) -> Command:
    def answer(_reader: Reader, text: str) -> Answer:
        return said(f"{name}: {text}")

    return Command(name, name, answer, **more)


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have commands that say what they were told."""
    listed = [
        echo("today", pressed=lambda _reader, data: Answer(toast=f"pressed {data}")),
        echo("place", for_admins=True),
        echo("link", in_groups=False),
    ]
    by_name = {command.name: command for command in listed}
    monkeypatch.setattr(dispatch, "command_named", by_name.get)


def reader(chat: Place) -> Reader:
    room = TelegramChat(id=chat.id, kind=chat.kind)
    return Reader(room, None, "en", ZoneInfo("UTC"), None, datetime(2026, 7, 1, tzinfo=UTC))


def told(happened: Asking, *, is_admin: bool = False) -> list[str]:
    """Return what is said, a toast behind a star."""
    answer = answer_to(happened, reader=reader(happened.chat), is_admin=is_admin)
    toasts = [f"*{answer.toast}"] if answer.toast else []
    return [message.text for message in answer.messages] + toasts


def test_a_command_gets_what_stands_behind_its_name() -> None:
    assert told(CommandSent(HOME, SHE, "today", "a b")) == ["today: a b"]


def test_a_place_goes_to_its_command() -> None:
    assert told(LocationSent(HOME, SHE, 48.25, 16.0)) == ["place: 48.250000 16.000000"]


def test_a_button_goes_to_its_command() -> None:
    assert told(ButtonPressed(HOME, SHE, "1", "today:a:b")) == ["*pressed a:b"]


@pytest.mark.parametrize("data", ["", ":", "gone:1", "place:1"])
def test_an_unknown_button_says_that_it_is_old(data: str) -> None:
    assert told(ButtonPressed(HOME, SHE, "1", data)) == [
        "*This button is too old. Send the command again."
    ]


def test_a_private_chat_hears_of_help() -> None:
    hint = ["I understand only commands. /help shows them all."]
    assert told(WordsSent(HOME, SHE)) == hint
    assert told(CommandSent(HOME, SHE, "unknown")) == hint


def test_a_group_is_left_in_peace() -> None:
    assert told(CommandSent(CLUB, SHE, "unknown")) == []
    assert not is_asking(CommandSent(CLUB, SHE, "unknown"), OUR_BOT)
    assert not is_asking(CommandSent(CLUB, SHE, "today", bot="Other_bot"), OUR_BOT)
    assert not is_asking(BotMoved(CLUB, SHE, is_in=True), OUR_BOT)


def test_a_group_is_answered() -> None:
    assert is_asking(CommandSent(CLUB, SHE, "today"), OUR_BOT)
    assert is_asking(CommandSent(CLUB, SHE, "today", bot="sky_BOT"), OUR_BOT)
    assert told(CommandSent(CLUB, SHE, "today")) == ["today: "]


def test_only_administrators_change_a_group() -> None:
    assert told(CommandSent(CLUB, SHE, "place", "1 2"), is_admin=True) == ["place: 1 2"]
    assert told(CommandSent(CLUB, SHE, "place", "1 2")) == [
        "Only administrators of this group can change this."
    ]


def test_what_is_private_stays_out_of_groups() -> None:
    assert told(CommandSent(CLUB, SHE, "link"), is_admin=True) == [
        "This works only in a private chat with me."
    ]


def test_the_registry_lists_every_command_by_its_own_name() -> None:
    assert all(name == command.name for name, command in commands().items())
