"""Negative controls of the drill: what the library does by default, which its tests must notice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import jwt
from rest_framework_simplejwt import serializers
from rest_framework_simplejwt.exceptions import TokenBackendError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import RefreshToken as LibraryToken

from accounts.models import RefreshToken, User
from accounts.services import sessions
from accounts.tokens.backend import ALGORITHM, KeyedTokenBackend


@contextmanager
def library_rotation() -> Iterator[None]:
    """Rotate refresh tokens as simplejwt does: by signature, without a row that is locked."""

    def refresh(token: str) -> tuple[sessions.Outcome, sessions.OpenedSession | None]:
        serializer = serializers.TokenRefreshSerializer(data={"refresh": token})
        if not serializer.is_valid():
            return sessions.Outcome.INVALID, None
        first = RefreshToken.objects.select_related("session").latest("pk")
        given = serializer.validated_data
        return sessions.Outcome.RENEWED, sessions.OpenedSession(
            first.session, given["access"], given["refresh"]
        )

    def new(user: User) -> str:
        return str(LibraryToken.for_user(user))

    with (
        patch.object(api_settings, "ROTATE_REFRESH_TOKENS", True),
        patch.object(api_settings, "BLACKLIST_AFTER_ROTATION", True),
        patch.object(sessions, "_refresh", refresh),
        patch.object(sessions, "_token_new", new),
    ):
        yield


@contextmanager
def library_check() -> Iterator[None]:
    """Check tokens as the library does by default: neither audience nor issuer nor type."""

    def decode(backend: KeyedTokenBackend, token: Any, verify: bool = True) -> dict[str, Any]:
        key = backend.ring.signer().public
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=[ALGORITHM],
                options={"verify_aud": False, "require": ["sub", "sid", "tv", "iat", "exp"]},
            )
        except jwt.InvalidTokenError as error:
            raise TokenBackendError(type(error).__name__) from None
        return claims

    with patch.object(KeyedTokenBackend, "decode", decode):
        yield


@contextmanager
def factor_forgotten() -> Iterator[None]:
    """Let staff into the admin on a password alone."""
    with patch("accounts.admin_site.factor_missing", lambda _request: False):
        yield


@contextmanager
def half_deleted() -> Iterator[None]:
    """Delete people, but not what hangs on them by no foreign key."""
    with patch("accounts.services.deletion.loose_ends", lambda **_user: []):
        yield
