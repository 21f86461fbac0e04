"""Sign in with a password, in the same time whoever it is."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password

from accounts.hashers import hashing_slot
from accounts.models import Session, User
from accounts.selectors.logins import user_by_login
from accounts.services.sessions import (
    OpenedSession,
    deactivated,
    invalid_credentials,
    session_open,
)
from starscal.core.audit import audit_record, login_failure_record


def sign_in(
    *, login: str, password: str, device: str = "", kind: str = Session.Kind.API
) -> OpenedSession:
    """Open a session for whoever knows the password of a username or e-mail address.

    Changes: as ``session_open``; a refusal of a known account is audited. Not one transaction:
    hashing takes too long to hold one, and ``session_open`` sees what changed meanwhile.
    Errors: auth.invalid_credentials, auth.account_deactivated to those who know the password,
    service.unavailable.
    """
    with hashing_slot():
        user = user_by_login(login=login)
        good = _matches(user, password)
    if user is None or not good:
        _refused(user, login)
        raise invalid_credentials()
    if not user.is_active:
        _refused(user, login)
        raise deactivated()
    return session_open(user=user, kind=kind, device=device)


def _matches(user: User | None, password: str) -> bool:
    """Compare; for nobody hash all the same, so that time does not tell who has an account."""
    if user is None:
        make_password(password)
        return False
    return user.check_password(password)


def _refused(user: User | None, login: str) -> None:
    """Audit a refusal. What was typed is not kept: it may be a password in the wrong field."""
    if user is None:
        login_failure_record(name=login, surface="api", reason="nobody")
    else:
        audit_record(
            actor=str(user.pk), action="session.refuse", object_type="user", object_id=str(user.pk)
        )
