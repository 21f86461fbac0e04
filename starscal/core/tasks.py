"""Tasks of the shared kernel; each may run twice or not at all."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.conf import settings

from starscal.core import clock
from starscal.core.errors import error_groups_collect
from starscal.core.heartbeat import WORKER_SEEN, heartbeat
from starscal.core.models import OutboxMessage


@shared_task(name="core.worker_heartbeat", expires=30)
def worker_heartbeat() -> None:
    heartbeat(WORKER_SEEN)


@shared_task(name="core.errors_collect", expires=60)
def errors_collect() -> int:
    return error_groups_collect()


@shared_task(name="core.outbox_prune")
def outbox_prune() -> int:
    """Drop relayed messages past their retention; older cursors are answered with a reset."""
    limit = clock.now() - timedelta(days=settings.OUTBOX_RETENTION_DAYS)
    deleted, _ = OutboxMessage.objects.filter(created_at__lt=limit).delete()
    return deleted
