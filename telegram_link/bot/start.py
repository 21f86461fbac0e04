"""/start: a greeting, or the end of a link that opened the bot."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from telegram_link.bot.frame import Answer, Command
from telegram_link.bot.lines import bold
from telegram_link.bot.link import start_opened
from telegram_link.bot.phrases import paragraphs, rows
from telegram_link.bot.reader import Reader
from telegram_link.bot.registry import command_named
from telegram_link.messages import Button, Keyboard, Message
from telegram_link.services.chats import chat_start

OFFERED: Final = ("today", "next", "language", "place", "reminders", "help")


def answer(reader: Reader, words: str) -> Answer:
    """Greet; a chat that was stopped is spoken to again."""
    if words and reader.chat.is_private:
        return start_opened(reader, words)
    return Answer(messages=(_greeting(reader),))


def pressed(reader: Reader, data: str) -> Answer:
    """Do what the command does that a button of the greeting names."""
    command = command_named(data) if data in OFFERED else None
    if command is None or not (command.in_groups or reader.chat.is_private):
        return Answer(messages=(_greeting(reader),))
    return command.answer(reader, "")


def _greeting(reader: Reader) -> Message:
    was_stopped = reader.chat.stopped_at is not None
    chat_start(chat=reader.chat)
    name = reader.sender_name
    hello = _("Hello, %(name)s!") % {"name": bold(name)} if name else _("Hello!")
    back = _("I am back, and write to this chat again.") if was_stopped else ""
    what = _(
        "I tell you what happens in the sky: phases of the Moon, eclipses, planets, meteor "
        "showers, and the feasts of many calendars."
    )
    how = _("Tell me your place and your time zone, and I work out everything for where you are.")
    return Message(paragraphs(f"✨ {hello}", back, what, how), keyboard=_keyboard(reader))


def _keyboard(reader: Reader) -> Keyboard:
    labels = {
        "today": "🌌 " + _("Today"),
        # Translators: opens the list of the next events
        "next": "⏭ " + pgettext("button", "Next"),
        "language": "🌐 " + _("Language"),
        "place": "📍 " + _("Place"),
        "reminders": "🔔 " + _("Reminders"),
        "help": "❓ " + _("Help"),
    }
    offered = [name for name in OFFERED if _is_offered(name, reader)]
    return rows([Button(labels[name], f"start:{name}") for name in offered], 2)


def _is_offered(name: str, reader: Reader) -> bool:
    """Say whether a command is there, and for this chat."""
    command = command_named(name)
    return command is not None and (command.in_groups or reader.chat.is_private)


# In a group it undoes what an administrator stopped, and leads to what administrators choose.
COMMAND = Command("start", gettext_lazy("Begin, or begin again"), answer, pressed, for_admins=True)
