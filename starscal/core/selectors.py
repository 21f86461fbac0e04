"""Read the log of live messages and the audit trail."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import models

from starscal.core.models import AuditEntry, OutboxMessage, Stream


class Cursor(NamedTuple):
    """A place in a stream: everything up to and including ``seq`` has been seen."""

    epoch: UUID
    seq: int


def stream_cursor(*, name: str) -> Cursor | None:
    """Return the newest place of a stream, or None while nothing was ever said in it."""
    row = Stream.objects.filter(pk=name).values_list("epoch", "last_seq").first()
    return Cursor(*row) if row else None


def stream_oldest_seq(*, name: str) -> int | None:
    """Return the oldest number that can still be replayed."""
    lowest = OutboxMessage.objects.filter(stream_id=name).aggregate(low=models.Min("seq"))["low"]
    return None if lowest is None else int(lowest)


def stream_messages(*, name: str, after: int, limit: int) -> list[OutboxMessage]:
    """Return up to ``limit`` messages with a number above ``after``, oldest first."""
    rows = OutboxMessage.objects.filter(stream_id=name, seq__gt=after).order_by("seq")
    return list(rows[:limit])


def outbox_lag_s(*, now: datetime) -> float:
    """Return how long the oldest message not yet relayed has been waiting, in seconds."""
    waiting = OutboxMessage.objects.filter(seq__gt=models.F("stream__relayed_seq"))
    oldest = waiting.aggregate(oldest=models.Min("created_at"))["oldest"]
    return max(0.0, (now - oldest) / timedelta(seconds=1)) if oldest else 0.0


def audit_of(
    *, object_type: str, object_id: str, before: int | None, limit: int
) -> list[AuditEntry]:
    """Return up to ``limit`` entries of an object, newest first; of those before one, if given."""
    entries = AuditEntry.objects.filter(object_type=object_type, object_id=object_id)
    if before is not None:
        entries = entries.filter(pk__lt=before)
    return list(entries.order_by("-pk")[:limit])
