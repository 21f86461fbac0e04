"""Queue what the bot answers to an update."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from events.chat_text import shortened
from telegram_link.bot.frame import Answer
from telegram_link.bot.happened import ButtonPressed, Happened
from telegram_link.messages import Message, stored
from telegram_link.models import Notification
from telegram_link.services.queue import notification_row, notifications_queue

LONGEST_TOAST: Final = 200


def answer_queue(*, key: str, happened: Happened, answer: Answer) -> int:
    """Queue an answer and return how many calls it takes.

    Whoever pressed a button always gets an answer, an empty one if need be, or the button would
    seem to hang. Changes: Notifications, in the caller's transaction. Announces nothing.
    Idempotent: by the key, to which the number of each call is added. Locks: none.
    """
    rows = [
        _row(happened.chat.id, f"{key}-{number}", method, body)
        for number, (method, body) in enumerate(_calls(happened, answer), 1)
    ]
    notifications_queue(rows=rows)
    return len(rows)


def _row(chat_id: int, key: str, method: str, body: dict[str, Any]) -> Notification:
    row = notification_row(chat_id=chat_id, key=key, kind=Notification.Kind.REPLY, body=body)
    row.method = method
    return row


def _calls(happened: Happened, answer: Answer) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the methods to call and what is stored for them, in their order."""
    if isinstance(happened, ButtonPressed):
        toast = shortened(answer.toast, LONGEST_TOAST)
        told = {"text": toast} if toast else {}
        yield "answerCallbackQuery", {"callback_query_id": happened.press_id, **told}
    if answer.edited is not None:
        yield _edited(happened, answer.edited)
    for message in answer.messages:
        yield _new(message)


def _edited(happened: Happened, message: Message) -> tuple[str, dict[str, Any]]:
    """Return how to replace the message under the button; what cannot be replaced is sent anew."""
    number = happened.message_id if isinstance(happened, ButtonPressed) else 0
    if not number or message.figure_of or message.location_asked:
        return _new(message)
    return "editMessageText", {**stored(message), "edited_id": number}


def _new(message: Message) -> tuple[str, dict[str, Any]]:
    return ("sendPhoto" if message.figure_of else "sendMessage"), stored(message)
