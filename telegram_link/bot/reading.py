"""Read what has happened out of an update, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from telegram_link.bot.fields import (
    CODE,
    ID,
    NAME,
    degrees_of,
    line_of,
    matching,
    number_of,
    part_of,
    words_of,
)
from telegram_link.bot.happened import (
    BotMoved,
    ButtonPressed,
    ChatReplaced,
    CommandSent,
    Happened,
    LocationSent,
    MemberChanged,
    Place,
    Sender,
    WordsSent,
)
from telegram_link.models import TelegramChat

Part = Mapping[str, Any]

LONGEST_NAME: Final = 150
LONGEST_ARGUMENTS: Final = 1000
LONGEST_DATA: Final = 64
LATITUDE_DEG: Final = 90.0
LONGITUDE_DEG: Final = 180.0
SLASHED: Final = re.compile(
    r"/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]{1,32}))?(?:\s+(.*))?", re.DOTALL
)
INSIDE: Final = frozenset({"creator", "administrator", "member"})
STATUSES: Final = INSIDE | {"restricted", "left", "kicked"}


def update_number(update: object) -> int | None:
    """Return the number of an update, None of what is no update."""
    number = update.get("update_id") if isinstance(update, Mapping) else None
    if isinstance(number, bool) or not isinstance(number, int):
        return None
    return number if 0 <= number < 2**63 else None


def update_read(update: object) -> Happened | None:
    """Return what has happened, or None for what the bot does not care for."""
    for name, read in READERS.items():
        part = part_of(update, name)
        if part:
            return read(part)
    return None


def _message(message: Part) -> Happened | None:
    chat, sender = _chat(part_of(message, "chat")), _author(message)
    if chat is None or sender is None or chat.kind == TelegramChat.Kind.CHANNEL:
        return None
    new_id = number_of(message, "migrate_to_chat_id")
    if new_id:
        return None if chat.is_private else ChatReplaced(chat, sender, new_id)
    found = SLASHED.fullmatch(words_of(message, "text"))
    if found:
        name, bot, rest = found.groups(default="")
        return CommandSent(chat, sender, name.lower(), line_of(rest, LONGEST_ARGUMENTS), bot)
    return _private_message(chat, sender, message) if chat.is_private else None


def _private_message(chat: Place, sender: Sender, message: Part) -> Happened:
    place = part_of(message, "location")
    latitude = degrees_of(place, "latitude", LATITUDE_DEG)
    longitude = degrees_of(place, "longitude", LONGITUDE_DEG)
    if latitude is None or longitude is None:
        return WordsSent(chat, sender)
    return LocationSent(chat, sender, latitude, longitude)


def _press(press: Part) -> Happened | None:
    message = part_of(press, "message")
    chat, sender = _chat(part_of(message, "chat")), _person(part_of(press, "from"))
    press_id = matching(ID, words_of(press, "id"))
    if chat is None or sender is None or not press_id:
        return None
    # Only a text can be edited into another one; a photo, or what is too old, cannot.
    message_id = number_of(message, "message_id") if words_of(message, "text") else 0
    data = line_of(words_of(press, "data"), LONGEST_DATA)
    return ButtonPressed(chat, sender, press_id, data, max(0, message_id))


def _bot_moved(change: Part) -> Happened | None:
    chat, sender = _chat(part_of(change, "chat")), _person(part_of(change, "from"))
    status, is_in = _standing(part_of(change, "new_chat_member"))
    if chat is None or sender is None or not status:
        return None
    return BotMoved(chat, sender, is_in)


def _member(change: Part) -> Happened | None:
    member = part_of(change, "new_chat_member")
    chat, person = _chat(part_of(change, "chat")), _person(part_of(member, "user"))
    status, is_in = _standing(member)
    if chat is None or person is None or not status:
        return None
    return MemberChanged(chat, person, status, is_in, _moment(change))


READERS: Final[Mapping[str, Callable[[Part], Happened | None]]] = {
    "message": _message,
    "callback_query": _press,
    "my_chat_member": _bot_moved,
    "chat_member": _member,
}


def _moment(change: Part) -> int:
    """Return when something happened, in seconds since 1970; 0 if that is no moment of our time."""
    seconds = number_of(change, "date")
    return seconds if 0 < seconds < 2**32 else 0


def _standing(member: Part) -> tuple[str, bool]:
    """Return a status and whether who has it is in the chat; an empty one if it is unknown."""
    status = words_of(member, "status")
    is_restricted_inside = status == "restricted" and member.get("is_member") is True
    return (status if status in STATUSES else ""), status in INSIDE or is_restricted_inside


def _chat(chat: Part) -> Place | None:
    number, kind = number_of(chat, "id"), words_of(chat, "type")
    if not number or kind not in TelegramChat.Kind.values:
        return None
    if (kind == TelegramChat.Kind.PRIVATE) != (number > 0):
        return None
    title = words_of(chat, "title") or _full_name(chat)
    username = matching(NAME, words_of(chat, "username"))
    return Place(number, kind, line_of(title, LONGEST_NAME), username)


def _author(message: Part) -> Sender | None:
    """Return who wrote; an administrator who hides behind the group is the group itself."""
    mask = part_of(message, "sender_chat")
    if not mask:
        return _person(part_of(message, "from"))
    if number_of(mask, "id") != number_of(part_of(message, "chat"), "id"):
        return None
    return Sender(number_of(mask, "id"), line_of(words_of(mask, "title"), LONGEST_NAME))


def _person(person: Part) -> Sender | None:
    number = number_of(person, "id")
    if number <= 0 or person.get("is_bot") is True:
        return None
    return Sender(
        number,
        line_of(_full_name(person), LONGEST_NAME),
        matching(NAME, words_of(person, "username")),
        matching(CODE, words_of(person, "language_code")),
    )


def _full_name(person: Part) -> str:
    return f"{words_of(person, 'first_name')} {words_of(person, 'last_name')}"
