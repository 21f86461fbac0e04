"""Find a user's keys and how much they were used."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import ApiKey, ApiKeyUsage, User

KEYS_PER_USER = 20  # that are not revoked
ENDED_SHOWN = 10


def api_keys_of(*, user: User, at: datetime) -> QuerySet[ApiKey]:
    """Return the keys of a user with ``requests_today`` (of the day in UTC).

    All that are not revoked, newest first, then the ten that were revoked last.
    """
    today = ApiKeyUsage.objects.filter(key=OuterRef("pk"), day=at.date()).values("requests")
    used = Coalesce(Subquery(today, output_field=IntegerField()), 0)
    keys = ApiKey.objects.filter(user=user).annotate(requests_today=used)
    keys = keys.order_by(F("revoked_at").desc(nulls_first=True), "-created_at")
    return keys[: KEYS_PER_USER + ENDED_SHOWN]
