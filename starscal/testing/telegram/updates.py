"""Updates in the shapes that the Bot API has for them, without their number."""

from __future__ import annotations

import re
from time import time
from typing import Any, Final

from starscal.testing.telegram.entities import units
from starscal.testing.telegram.world import Chat, Membership, Person

COMMAND: Final = re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,32}(?:@\w+)?")

Update = dict[str, Any]


def message(person: Person, chat: Chat, **content: Any) -> dict[str, Any]:
    """Return a message that somebody writes, and keep it in the chat."""
    number = next(chat.numbers)
    said: dict[str, Any] = {"message_id": number, "from": person.shape(), "chat": chat.shape()}
    said |= {"date": int(time()), **content}
    commands = [
        {
            "type": "bot_command",
            "offset": units(said["text"][: found.start()]),
            "length": len(found[0]),
        }
        for found in COMMAND.finditer(said.get("text", ""))
    ]
    if commands:
        said["entities"] = commands
    chat.messages[number] = said
    return said


def text_update(person: Person, chat: Chat, text: str) -> Update:
    """Return the update for a text or command."""
    return {"message": message(person, chat, text=text)}


def pressed_update(person: Person, pressed: dict[str, Any], data: str, query_id: str) -> Update:
    """Return the update for a button that somebody pressed under a message of the bot."""
    query = {
        "id": query_id,
        "from": person.shape(),
        "message": pressed,
        "chat_instance": str(pressed["chat"]["id"] * 7919),
        "data": data,
    }
    return {"callback_query": query}


def changed_update(
    name: str, by: Person, chat: Chat, whom: Person, old: Membership, new: Membership
) -> Update:
    """Return the update ``my_chat_member`` or ``chat_member``."""
    change = {
        "chat": chat.shape(),
        "from": by.shape(),
        "date": int(time()),
        "old_chat_member": old.shape(whom),
        "new_chat_member": new.shape(whom),
    }
    return {name: change}
