"""What a message to a chat consists of, and how it is kept in the queue.

Texts are HTML of the Bot API: everything that is not ours goes through ``escaped``.
"""

from __future__ import annotations

import html
from dataclasses import asdict, dataclass
from typing import Any, Final

from events.chat_text import plain, units

LONGEST_TEXT: Final = 4096  # units of UTF-16 once the tags are taken away
LONGEST_CAPTION: Final = 1024
LONGEST_DATA: Final = 64  # bytes of what a button sends back


def escaped(text: str) -> str:
    """Return text of others as HTML: no tag of theirs, nothing that hides or turns writing."""
    return html.escape(plain(text), quote=False)


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message: it sends ``data`` back to the bot, or opens ``url``."""

    text: str
    data: str = ""
    url: str = ""

    def __post_init__(self) -> None:
        if bool(self.data) == bool(self.url):
            raise ValueError("A button sends data or opens an address.")
        if len(self.data.encode()) > LONGEST_DATA:
            raise ValueError(f"A button sends at most {LONGEST_DATA} bytes.")

    def markup(self) -> dict[str, str]:
        if self.url:
            return {"text": self.text, "url": self.url}
        return {"text": self.text, "callback_data": self.data}


Keyboard = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Message:
    """A text of HTML with buttons, or a photo with that caption.

    ``figure_of`` is the reference of the event whose figure the photo is (its id or slug).
    ``location_asked`` is the text of a button that lets a phone send where it is.
    """

    text: str
    keyboard: Keyboard = ()
    figure_of: str = ""
    location_asked: str = ""

    def parameters(self) -> dict[str, Any]:
        """Return the message as parameters of ``sendMessage`` or ``editMessageText``."""
        said: dict[str, Any] = {
            "text": self.text,
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        }
        markup = self.markup()
        return {**said, "reply_markup": markup} if markup else said

    def markup(self) -> dict[str, Any]:
        if self.location_asked:
            button = {"text": self.location_asked, "request_location": True}
            return {"keyboard": [[button]], "resize_keyboard": True, "one_time_keyboard": True}
        rows = [[button.markup() for button in row] for row in self.keyboard]
        return {"inline_keyboard": rows} if rows else {}


def stored(message: Message) -> dict[str, Any]:
    """Return a message as the queue keeps it."""
    return asdict(message)


def restored(body: dict[str, Any]) -> Message:
    """Return the message that ``stored`` has written."""
    rows = tuple(tuple(Button(**button) for button in row) for row in body["keyboard"])
    return Message(**{**body, "keyboard": rows})


def visible_units(text: str) -> int:
    """Return how long Telegram finds a text: without tags, in units of UTF-16."""
    bare: list[str] = []
    within = False
    for sign in text:
        if sign == "<":
            within = True
        if not within:
            bare.append(sign)
        if sign == ">":
            within = False
    return units(html.unescape("".join(bare)))
