"""What a command or a button is, and what it may answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from telegram_link.bot.reader import Reader
from telegram_link.messages import Message


@dataclass(frozen=True, slots=True)
class Answer:
    """Messages to send in this order; ``edited`` replaces the message under whose button it was.

    ``toast`` is a word that Telegram shows for a moment to whoever pressed a button.
    """

    messages: tuple[Message, ...] = ()
    edited: Message | None = None
    toast: str = ""


Responder = Callable[[Reader, str], Answer]


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the bot: ``answer`` gets the reader and what stood after the command's name.

    ``pressed`` gets what a button of this command sent, without the name and the colon in front.
    ``summary`` is the line in Telegram's menu, lazily translated. In a group everybody may use a
    command, unless ``for_admins``: then only those who administrate the group.
    """

    name: str
    summary: Any
    answer: Responder
    pressed: Responder | None = None
    in_groups: bool = True
    for_admins: bool = False


def said(text: str, **more: Any) -> Answer:
    """Return an answer of one message of HTML."""
    return Answer(messages=(Message(text, **more),))
