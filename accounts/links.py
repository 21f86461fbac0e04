"""Links in letters: signed, expiring, good for one use because they are bound to a state.

What a link does changes the state that it is bound to, so that it works once; nothing of it is
stored. The pages are at ``/<language>/account/<page>/<token>/``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.models import EmailChange, Registration, User
from starscal.core.exceptions import ApplicationError, ErrorCode


class Purpose(StrEnum):
    """What a link is for; also the name of its page."""

    VERIFY = "verify"
    RESET = "reset"
    KEEP = "keep"
    RETURN = "return"
    EMAIL = "email"


LIFETIMES: Final[Mapping[Purpose, timedelta]] = {
    Purpose.VERIFY: timedelta(hours=24),
    Purpose.RESET: timedelta(hours=1),
    Purpose.KEEP: timedelta(days=7),
    Purpose.RETURN: timedelta(days=365),
    Purpose.EMAIL: timedelta(hours=24),
}
SIGN_IN_PAGE: Final = "sign-in"
FORGOTTEN_PAGE: Final = "forgotten"
_FORM: Final = re.compile(r"[A-Za-z0-9_:-]{1,500}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Claims:
    """Whom a link is for, and the digest of the state in which it works."""

    subject_id: UUID
    state: str

    def hold(self, state: str) -> bool:
        return constant_time_compare(self.state, _digest(state))


def registration_token(registration: Registration) -> str:
    return _token(Purpose.VERIFY, registration.pk, registration_state(registration))


def email_token(change: EmailChange) -> str:
    return _token(Purpose.EMAIL, change.pk, change_state(change, change.user))


def user_token(purpose: Purpose, user: User) -> str:
    return _token(purpose, user.pk, user_state(user))


def registration_state(registration: Registration) -> str:
    return f"{registration.email}|{registration.password}"


def change_state(change: EmailChange, user: User) -> str:
    return f"{change.email}|{user_state(user)}"


def user_state(user: User) -> str:
    """Return what changes when any link of a user is used, or when all their sessions end."""
    parts = (user.password, user.email, user.is_active, user.delete_after, user.token_version)
    return "|".join(map(str, parts))


def link_read(purpose: Purpose, token: str) -> Claims:
    """Return what a token claims; its signature and age are checked, its state is not yet.

    Errors: LINK_INVALID.
    """
    if not _FORM.fullmatch(token):
        raise link_refusal()
    try:
        subject, state = signing.loads(token, salt=_salt(purpose), max_age=LIFETIMES[purpose])
        return Claims(UUID(hex=subject), state)
    except (signing.BadSignature, ValueError, TypeError):
        raise link_refusal() from None


def link_refusal() -> ApplicationError:
    return ApplicationError(
        ErrorCode.LINK_INVALID,
        _("The link has been used already or has expired. Ask for a new one."),
    )


def page_address(language: str, page: str, token: str = "") -> str:
    """Return the absolute address of a page; the host is the configured one, never a header's."""
    address = f"{settings.SITE_URL}/{language}/account/{page}/"
    return f"{address}{token}/" if token else address


def _token(purpose: Purpose, subject: UUID, state: str) -> str:
    return signing.dumps([subject.hex, _digest(state)], salt=_salt(purpose))


def _salt(purpose: Purpose) -> str:
    return f"accounts.links.{purpose}"


def _digest(state: str) -> str:
    return salted_hmac("accounts.links", state, algorithm="sha256").hexdigest()[:32]
