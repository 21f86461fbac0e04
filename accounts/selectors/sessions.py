"""Find sessions that have not ended."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Session, User

SHOWN = 100


def sessions_open(*, at: datetime) -> QuerySet[Session]:
    return Session.objects.filter(revoked_at__isnull=True, expires_at__gt=at)


def browser_session(*, session_id: str | UUID, at: datetime) -> Session | None:
    """Return the session of a browser with its user, in one query, if neither was closed."""
    found = sessions_open(at=at).select_related("user")
    return found.filter(pk=session_id, kind=Session.Kind.WEB, user__is_active=True).first()


def sessions_of(*, user: User, at: datetime) -> list[Session]:
    """Return where a user is signed in, the latest used first, a hundred at most."""
    return list(sessions_open(at=at).filter(user=user).order_by("-last_used_at")[:SHOWN])
