"""/stop: nothing comes unasked any more."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from telegram_link.bot.frame import Answer, Command, said
from telegram_link.bot.phrases import paragraphs
from telegram_link.bot.reader import Reader
from telegram_link.messages import Button, Keyboard, escaped
from telegram_link.services.chats import chat_stop


def answer(reader: Reader, _words: str) -> Answer:
    """Stop whatever follows the command: who wants silence gets it."""
    is_linked = reader.user is not None
    chat_stop(chat=reader.chat, user=reader.user, at=reader.at)
    silent = _("I am silent now: no digest, reminder or announcement comes to this chat any more.")
    rest = _linked(reader) if is_linked else _forgotten()
    return said(paragraphs(f"🔕 {silent}", rest), keyboard=_again())


def _linked(reader: Reader) -> str:
    """Say what stays, how to come back, and where the account is unlinked and deleted."""
    path = reverse("account:data", args=[reader.language])
    return paragraphs(
        _(
            "Your settings stay; /start brings everything back. /link shows the account that is "
            "linked to this chat, and unlinks it."
        ),
        _("The account itself can be deleted on its page: %(address)s")
        % {"address": escaped(settings.SITE_URL + path)},
    )


def _forgotten() -> str:
    return _("The settings of this chat are deleted. /start begins again.")


def _again() -> Keyboard:
    return ((Button(_("Start again"), "start:again"),),)


COMMAND = Command("stop", gettext_lazy("Stop all messages"), answer, for_admins=True)
