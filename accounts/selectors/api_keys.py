"""Find a user's keys and how much they were used."""

from __future__ import annotations

from datetime import datetime

from django.db.models import IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import ApiKey, ApiKeyUsage, User

ENDED_SHOWN = 10


def api_keys_of(*, user: User, at: datetime) -> QuerySet[ApiKey]:
    """Return the keys of a user, newest first, with ``requests_today`` (of the day in UTC)."""
    today = ApiKeyUsage.objects.filter(key=OuterRef("pk"), day=at.date()).values("requests")
    used = Coalesce(Subquery(today, output_field=IntegerField()), 0)
    return ApiKey.objects.filter(user=user).annotate(requests_today=used).order_by("-created_at")
