"""Tasks of the shared kernel; each may run twice or not at all."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.conf import settings

from starscal.core import clock
from starscal.core.errors import error_groups_collect
from starscal.core.heartbeat import WORKER_SEEN, heartbeat
from starscal.core.models import OutboxMessage, Stream


@shared_task(name="core.worker_heartbeat", expires=30)
def worker_heartbeat() -> None:
    heartbeat(WORKER_SEEN)


@shared_task(name="core.errors_collect", expires=60)
def errors_collect() -> int:
    return error_groups_collect()


@shared_task(name="core.outbox_prune")
def outbox_prune() -> int:
    """Drop relayed messages past their retention; older cursors are answered with a reset.

    Only from the beginning of a stream: what is kept has no hole, whatever the clock did.
    """
    limit = clock.now() - timedelta(days=settings.OUTBOX_RETENTION_DAYS)
    deleted = 0
    aged = OutboxMessage.objects.filter(created_at__lt=limit).values("stream")
    for stream in Stream.objects.filter(pk__in=aged):  # everybody has a stream; few have old rows
        rows = OutboxMessage.objects.filter(stream=stream)
        kept = rows.filter(created_at__gte=limit).order_by("seq").values_list("seq", flat=True)
        end = min(kept.first() or stream.relayed_seq + 1, stream.relayed_seq + 1)
        deleted += rows.filter(seq__lt=end).delete()[0]
    return deleted
