"""Change and reset passwords; both end all sessions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.faults import Faults
from accounts.links import Purpose, link_read, link_refusal, user_state
from accounts.login_guard import confirm_guard, confirm_passed
from accounts.models import Mail, User
from accounts.selectors.people import user_by_email, user_locked
from accounts.selectors.sessions import session_began
from accounts.services.api_keys import api_keys_revoke
from accounts.services.letters import letter_queue
from accounts.services.registration import PASSWORD_CHARACTERS, password_check
from accounts.services.sessions import sessions_revoke
from starscal.core import clock
from starscal.core.audit import audit_record
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.limits import RESET_ACCOUNT
from starscal.core.ratelimit import require

FRESH: Final = timedelta(minutes=15)  # of a sign-in that stands for the password of who has none
_ENDS: Final[list[Callable[[User], None]]] = []


def reset_end_register(end: Callable[[User], None]) -> None:
    """Have an app above this one end its ways into an account when a reset ends all others.

    It is called within the transaction, before the user's row is held.
    """
    if end not in _ENDS:
        _ENDS.append(end)


def password_change(*, user: User, session_id: UUID | str, current: str, new: str) -> User:
    """Set another password for someone who knows the present one, and end all sessions.

    Changes: the user's password and token version, all sessions, a Mail that tells the owner.
    Errors: VALIDATION_INVALID with pointers; AUTH_USER_NOT_FOUND; RATE_LIMITED.
    """
    password_confirm(
        user=user, session_id=session_id, password=current, pointer="/current_password"
    )
    hashed = _hashed(new, user, "/new_password")
    with transaction.atomic():
        locked = _present(user_locked(user_id=user.pk))
        if locked.password != user.password:  # another change was faster
            raise_wrong_password("/current_password")
        return _set(locked, hashed, "password.change")


def password_reset_request(*, email: str) -> None:
    """Have a letter with a link sent, if the address has an account that is active.

    Changes: at most a Mail. Nobody learns whether there is such an account.
    Errors: RATE_LIMITED, by the address that was given.
    """
    email = email.strip()
    require(RESET_ACCOUNT, email.lower())  # known or not, so that this tells nothing either
    user = user_by_email(email=email)
    if user is not None and user.is_active:
        Mail.objects.create(kind=Mail.Kind.RESET, user=user)


def password_reset(*, token: str, new: str) -> User:
    """Set another password for whoever has the link, end all sessions and keys, return the user.

    The link works once, for it is bound to the password that it replaces. Keys end as well, because
    somebody else may have made them: whoever registered another's address, for one. So do the ways
    in that apps above have told of.
    Changes: as ``password_change``, ApiKey, what those apps say; the address counts as confirmed.
    Errors: LINK_INVALID; VALIDATION_INVALID with pointers.
    """
    claims = link_read(Purpose.RESET, token)
    user = User.objects.filter(pk=claims.subject_id, is_active=True).first()
    if user is None or not claims.hold(user_state(user)):
        raise link_refusal()
    hashed = _hashed(new, user, "/new_password")
    with transaction.atomic():
        for end in _ENDS:  # before the user's row is held; undone if the link is refused
            end(user)
        locked = user_locked(user_id=user.pk)
        if locked is None or not claims.hold(user_state(locked)):
            raise link_refusal()
        api_keys_revoke(user=locked)
        return _set(locked, hashed, "password.reset")


def password_confirm(*, user: User, session_id: UUID | str, password: str, pointer: str) -> None:
    """Refuse whoever uses a session of the user and does not know the present password.

    Whoever has none (and signs in with Telegram) proves it by having signed in just now.
    Errors: VALIDATION_INVALID; not a 401, for the token of the request is good; RATE_LIMITED;
    UNAVAILABLE while nobody can count.
    """
    if not user.has_usable_password():
        _fresh_confirm(session_id, pointer)
        return
    confirm_guard(user_id=user.pk, session_id=session_id)
    if len(password) > PASSWORD_CHARACTERS or not user.check_password(password):
        raise_wrong_password(pointer)
    confirm_passed(user_id=user.pk, session_id=session_id)


def _fresh_confirm(session_id: UUID | str, pointer: str) -> None:
    fresh = session_began(session_id=session_id, since=clock.now() - FRESH)
    if not fresh:
        faults = Faults()
        faults.add(
            pointer,
            _("Your account has no password. Sign in anew, then do this within 15 minutes."),
        )
        faults.settle()


def raise_wrong_password(pointer: str) -> None:
    faults = Faults()
    faults.add(pointer, _("This is not your present password."))
    faults.settle()


def _hashed(new: str, user: User, pointer: str) -> str:
    faults = Faults()
    password_check(new, user, pointer, faults)
    faults.settle()
    return make_password(new)


def _set(user: User, hashed: str, action: str) -> User:
    user.password = hashed
    user.save(update_fields=["password"])
    audit_record(actor=str(user.pk), action=action, object_type="user", object_id=str(user.pk))
    letter_queue(user=user, kind=Mail.Kind.PASSWORD)
    sessions_revoke(user=user, reason=action)
    return user


def _present(user: User | None) -> User:
    if user is None or not user.is_active:
        raise ApplicationError(
            ErrorCode.AUTH_USER_NOT_FOUND, _("The account of this token no longer exists.")
        )
    return user
