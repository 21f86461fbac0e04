"""Access tokens: who, in which session, until when."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final

from django.conf import settings
from rest_framework_simplejwt.exceptions import TokenBackendError

from accounts.tokens.backend import KeyedTokenBackend
from accounts.tokens.ring import key_ring
from starscal.core.i18n import language_normalize

LIFETIME: Final = timedelta(minutes=10)
LARGEST_VERSION: Final = 2**31 - 1


class AccessTokenError(Exception):
    """The token is not one of ours, or no longer valid."""


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """What an access token says; whether session and user still exist is the caller's question.

    ``language`` is the user's own when the token was made, empty if there is none: sockets ask no
    database.
    """

    user_id: uuid.UUID
    session_id: uuid.UUID
    token_version: int
    expires_at: datetime
    language: str = ""


@cache
def token_backend() -> KeyedTokenBackend:
    return KeyedTokenBackend(
        key_ring(), audience=settings.TOKEN_AUDIENCE, issuer=settings.TOKEN_ISSUER
    )


def access_sign(
    *,
    user_id: uuid.UUID,
    session_id: uuid.UUID,
    token_version: int,
    at: datetime,
    language: str = "",
) -> str:
    """Return a token that is valid for ten minutes from ``at``."""
    issued = int(at.timestamp())
    claims = {
        "sub": str(user_id),
        "sid": str(session_id),
        "tv": token_version,
        "iat": issued,
        "exp": issued + int(LIFETIME.total_seconds()),
        **({"lang": language} if language else {}),
    }
    return token_backend().encode(claims)


def access_check(token: str) -> AccessClaims:
    """Return the claims of a token with a good signature, ours and not expired. No query.

    Errors: AccessTokenError, which says nothing of the token.
    """
    try:
        claims = token_backend().decode(token)
        if not 0 < claims["exp"] - claims["iat"] <= LIFETIME.total_seconds():
            raise AccessTokenError
        return AccessClaims(
            user_id=_uuid(claims["sub"]),
            session_id=_uuid(claims["sid"]),
            token_version=_version(claims["tv"]),
            expires_at=datetime.fromtimestamp(claims["exp"], UTC),
            language=_language(claims.get("lang", "")),
        )
    except (TokenBackendError, ValueError, TypeError, OverflowError, OSError):
        raise AccessTokenError from None


def _uuid(value: Any) -> uuid.UUID:
    found = uuid.UUID(str(value))
    if str(found) != value:
        raise ValueError("A UUID is written in its usual form.")
    return found


def _language(value: Any) -> str:
    if type(value) is not str:
        raise ValueError("A language is a text.")
    return language_normalize(value) or ""


def _version(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= LARGEST_VERSION:
        raise ValueError("A version is a whole number.")
    return value
