"""Tasks of accounts; each may run twice or not at all."""

from __future__ import annotations

from celery import shared_task

from accounts.services.pruning import sessions_prune
from starscal.core import clock


@shared_task(name="accounts.sessions_prune", expires=3600)
def sessions_prune_due() -> int:
    return sessions_prune(at=clock.now())
