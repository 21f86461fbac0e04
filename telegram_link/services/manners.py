"""Decide what an update gets before anything is done: an answer, a refusal, or silence.

A ``Question`` says whether the sender may use what is for administrators; what asks Telegram on
the way is never called inside a transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final

from starscal.core.api.problems import DETAILS
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.i18n import language_active
from starscal.core.limits import TELEGRAM_CHAT
from starscal.core.ratelimit import refusal, remember, remembers, take
from telegram_link.bot.dispatch import SILENCE, Asking, answer_to, command_of, is_asking
from telegram_link.bot.frame import Answer, said
from telegram_link.bot.happened import ButtonPressed, CommandSent, Happened
from telegram_link.bot.members import needs_standing
from telegram_link.bot.reader import Reader
from telegram_link.client import BotApiError, RetryAfter, client_shared
from telegram_link.messages import escaped
from telegram_link.models import BotState
from telegram_link.selectors.membership import account_stale, is_silent
from telegram_link.services.membership import membership_of
from telegram_link.services.silence import bot_silence

Respond = Callable[[Reader], Answer]
Question = Callable[[], bool]

TOLD: Final = "telegram-told"
TOLD_S: Final = 60
ADMIN, NO_ADMIN = "telegram-admin", "telegram-no-admin"
ADMIN_S: Final = 60


def respond_of(happened: Happened, question: Question) -> Respond | None:
    """Return what makes the answer to an update, or None if it wants none.

    The question is put only for a chat that has not asked too often.
    A chat that asks too often is told so once a minute; beyond that nothing is said, though every
    button is answered, which costs no message. Without Redis nobody is held back.
    """
    if not isinstance(happened, Asking) or not is_asking(happened, _bot_name(happened)):
        return None
    verdict = take(TELEGRAM_CHAT, str(happened.chat.id))
    if verdict.allowed:
        is_admin = question()
        return lambda reader: answer_to(happened, reader=reader, is_admin=is_admin)
    if isinstance(happened, ButtonPressed) or _may_tell(happened.chat.id):
        return partial(refused, happened, refusal(verdict))
    return lambda _reader: SILENCE


def refused(happened: Happened, error: ApplicationError, reader: Reader) -> Answer:
    """Return the answer that says why something was not done."""
    with language_active(reader.language):
        text = str(error.message)
    return Answer(toast=text) if isinstance(happened, ButtonPressed) else said(escaped(text))


def _bot_name(happened: Happened) -> str:
    """Return the bot's own username, if that matters."""
    if not isinstance(happened, CommandSent) or not happened.bot:
        return ""
    return BotState.objects.values_list("username", flat=True).first() or ""


def _may_tell(chat_id: int) -> bool:
    """Say whether a chat was not told for a minute that it asks too often; then it is now."""
    if remembers(TOLD, str(chat_id)):
        return False
    remember(TOLD, str(chat_id), TOLD_S)
    return True


def question_of(happened: Happened, at: datetime) -> tuple[Question, bool]:
    """Return the question about a sender, and whether it asks Telegram.

    That also asks for the person of a private chat, where what they want depends on whether they
    are a member and the last answer is old.
    """
    is_admin = admin_known(happened)
    if is_admin is None:
        return partial(admin_asked, happened), True
    account = account_stale(chat_id=happened.chat.id, at=at) if needs_standing(happened) else None
    if account is None:
        return lambda: is_admin, False

    def question() -> bool:
        membership_of(user=account.user, at=at)
        return is_admin

    return question, True


def admin_known(happened: Happened) -> bool | None:
    """Say whether a sender may use what is for administrators; None if Telegram must be asked."""
    command = command_of(happened) if isinstance(happened, Asking) else None
    if command is None or not command.for_admins or happened.chat.is_private:
        return True
    if happened.sender.id == happened.chat.id:  # an administrator who hides behind the group
        return True
    who = _who(happened)
    if remembers(ADMIN, who):
        return True
    if remembers(NO_ADMIN, who) or not is_asking(happened, _bot_name(happened)):
        return False
    return None


def admin_asked(happened: Happened) -> bool:
    """Ask Telegram whether a sender is an administrator, and take its answer for a minute.

    Raises: ApplicationError (service.unavailable) if Telegram does not answer, or wants no calls.
    Changes: BotState, if Telegram says so now.
    """
    if is_silent():
        raise _unavailable()
    chat_id, user_id = happened.chat.id, happened.sender.id
    try:
        member = client_shared().get_chat_member(chat_id=chat_id, user_id=user_id)
    except BotApiError as error:
        if isinstance(error, RetryAfter):
            bot_silence(seconds=error.seconds)
        raise _unavailable() from error
    is_admin = member.is_administrator
    remember(ADMIN if is_admin else NO_ADMIN, _who(happened), ADMIN_S)
    return is_admin


def _unavailable() -> ApplicationError:
    return ApplicationError(ErrorCode.UNAVAILABLE, DETAILS[ErrorCode.UNAVAILABLE])


def _who(happened: Happened) -> str:
    return f"{happened.chat.id} {happened.sender.id}"
