"""Hold back whoever guesses passwords, and let owners sign in meanwhile (docs/adr/0094).

Three buckets stand before the hasher: of the address, of the account, and of the whole service.
Who signed in to an account before has a bucket of their own: known by a cookie of the device,
else by the address.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.core import signing

from accounts.selectors.sessions import session_of_token
from accounts.services.sessions import token_hash
from accounts.usernames import username_fold
from starscal.core.addresses import address_key
from starscal.core.limits import (
    LOGIN_ACCOUNT,
    LOGIN_ADDRESS,
    LOGIN_ALL,
    LOGIN_KNOWN,
    PASSWORD_CONFIRM,
    REFRESH_ADDRESS,
    TOKEN_REFRESH,
)
from starscal.core.ratelimit import (
    Limit,
    allowed_or_raise,
    give_back,
    remember,
    remembers,
    require,
    take_all,
)

DEVICE_COOKIE: Final = "device"
KNOWN_S: Final = 90 * 24 * 3600
SALT: Final = "accounts.device"
KNOWN: Final = "login-address-known"


@dataclass(frozen=True, slots=True)
class LoginAttempt:
    """A guess that was let through: who, from where, and what it took."""

    address: str
    account: str
    taken: tuple[tuple[Limit, str], ...]


def login_guard(*, address: str, account: str, device: str = "") -> LoginAttempt:
    """Let a sign-in on to the hasher, or refuse it.

    ``account`` is what was typed; ``device`` the value of the cookie, if any. Raises
    ApplicationError: rate.limited with Retry-After; service.unavailable while Redis is away.
    """
    address, account = address_key(address), username_fold(account)[:255]
    buckets = _buckets(address, account, device)
    allowed_or_raise(take_all(buckets))
    return LoginAttempt(address, account, tuple(buckets))


def login_passed(*, attempt: LoginAttempt) -> str:
    """Note that the password was right; returns the device's cookie.

    What the attempt took is given back, but for what the hasher's work took from everybody.
    """
    for limit, key in attempt.taken:
        if limit is not LOGIN_ALL:
            give_back(limit, key)
    remember(KNOWN, _pair(attempt.account, attempt.address), KNOWN_S)
    return signing.dumps([_digest(attempt.account), secrets.token_hex(8)], salt=SALT, compress=True)


def confirm_guard(*, user_id: UUID, session_id: UUID | str) -> None:
    """Let somebody signed in try the present password, or refuse it.

    Counted by session, so that a thief of one keeps its owner from nothing in another.
    Raises ApplicationError: rate.limited with Retry-After; service.unavailable without Redis.
    """
    require(PASSWORD_CONFIRM, f"{user_id}\n{session_id}")


def confirm_passed(*, user_id: UUID, session_id: UUID | str) -> None:
    """Give back what a try took that was right."""
    give_back(PASSWORD_CONFIRM, f"{user_id}\n{session_id}")


def refresh_guard(*, address: str, refresh_token: str) -> None:
    """Let a refresh token on to be exchanged, or refuse it: by address, then by its session.

    Raises ApplicationError: rate.limited with Retry-After; service.unavailable without Redis.
    """
    require(REFRESH_ADDRESS, address_key(address))
    session_id = session_of_token(token_hash=token_hash(refresh_token))
    if session_id is not None:
        require(TOKEN_REFRESH, str(session_id))


def _buckets(address: str, account: str, device: str) -> list[tuple[Limit, str]]:
    known = _device(device, account)
    if known:
        return [(LOGIN_KNOWN, known)]
    if remembers(KNOWN, _pair(account, address)):
        return [(LOGIN_ADDRESS, address), (LOGIN_KNOWN, _pair(account, address))]
    return [(LOGIN_ADDRESS, address), (LOGIN_ACCOUNT, account), (LOGIN_ALL, "")]


def _device(value: str, account: str) -> str:
    """Return the name of a device that signed in to the account before, else an empty text."""
    if not value:
        return ""
    try:
        owner, name = signing.loads(value[:500], salt=SALT, max_age=KNOWN_S)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return str(name) if owner == _digest(account) else ""


def _pair(account: str, address: str) -> str:
    return f"{account}\n{address}"


def _digest(account: str) -> str:
    return hashlib.sha256(account.encode("utf-8", "replace")).hexdigest()[:32]
