"""Prove who somebody is by a password: one way for pages, admin and API."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from accounts.hashers import hashing_slot
from accounts.login_guard import login_guard, login_passed
from accounts.models import User
from accounts.selectors.logins import user_by_login
from accounts.services.sessions import deactivated, invalid_credentials
from starscal.core.audit import login_failure_record


@dataclass(frozen=True, slots=True)
class Caller:
    """From where somebody signs in: ``surface`` is admin, api or web, ``device`` its cookie."""

    surface: str
    address: str
    device: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """Whose password it was, and the cookie by which the device is known from now on."""

    user: User
    device: str


def password_prove(*, login: str, password: str, caller: Caller) -> Proof:
    """Return who has this username or e-mail address and this password.

    Changes: the guard's buckets; a failure is audited by account, an unknown name by its hash.
    Not one transaction: hashing takes too long to hold one, and ``session_open`` sees what changed
    meanwhile. Errors: rate.limited, auth.invalid_credentials, auth.account_deactivated to those
    who know the password, service.unavailable.
    """
    attempt = login_guard(address=caller.address, account=login, device=caller.device)
    user, good = password_matches(login=login, password=password)
    if user is None or not good:
        reason = "nobody" if user is None else "password"
        login_failure_record(name=login, surface=caller.surface, reason=reason, user=_id(user))
        raise invalid_credentials()
    if not user.is_active:
        login_failure_record(
            name=login, surface=caller.surface, reason="deactivated", user=_id(user)
        )
        raise deactivated()
    return Proof(user, login_passed(attempt=attempt))


def password_matches(*, login: str, password: str) -> tuple[User | None, bool]:
    """Return whose name it is, if anybody's, and whether the password is theirs.

    For nobody it hashes all the same, so that time does not tell who has an account. The place at
    the hasher is taken first: who waits for it holds no connection to the database.
    """
    with hashing_slot():
        user = user_by_login(login=login)
        if user is None:
            make_password(password)
            return None, False
        return user, user.check_password(password)


def _id(user: User | None) -> str:
    return "" if user is None else str(user.pk)
