"""Link the chat with an account, tell the code of a sign-in, and unlink."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from starscal.core.exceptions import ApplicationError
from starscal.core.limits import TELEGRAM_ASK
from starscal.core.ratelimit import refusal, take
from telegram_link.bot.frame import Answer, Command, said
from telegram_link.bot.lines import bold, literal
from telegram_link.bot.reader import Reader
from telegram_link.messages import Button, Keyboard, Message, escaped
from telegram_link.models import TelegramAccount, TelegramLinkToken
from telegram_link.selectors.links import account_of_chat
from telegram_link.services.chats import chat_start
from telegram_link.services.linking import UNLINK, account_unlink, unlinked_message
from telegram_link.services.tokens import (
    Opener,
    code_new,
    link_invalid,
    token_agree,
    token_open,
    token_refuse,
)

OFF: Final = "off"
NO: Final = "no"
YES: Final = "yes"
DIGITS_MOST: Final = 18


def start_opened(reader: Reader, token: str) -> Answer:
    """Answer ``/start <token>``: note who opened it, and say how to go on.

    Opening is not yet linking, nor signing in: that is done where the token was asked for. To link
    takes a yes of the opener besides, who may have been sent the link by somebody else.
    """
    if not reader.chat.is_private:
        return said(_("This works only in a private chat with me."))
    asked = take(TELEGRAM_ASK, f"chat:{reader.chat.pk}")
    if not asked.allowed:
        return said(escaped(str(refusal(asked).message)))
    code = code_new()
    opener = Opener(reader.chat.pk, reader.sender_name or reader.chat.title, reader.sender_username)
    opened = token_open(token=token, opener=opener, code=code)
    if opened is None:
        return said(escaped(str(link_invalid().message)))
    chat_start(chat=reader.chat)
    if opened.purpose == TelegramLinkToken.Purpose.SIGN_IN:
        return _code_told(opened, code)
    return _link_opened(reader, opened)


def answer(reader: Reader, _rest: str) -> Answer:
    """Answer /link: who is linked, and the ways to link and to unlink."""
    account = account_of_chat(chat_id=reader.chat.pk)
    if account is not None:
        return said(_linked_text(account), keyboard=(_page(reader), *_unlinking(account)))
    text = _("Link this chat with your account: open the page and sign in. It shows what to do.")
    return said(text, keyboard=(_page(reader),))


def pressed(reader: Reader, data: str) -> Answer:
    """Do what a button says: unlink, agree to be linked, or end a token of somebody else."""
    action, _colon, which = data.partition(":")
    if not reader.chat.is_private:
        return Answer()
    if action == OFF and which.isascii() and which.isdecimal() and len(which) <= DIGITS_MOST:
        return _unlinked(reader, int(which))
    token_id = _uuid(which)
    if token_id is None or action not in {YES, NO}:
        return Answer()
    return _agreed(reader, token_id) if action == YES else _refused(reader, token_id)


def _link_opened(reader: Reader, token: TelegramLinkToken) -> Answer:
    account = account_of_chat(chat_id=reader.chat.pk)
    if account is not None:
        return said(_linked_text(account), keyboard=_unlinking(account))
    yes = Button(_("That is me: link it"), data=f"link:{YES}:{token.pk}")
    return said(_asking(token), keyboard=((yes,), *_not_me(token)))


def _asking(token: TelegramLinkToken) -> str:
    name = token.user.username if token.user else ""
    return _(
        "The account %(name)s asks to be linked with this chat. If that is you, say so here, then "
        "go back to the page that sent you and confirm there."
    ) % {"name": literal(name)}  # a name with a dot becomes no link there


def _code_told(token: TelegramLinkToken, code: str) -> Answer:
    text = _(
        "Your code to sign in is %(code)s. Enter it only on the page that sent you here, opened "
        "with: %(device)s. Never tell it to anybody; nobody of StarsCalendars will ask you for it."
    ) % {
        "code": literal(code),
        "device": literal(token.device or _("Unknown device")),  # no address becomes a link there
    }
    return said(text, keyboard=_not_me(token))


def _unlinked(reader: Reader, account_id: int) -> Answer:
    account = account_of_chat(chat_id=reader.chat.pk)
    if account is None or account.pk != account_id:
        return Answer(edited=unlinked_message() if account is None else None)
    try:
        account_unlink(user=account.user, actor="bot", account_id=account_id)
    except ApplicationError as error:  # it would lock its owner out
        return said(escaped(str(error.message)))
    return Answer(edited=unlinked_message())


def _agreed(reader: Reader, token_id: UUID) -> Answer:
    token = token_agree(token_id=token_id, opener_id=reader.chat.pk)
    if token is None:
        return Answer(edited=Message(escaped(str(link_invalid().message))))
    return Answer(edited=Message(_asking(token), keyboard=_not_me(token)))


def _refused(reader: Reader, token_id: UUID) -> Answer:
    token_refuse(token_id=token_id, opener_id=reader.chat.pk)
    return Answer(edited=Message(_("All right. The link and its code are of no use any more.")))


def _uuid(which: str) -> UUID | None:
    try:
        return UUID(which)
    except ValueError:
        return None


def _linked_text(account: TelegramAccount) -> str:
    told = {"name": bold(account.user.username)}
    return _("This chat is linked with the account %(name)s.") % told


def _page(reader: Reader) -> tuple[Button, ...]:
    return (Button(_("Open the page"), url=f"{settings.SITE_URL}/{reader.language}/telegram/"),)


def _unlinking(account: TelegramAccount) -> Keyboard:
    return ((Button(_("Unlink"), data=f"{UNLINK}:{account.pk}"),),)


def _not_me(token: TelegramLinkToken) -> Keyboard:
    return ((Button(_("That was not me"), data=f"link:{NO}:{token.pk}"),),)


COMMAND: Final = Command(
    name="link",
    summary=gettext_lazy("Link this chat with your account"),
    answer=answer,
    pressed=pressed,
    in_groups=False,
)
