"""Answer what has happened in a chat: find the command that it is for."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from starscal.core.i18n import language_active
from telegram_link.bot.frame import Answer, Command, said
from telegram_link.bot.happened import (
    ButtonPressed,
    CommandSent,
    Happened,
    LocationSent,
    WordsSent,
)
from telegram_link.bot.reader import Reader
from telegram_link.bot.registry import command_named

Asking = CommandSent | WordsSent | LocationSent | ButtonPressed
SILENCE: Final = Answer()


def is_asking(happened: Happened, bot: str) -> bool:
    """Say whether something wants an answer of the bot, whose username is ``bot``.

    In a group only its own commands do; what is for another bot never does.
    """
    if not isinstance(happened, CommandSent):
        return isinstance(happened, Asking)
    if happened.bot and happened.bot.lower() != bot.lower():
        return False
    return happened.chat.is_private or command_named(happened.name) is not None


def command_of(happened: Happened) -> Command | None:
    """Return the command that something is for, if there is one."""
    if isinstance(happened, ButtonPressed):
        return command_named(happened.data.partition(":")[0])
    if isinstance(happened, LocationSent):
        return command_named("place")
    return command_named(happened.name) if isinstance(happened, CommandSent) else None


def answer_to(happened: Asking, *, reader: Reader, is_admin: bool = True) -> Answer:
    """Return what the bot answers, in the reader's language.

    ``is_admin`` says whether a sender in a group may use what is for its administrators alone.
    """
    command = command_of(happened)
    with language_active(reader.language):
        if command is None:
            return _unknown(happened)
        if not reader.chat.is_private:
            refusal = _refusal(command, is_admin=is_admin)
            if refusal:
                return _told(happened, refusal)
        return _answered(command, happened, reader)


def _answered(command: Command, happened: Asking, reader: Reader) -> Answer:
    if isinstance(happened, ButtonPressed):
        if command.pressed is None:
            return _unknown(happened)
        return command.pressed(reader, happened.data.partition(":")[2])
    if isinstance(happened, LocationSent):
        return command.answer(reader, f"{happened.latitude_deg:.6f} {happened.longitude_deg:.6f}")
    return command.answer(reader, happened.arguments if isinstance(happened, CommandSent) else "")


def _unknown(happened: Asking) -> Answer:
    if isinstance(happened, ButtonPressed):
        return Answer(toast=_("This button is too old. Send the command again."))
    if not happened.chat.is_private:
        return SILENCE
    return said(_("I understand only commands. /help shows them all."))


def _refusal(command: Command, *, is_admin: bool) -> str:
    if not command.in_groups:
        return _("This works only in a private chat with me.")
    if command.for_admins and not is_admin:
        return _("Only administrators of this group can change this.")
    return ""


def _told(happened: Asking, text: str) -> Answer:
    return Answer(toast=text) if isinstance(happened, ButtonPressed) else said(text)
