"""Who is linked with which chat, and what became of a token."""

from __future__ import annotations

from typing import Any, Literal, TypedDict
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.i18n import language_normalize
from telegram_link.models import (
    BotState,
    Notification,
    TelegramAccount,
    TelegramChat,
    TelegramLinkToken,
    TelegramUpdate,
)

State = Literal["waiting", "opened", "over"]


class TelegramState(TypedDict):
    """Whether an account is linked, and with whom."""

    linked: bool
    name: str
    username: str
    linked_at: str | None
    subscribed: bool
    only_way_in: bool


def bot_username() -> str:
    """Return how the bot is called in Telegram, an empty text while it is off."""
    if not settings.TELEGRAM_BOT_TOKEN:
        return ""
    return BotState.objects.values_list("username", flat=True).first() or ""


def bot_is_on() -> bool:
    return bool(bot_username())


def bot_address(token: str) -> str:
    """Return where Telegram opens the bot with a token. Errors: TELEGRAM_OFF."""
    username = bot_username()
    if not username:
        raise ApplicationError(ErrorCode.TELEGRAM_OFF, _("The Telegram bot is off here."))
    return f"https://t.me/{username}?start={token}"


def account_of_chat(*, chat_id: int) -> TelegramAccount | None:
    return TelegramAccount.objects.select_related("user").filter(chat_id=chat_id).first()


def is_only_way_in(*, user: User) -> bool:
    """Say whether a user could not get in any more without Telegram.

    A password does not count: whoever has the session of a person for a moment can set one.
    """
    return not (user.email and user.email_verified_at)


def link_token(*, token_id: UUID, session_id: UUID) -> TelegramLinkToken | None:
    """Return the token by which a session asked to be linked; no other session finds it."""
    return TelegramLinkToken.objects.filter(
        pk=token_id, purpose=TelegramLinkToken.Purpose.LINK, session=session_id
    ).first()


def tokens_open() -> QuerySet[TelegramLinkToken]:
    """Return the tokens that something can still come of."""
    return TelegramLinkToken.objects.filter(ended_at__isnull=True, expires_at__gt=Now())


def token_state(*, token: TelegramLinkToken) -> State:
    """Return what became of a token to link: "opened" once its opener said yes, too."""
    if not tokens_open().filter(pk=token.pk).exists():
        return "over"
    return "opened" if token.agreed_at else "waiting"


def chat_language(*, chat: TelegramChat | None, user: User | None) -> str:
    """Return the language in which a chat is written to."""
    said = [user.language if user else ""]
    if chat is not None:
        said += [chat.language, language_normalize(chat.language_code) or ""]
    return next(filter(None, said), settings.LANGUAGE_CODE)


def telegram_loose_ends(user: User) -> list[QuerySet[Any]]:
    """Return what belongs to a user through the chat; in the order in which it can be deleted."""
    chats = TelegramAccount.objects.filter(user=user).values("chat")
    opened = Q(opened_id__in=chats)
    if user.telegram_user_id is not None:
        opened |= Q(opened_id=user.telegram_user_id)
    return [
        TelegramLinkToken.objects.filter(opened),
        TelegramUpdate.objects.filter(chat_id__in=chats),
        Notification.objects.filter(chat__in=chats),
        TelegramChat.objects.filter(pk__in=chats),
    ]
