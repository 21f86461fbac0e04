"""Tasks of Telegram: look for what is due, whoever rang and however often."""

from __future__ import annotations

from celery import shared_task

from starscal.core import clock
from telegram_link.services.membership import memberships_recheck


@shared_task(name="telegram_link.members_recheck", expires=10)
def members_recheck() -> int:
    return memberships_recheck(at=clock.now())
