"""Find people; an address is found in any case, a name in any case and width."""

from __future__ import annotations

from uuid import UUID

from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from accounts.models import Registration, User
from accounts.usernames import username_fold
from starscal.core.exceptions import ApplicationError, ErrorCode


def user_by_email(*, email: str) -> User | None:
    """Return who has an address, whether active or not."""
    if not (email.isascii() and email.isprintable()):
        return None  # no address that we keep, and perhaps none that PostgreSQL reads
    # By the expression of the unique index; `iexact` would compare capital letters.
    return User.objects.alias(folded=Lower("email")).filter(folded=email.lower()).first()


def user_locked(*, user_id: UUID) -> User | None:
    """Return a user whose row is locked until the transaction ends."""
    return User.objects.select_for_update(of=("self",)).filter(pk=user_id).first()


def user_present(*, user_id: UUID) -> User:
    """Return a user as stored now. Errors: AUTH_USER_NOT_FOUND if the account is gone or closed."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        raise ApplicationError(
            ErrorCode.AUTH_USER_NOT_FOUND, _("The account of this token no longer exists.")
        )
    return user


def username_taken(*, username: str) -> bool:
    """Say whether somebody has the name; what waits for confirmation counts elsewhere."""
    return User.objects.filter(username_folded=username_fold(username)).exists()


def registration_locked(*, registration_id: UUID) -> Registration | None:
    return Registration.objects.select_for_update().filter(pk=registration_id).first()
