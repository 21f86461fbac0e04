"""What this app adds to those that know nothing of it: pages, people's rows, what stays ended."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.mailing import letter_writer_register
from accounts.models import Mail
from accounts.pages.additions import Addition, tab_register, way_in_register
from accounts.selectors.belongings import loose_ends_register
from accounts.selectors.membership import membership_source_register
from accounts.services.letters import letter_carrier_register
from accounts.services.passwords import reset_end_register
from starscal.core.backup.journal import restored_register
from telegram_link.mailing import linked_letter, unlinked_letter
from telegram_link.selectors.links import bot_is_on, telegram_loose_ends
from telegram_link.services.letters import letter_to_chat
from telegram_link.services.linking import links_reset
from telegram_link.services.membership import is_member_now
from telegram_link.services.restoration import UNLINKED, links_end_again, sent_no_more


def register() -> None:
    """Tell them, once all models are loaded."""
    membership_source_register(is_member_now)
    loose_ends_register(telegram_loose_ends)
    reset_end_register(links_reset)
    letter_carrier_register(letter_to_chat)
    letter_writer_register(Mail.Kind.TELEGRAM_LINKED, linked_letter)
    letter_writer_register(Mail.Kind.TELEGRAM_UNLINKED, unlinked_letter)
    restored_register("telegram_link", actions=[UNLINKED], obey=links_end_again)
    restored_register("telegram_queue", actions=[], obey=sent_no_more)
    tab_register(Addition("telegram:link", _("Telegram"), bot_is_on))
    way_in_register(Addition("telegram:sign-in", _("Sign in with Telegram"), bot_is_on))
