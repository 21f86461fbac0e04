"""Tasks of the shared kernel; each may run twice or not at all."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.core.cache import cache

from starscal.core import clock
from starscal.core.beat import KEPT_S, WORKER_SEEN
from starscal.core.models import OutboxMessage


@shared_task(name="core.worker_heartbeat", expires=30)  # type: ignore[untyped-decorator]
def worker_heartbeat() -> None:
    cache.set(WORKER_SEEN, clock.now().timestamp(), KEPT_S)


@shared_task(name="core.outbox_prune")  # type: ignore[untyped-decorator]
def outbox_prune() -> int:
    """Drop relayed messages past their retention; older cursors are answered with a reset."""
    limit = clock.now() - timedelta(days=settings.OUTBOX_RETENTION_DAYS)
    deleted, _ = OutboxMessage.objects.filter(created_at__lt=limit).delete()
    return deleted
