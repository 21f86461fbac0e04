"""Forget sessions and tokens that are of no use any more."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from accounts.models import ApiKeyUsage, RefreshToken, Session

SESSIONS_KEPT: Final = timedelta(days=30)
USAGE_KEPT: Final = timedelta(days=400)


@transaction.atomic
def sessions_prune(*, at: datetime) -> int:
    """Delete expired refresh tokens, sessions that ended a month ago, and the oldest counts of use.

    A used token stays until it expires, for only so is its reuse noticed. Announces nothing.
    Idempotent. Returns how many rows went.
    """
    tokens, _by_model = RefreshToken.objects.filter(expires_at__lt=at).delete()
    limit = at - SESSIONS_KEPT
    over = Q(revoked_at__lt=limit) | Q(expires_at__lt=limit)
    sessions, _by_model = Session.objects.filter(over).delete()
    counts, _by_model = ApiKeyUsage.objects.filter(day__lt=(at - USAGE_KEPT).date()).delete()
    return tokens + sessions + counts
