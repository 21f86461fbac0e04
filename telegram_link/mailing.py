"""Write the letters that tell an account's owner of chats which were linked and unlinked."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.links import FORGOTTEN_PAGE, page_address
from accounts.mailing import Letter
from accounts.models import User
from accounts.pages.frame import moment_text, zone_text
from telegram_link.models import TelegramAccount
from telegram_link.services.tokens import words_clean

NAME_CHARACTERS: Final = 50


def linked_letter(user: User, at: datetime, language: str) -> Letter:
    """Tell of the link that stood at a moment. Errors: ValueError if it does not stand any more."""
    account = TelegramAccount.objects.filter(user=user, linked_at__lte=at).first()
    if account is None:  # of its end there is a letter as well
        raise ValueError("The chat is not linked any more.")
    moment = moment_text(account.linked_at, user)
    told = {"username": user.username, "chat": _chat(account), "moment": moment}
    return Letter(
        subject=_("A Telegram chat was linked with your account"),
        paragraphs=(
            # Translators: %(chat)s is a name in Telegram, %(moment)s a date and a time of day
            _("A Telegram chat was linked with the account %(username)s: %(chat)s, %(moment)s.")
            % told,
            _(
                "Whoever has that chat can sign in to your account with it, and sees and changes "
                "there your language, place, time zone and reminders."
            ),
            zone_text(user),
        ),
        button=_("Open the page"),
        address=settings.SITE_URL + reverse("telegram:link", args=[language]),
        note=_(
            "If it was not you, unlink the chat on that page and choose a new password at once: "
            "somebody else can use your account."
        ),
    )


def unlinked_letter(user: User, at: datetime, language: str) -> Letter:
    """Tell that there is no link since a moment."""
    told = {"username": user.username, "moment": moment_text(at, user)}
    return Letter(
        subject=_("The Telegram chat was unlinked from your account"),
        paragraphs=(
            # Translators: %(moment)s is a date and a time of day
            _("The Telegram chat of the account %(username)s was unlinked: %(moment)s.") % told,
            zone_text(user),
        ),
        button=_("Choose a new password"),
        address=page_address(language, FORGOTTEN_PAGE),
        note=_(
            "If it was not you, choose a new password at once: somebody else can use your account."
        ),
    )


def _chat(account: TelegramAccount) -> str:
    """Return whose chat it is; strangers choose the name, and it makes no address in a letter."""
    name = words_clean(account.name, NAME_CHARACTERS)
    username = f"@{account.username}" if account.username else ""
    if name and username:
        return f"{name} ({username})"
    return name or username or str(account.telegram_user_id)
