"""Keep note of browsers that are signed in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from accounts.models import Session


def session_touch(*, session_id: UUID, at: datetime) -> None:
    """Note that a session was used. Idempotent; announces nothing: access stays as it was."""
    Session.objects.filter(pk=session_id, last_used_at__lt=at).update(last_used_at=at)
