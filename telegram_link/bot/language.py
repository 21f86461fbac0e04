"""/language: in which of the ten languages the bot writes."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from starscal.core.i18n import language_active, language_normalize
from starscal.core.pages import NATIVE_NAMES
from telegram_link.bot.frame import Answer, Command, said
from telegram_link.bot.phrases import choice, cited, paragraphs, rows
from telegram_link.bot.reader import Reader
from telegram_link.messages import Keyboard, Message
from telegram_link.services.chats import chat_language_set

AS_TOLD: Final = "auto"  # whatever Telegram tells of the person


def answer(reader: Reader, words: str) -> Answer:
    if not words:
        return said(_question(), keyboard=_keyboard(reader.language))
    language = _named(words)
    if language is None:
        wrong = _("%(value)s is not one of my languages.") % {"value": cited(words)}
        return said(paragraphs(wrong, _question()), keyboard=_keyboard(reader.language))
    return Answer(messages=(_set(reader, language),))


def pressed(reader: Reader, data: str) -> Answer:
    if data == AS_TOLD:
        return Answer(edited=_set(reader, ""))
    return Answer(edited=_set(reader, data)) if data in NATIVE_NAMES else answer(reader, "")


def _question() -> str:
    return _("Which language should I write in?")


def _named(words: str) -> str | None:
    """Return the language that somebody wrote, by its tag or its own name."""
    wanted = words.strip().casefold()
    own = (code for code, name in NATIVE_NAMES.items() if name.casefold() == wanted)
    return next(own, None) or language_normalize(wanted)


def _set(reader: Reader, language: str) -> Message:
    """Set the language and say so in it; an empty one leaves it to Telegram."""
    chat_language_set(chat=reader.chat, user=reader.user, language=language)
    told = language or language_normalize(reader.chat.language_code) or settings.LANGUAGE_CODE
    with language_active(told):
        return Message(_("From now on I write in this language."), keyboard=_keyboard(told))


def _keyboard(current: str) -> Keyboard:
    names = [
        choice(name, f"language:{code}", chosen=code == current)
        for code, name in NATIVE_NAMES.items()
    ]
    return (*rows(names, 2), (choice(_("As in Telegram"), f"language:{AS_TOLD}"),))


COMMAND = Command("language", gettext_lazy("Choose the language"), answer, pressed, for_admins=True)
