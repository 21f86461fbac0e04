"""Sign in and sign up with Telegram: a link to the bot, and the code that it tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.selectors.people import user_locked
from accounts.services.joining import user_join
from accounts.services.sessions import deactivated
from starscal.core.audit import login_failure_record
from starscal.core.exceptions import ApplicationError, ErrorCode
from telegram_link.models import TelegramLinkToken
from telegram_link.services.linking import chat_link, taken
from telegram_link.services.tokens import (
    Asked,
    Purpose,
    device_clean,
    token_new,
    token_settle,
    token_try,
    token_try_return,
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What somebody gives who signs in; ``surface`` is web or api.

    ``consent`` says that an account may be made, in ``language``, if there is none.
    """

    token_id: UUID
    holder: str
    code: str
    surface: str
    consent: bool = False
    language: str = ""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who has proved to be whom, and on what."""

    user: User
    device: str
    joined: bool = False


def sign_in_ask(*, device: str, by_page: bool = False) -> Asked:
    """Make a token to sign in with; only who holds the secret given with it can use it.

    ``by_page`` says that a page of ours asks, whose host the bot names with the code. Nobody else
    can have one named, for no device has a dot or a comma.
    Changes: one TelegramLinkToken. Announces nothing. Errors: TELEGRAM_OFF.
    """
    host = urlsplit(settings.SITE_URL).hostname if by_page else None
    asker = ", ".join(filter(None, (host, device_clean(device))))
    return token_new(purpose=Purpose.SIGN_IN, device=asker)


def sign_in_prove(*, attempt: Attempt) -> SignedIn:
    """Return whose chat it is that was told the code; the caller opens the session.

    Whoever has no account gets one, if they agree to it: without password and address, linked with
    the chat. Changes: the token, which works once; with consent what ``user_join`` and
    ``chat_link`` change; a failure is audited. Not one transaction, so that a try stays counted.
    Errors: TELEGRAM_CODE, the same for a wrong code, an unknown token and a foreign secret;
    AUTH_DEACTIVATED to those who know the code; TELEGRAM_NO_ACCOUNT; TELEGRAM_TAKEN.
    """
    token = token_try(token_id=attempt.token_id, holder=attempt.holder, code=attempt.code)
    if token is None:
        login_failure_record(
            name=f"telegram:{attempt.token_id}", surface=attempt.surface, reason="code"
        )
        raise refused()
    user = User.objects.filter(telegram_user_id=token.opened_id).first()
    if user is None and not attempt.consent:
        token_try_return(token=token)
        raise no_account(token)
    if user is None:
        return SignedIn(_join(token, attempt.language), token.device, joined=True)
    if not user.is_active:
        login_failure_record(
            name="", surface=attempt.surface, reason="deactivated", user=str(user.pk)
        )
        raise deactivated()
    if not token_settle(token=token):  # another request was faster
        raise refused()
    return SignedIn(user, token.device)


def refused() -> ApplicationError:
    return ApplicationError(
        ErrorCode.TELEGRAM_CODE,
        _("The code is wrong or no longer valid. Begin again if need be."),
    )


def no_account(token: TelegramLinkToken) -> ApplicationError:
    told: dict[str, Any] = {"name": token.opened_name, "username": token.opened_username}
    return ApplicationError(
        ErrorCode.TELEGRAM_NO_ACCOUNT,
        _("This Telegram account has no account here yet. Send `consent` as true to create one."),
        extra={"telegram": told},
    )


def _join(token: TelegramLinkToken, language: str) -> User:
    try:
        with transaction.atomic():
            if not token_settle(token=token):
                raise refused()
            user = user_join(
                names=(token.opened_username, token.opened_name),
                display_name=token.opened_name,
                language=language,
            )
            chat_link(user=user_locked(user_id=user.pk) or user, token=token)
    except IntegrityError:  # the same person, by another token, at the same moment
        raise taken() from None
    user.refresh_from_db()
    return user
