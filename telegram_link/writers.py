"""Make of a queued notification the call that sends it: words, buttons, the photo."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from starscal.core import clock
from telegram_link.bot.digest import digest_message
from telegram_link.bot.event_words import reminder_message
from telegram_link.bot.letters import letter_message
from telegram_link.bot.reader import Reader
from telegram_link.figures import figure_bytes
from telegram_link.messages import LONGEST_CAPTION, Message, restored, visible_units
from telegram_link.models import TelegramChat
from telegram_link.selectors.readers import reader_of
from telegram_link.services.sending import Claimed

EDITED: Final = "edited_id"  # beside a stored message: the one whose place it takes
DIGEST: Final = "digest"  # in the place of a stored message: the day that is told of
WEEKLY: Final = "weekly"
LETTER: Final = "letter"  # or the kind of a letter about an account
REMINDER: Final = "reminder"  # or the event that one wished to be reminded of
STALE: Final = {False: timedelta(days=1), True: timedelta(days=3)}  # a day, a week: told too late


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
    message = _message(claimed)
    if message is None:
        return None
    photo = _photo(claimed, message)
    if photo is None:
        return Outgoing("sendMessage", {"chat_id": claimed.chat_id, **message.parameters()})
    return Outgoing("sendPhoto", {"chat_id": claimed.chat_id, **_captioned(message)}, photo)


def _message(claimed: Claimed) -> Message | None:
    if DIGEST in claimed.body:
        return _digest(claimed)
    if LETTER in claimed.body:
        return letter_message(claimed.chat_id, claimed.body[LETTER])
    if REMINDER in claimed.body:
        return reminder_message(_reader(claimed), claimed.body)
    return restored(claimed.body)


def _digest(claimed: Claimed) -> Message | None:
    """Write the digest as it is to be read now; None if it is of a day that has passed."""
    day, weekly = date.fromisoformat(claimed.body[DIGEST]), bool(claimed.body.get(WEEKLY))
    reader = _reader(claimed)
    if reader.at.astimezone(reader.zone).date() - day >= STALE[weekly]:
        return None
    return digest_message(reader, day, weekly)


def _photo(claimed: Claimed, message: Message) -> bytes | None:
    """Return the figure; None if there is none, or if the text is too long to stand under it."""
    if not message.figure_of or visible_units(message.text) > LONGEST_CAPTION:
        return None
    return figure_bytes(message.figure_of, _reader(claimed).language)


def _reader(claimed: Claimed) -> Reader:
    chat = TelegramChat.objects.get(pk=claimed.chat_id)
    return reader_of(chat=chat, at=clock.now())


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
