"""Updates as Telegram sends them, for the tests."""

from __future__ import annotations

from itertools import count
from typing import Any

NUMBERS = count(1_000)
ADA = {"id": 7, "is_bot": False, "first_name": "Ada", "username": "ada", "language_code": "de"}
HOME = {"id": 7, "type": "private", "first_name": "Ada", "username": "ada"}
CLUB = {"id": -100_7, "type": "supergroup", "title": "The Club"}


def update(**what: Any) -> dict[str, Any]:
    return {"update_id": next(NUMBERS), **what}


def message(
    text: str = "", *, chat: dict[str, Any] = HOME, sender: dict[str, Any] = ADA, **more: Any
) -> dict[str, Any]:
    words = {"text": text} if text else {}
    said = {"message_id": 3, "date": 1, "chat": chat, "from": sender, **words, **more}
    return update(message=said)


def private(number: int, text: str, **person: Any) -> dict[str, Any]:
    """Return a message in the private chat of somebody."""
    who = {"id": number, "is_bot": False, "first_name": f"P{number}", **person}
    chat = {"id": number, "type": "private", "first_name": f"P{number}"}
    return message(text, chat=chat, sender=who)


def press(
    data: str, *, chat: dict[str, Any] = HOME, sender: dict[str, Any] = ADA, **more: Any
) -> dict[str, Any]:
    under = {"message_id": 5, "date": 1, "chat": chat, "text": "Pressed here."} | more
    return update(callback_query={"id": "99", "from": sender, "message": under, "data": data})


def moved(status: str, *, chat: dict[str, Any] = HOME, **more: Any) -> dict[str, Any]:
    """Return that the standing of the bot has changed."""
    new = {"user": {"id": 1, "is_bot": True, "first_name": "Sky"}, "status": status, **more}
    return update(my_chat_member={"chat": chat, "from": ADA, "date": 1, "new_chat_member": new})
