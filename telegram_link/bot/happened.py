"""What an update of Telegram says has happened, as far as the bot cares.

Nothing of an update is believed: what is too long is cut, what hides or turns writing goes, and
whatever lacks what it should have did not happen. Only this is stored, never the update itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from telegram_link.models import TelegramChat


@dataclass(frozen=True, slots=True)
class Place:
    """The chat in which something happened."""

    id: int
    kind: str
    title: str = ""
    username: str = ""

    @property
    def is_private(self) -> bool:
        return self.kind == TelegramChat.Kind.PRIVATE


@dataclass(frozen=True, slots=True)
class Sender:
    """Who did it, as Telegram names them."""

    id: int
    name: str = ""
    username: str = ""
    language_code: str = ""


@dataclass(frozen=True, slots=True)
class CommandSent:
    """``/name@bot arguments``; ``bot`` is empty where nobody in particular was meant."""

    chat: Place
    sender: Sender
    name: str
    arguments: str = ""
    bot: str = ""


@dataclass(frozen=True, slots=True)
class WordsSent:
    """Something in a private chat that is no command."""

    chat: Place
    sender: Sender


@dataclass(frozen=True, slots=True)
class LocationSent:
    """A place that somebody sent in a private chat."""

    chat: Place
    sender: Sender
    latitude_deg: float
    longitude_deg: float


@dataclass(frozen=True, slots=True)
class ButtonPressed:
    """A button sent ``data``; ``message_id`` is 0 if it stands under no text that can be edited."""

    chat: Place
    sender: Sender
    press_id: str
    data: str
    message_id: int = 0


@dataclass(frozen=True, slots=True)
class BotMoved:
    """The bot was added to a chat, or taken out of it; in a private one unblocked or blocked."""

    chat: Place
    sender: Sender
    is_in: bool


@dataclass(frozen=True, slots=True)
class ChatReplaced:
    """A group became a supergroup, which has another number."""

    chat: Place
    sender: Sender
    new_id: int


@dataclass(frozen=True, slots=True)
class MemberChanged:
    """The standing of a person in a chat whose members the bot is told of."""

    chat: Place
    sender: Sender  # the person whose standing it is
    status: str
    is_member: bool
    at: int  # seconds since 1970, by Telegram's clock


Happened = (
    CommandSent | WordsSent | LocationSent | ButtonPressed | BotMoved | ChatReplaced | MemberChanged
)
KINDS: Final[Mapping[str, type[Happened]]] = {
    "command": CommandSent,
    "words": WordsSent,
    "location": LocationSent,
    "press": ButtonPressed,
    "bot": BotMoved,
    "replaced": ChatReplaced,
    "member": MemberChanged,
}
NAMES: Final = {kind: name for name, kind in KINDS.items()}


def kept(happened: Happened) -> dict[str, Any]:
    """Return what happened as a row keeps it."""
    return {"what": NAMES[type(happened)], **asdict(happened)}


def recalled(body: Mapping[str, Any]) -> Happened:
    """Return what ``kept`` has written."""
    said = {name: value for name, value in body.items() if name != "what"}
    said["chat"], said["sender"] = Place(**said["chat"]), Sender(**said["sender"])
    return KINDS[body["what"]](**said)
