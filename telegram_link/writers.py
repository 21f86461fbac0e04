"""Make of a queued notification the call that sends it: words, buttons, the photo."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from telegram_link.messages import LONGEST_CAPTION, Message, restored, visible_units
from telegram_link.services.sending import Claimed

EDITED: Final = "edited_id"  # beside a stored message: the one whose place it takes


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A call of the Bot API; a photo goes as a file."""

    method: str
    parameters: dict[str, Any]
    photo: bytes | None = None


def outgoing_write(claimed: Claimed) -> Outgoing | None:
    """Return the call that sends a notification; None if there is nothing to say any more."""
    return WRITERS.get(claimed.method, _sent)(claimed)


def _sent(claimed: Claimed) -> Outgoing | None:
    message = restored(claimed.body)
    photo = _photo(claimed, message)
    if photo is None:
        return Outgoing("sendMessage", {"chat_id": claimed.chat_id, **message.parameters()})
    return Outgoing("sendPhoto", {"chat_id": claimed.chat_id, **_captioned(message)}, photo)


def _photo(claimed: Claimed, message: Message) -> bytes | None:
    """Return the figure; None if there is none, or if the text is too long to stand under it."""
    if not message.figure_of or visible_units(message.text) > LONGEST_CAPTION:
        return None
    return None


def _captioned(message: Message) -> dict[str, Any]:
    markup = message.markup()
    said = {"caption": message.text, "parse_mode": "HTML"}
    return {**said, "reply_markup": markup} if markup else said


def _edited(claimed: Claimed) -> Outgoing:
    body = dict(claimed.body)
    place = {"chat_id": claimed.chat_id, "message_id": body.pop(EDITED)}
    return Outgoing(claimed.method, {**place, **restored(body).parameters()})


def _answered(claimed: Claimed) -> Outgoing:
    return Outgoing(claimed.method, claimed.body)


WRITERS: Final[Mapping[str, Callable[[Claimed], Outgoing | None]]] = {
    "editMessageText": _edited,
    "answerCallbackQuery": _answered,
}
