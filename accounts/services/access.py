"""End what a person is signed in with."""

from __future__ import annotations

from accounts.models import User
from accounts.services.sessions import sessions_revoke


def access_revoke(*, user: User, reason: str) -> None:
    """End all sessions of a user; the caller holds the user's row and a transaction."""
    sessions_revoke(user=user, reason=reason)
    user.refresh_from_db(fields=["token_version", "updated_at"])
