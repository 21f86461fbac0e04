"""What an update says, and what it cannot say."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from telegram_link.bot.happened import (
    BotMoved,
    ButtonPressed,
    ChatReplaced,
    CommandSent,
    LocationSent,
    MemberChanged,
    Place,
    Sender,
    WordsSent,
    kept,
    recalled,
)
from telegram_link.bot.reading import update_number, update_read

ADA = {"id": 7, "is_bot": False, "first_name": "Ada", "last_name": "L.", "username": "ada"}
HOME = {"id": 7, "type": "private", "first_name": "Ada", "last_name": "L."}
CLUB = {"id": -100, "type": "supergroup", "title": "The Club"}
IN_PRIVATE = Place(7, "private", "Ada L.")
IN_CLUB = Place(-100, "supergroup", "The Club")
SHE = Sender(7, "Ada L.", "ada")


def message(chat: dict[str, Any] = HOME, **more: Any) -> dict[str, Any]:
    return {"update_id": 1, "message": {"message_id": 3, "chat": chat, "from": ADA, **more}}


def moved(name: str, status: str, chat: dict[str, Any] = HOME, **more: Any) -> dict[str, Any]:
    member = {"user": ADA, "status": status, **more}
    said = {"chat": chat, "from": ADA, "date": 99, "new_chat_member": member}
    return {"update_id": 1, name: said}


def pressed(said: object, **more: Any) -> dict[str, Any]:
    press = {"id": "44", "from": ADA, "message": said, "data": "today:next", **more}
    return {"update_id": 1, "callback_query": press}


READ = {
    "a command": (message(text="/today"), CommandSent(IN_PRIVATE, SHE, "today")),
    "a command in capitals": (message(text="/ToDay"), CommandSent(IN_PRIVATE, SHE, "today")),
    "a command with words": (
        message(text="/place  48.2\n 16.4 "),
        CommandSent(IN_PRIVATE, SHE, "place", "48.2 16.4"),
    ),
    "a command for one bot": (
        message(CLUB, text="/today@Sky_Bot now"),
        CommandSent(IN_CLUB, SHE, "today", "now", "Sky_Bot"),
    ),
    "words": (message(text="hello"), WordsSent(IN_PRIVATE, SHE)),
    "a slash alone": (message(text="/"), WordsSent(IN_PRIVATE, SHE)),
    "a picture": (message(photo=[]), WordsSent(IN_PRIVATE, SHE)),
    "words in a group": (message(CLUB, text="hello"), None),
    "a place": (
        message(location={"latitude": 48.2, "longitude": 16}),
        LocationSent(IN_PRIVATE, SHE, 48.2, 16.0),
    ),
    "a place that is none": (
        message(location={"latitude": 90.1, "longitude": 16}),
        WordsSent(IN_PRIVATE, SHE),
    ),
    "a button": (
        pressed({"message_id": 3, "chat": HOME, "text": "Today"}),
        ButtonPressed(IN_PRIVATE, SHE, "44", "today:next", 3),
    ),
    "a button under a photo": (
        pressed({"message_id": 3, "chat": HOME, "photo": []}),
        ButtonPressed(IN_PRIVATE, SHE, "44", "today:next", 0),
    ),
    "a button of nowhere": (pressed(None), None),
    "a button without an id": (pressed({"chat": HOME}, id="\0"), None),
    "blocked": (moved("my_chat_member", "kicked"), BotMoved(IN_PRIVATE, SHE, is_in=False)),
    "added": (moved("my_chat_member", "member", CLUB), BotMoved(IN_CLUB, SHE, is_in=True)),
    "a member": (
        moved("chat_member", "restricted", CLUB, is_member=True),
        MemberChanged(IN_CLUB, SHE, "restricted", is_member=True, at=99),
    ),
    "a member in quotes": (
        moved("chat_member", "restricted", CLUB, is_member="yes"),
        MemberChanged(IN_CLUB, SHE, "restricted", is_member=False, at=99),
    ),
    "a standing that is none": (moved("chat_member", "king", CLUB), None),
    "a group that grew": (
        message(CLUB, migrate_to_chat_id=-200),
        ChatReplaced(IN_CLUB, SHE, -200),
    ),
    "a post of a channel": ({"update_id": 1, "channel_post": {"text": "/today"}}, None),
    "another bot": (message(text="/today", **{"from": {**ADA, "is_bot": True}}), None),
    "a hidden administrator": (
        message(CLUB, text="/today", sender_chat=CLUB),
        CommandSent(IN_CLUB, Sender(-100, "The Club"), "today"),
    ),
    "a channel in a group": (message(CLUB, text="/today", sender_chat={"id": -7}), None),
    "a private chat of a group's number": (message({**HOME, "id": -7}, text="/today"), None),
}


@pytest.mark.parametrize(("update", "happened"), READ.values(), ids=READ.keys())
def test_an_update_is_read(update: dict[str, Any], happened: object) -> None:
    assert update_read(update) == happened


@pytest.mark.parametrize("update", [said for said, found in READ.values() if found])
def test_what_happened_is_kept_whole(update: dict[str, Any]) -> None:
    happened = update_read(update)
    assert happened is not None
    assert recalled(orjson.loads(orjson.dumps(kept(happened)))) == happened


@pytest.mark.parametrize("number", [True, 1.0, "1", None, -1, 2**63, [], {}], ids=repr)
def test_what_has_no_number_is_no_update(number: object) -> None:
    assert update_number({"update_id": number}) is None


def test_names_hide_and_turn_nothing() -> None:
    name = "A\0\u202eb\ud800\n" + "x" * 500
    happened = update_read(message(text="/today\0", chat={**HOME, "first_name": name}))
    assert isinstance(happened, WordsSent)  # a control within a command is no command
    assert happened.chat.title == "Ab " + "x" * 147
