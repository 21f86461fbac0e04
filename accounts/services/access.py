"""End what a person is signed in with."""

from __future__ import annotations

from django.db.models import F

from accounts.models import User


def access_revoke(*, user: User, reason: str) -> None:
    """End all sessions of a user; the caller holds the user's row and a transaction."""
    del reason
    user.token_version = F("token_version") + 1
    user.save(update_fields=["token_version"])
    user.refresh_from_db(fields=["token_version", "updated_at"])
