"""Tasks of Telegram: look for what is due, whoever rang and however often."""

from __future__ import annotations

from celery import shared_task

from starscal.core import clock
from telegram_link.services.membership import memberships_recheck
from telegram_link.services.tokens import tokens_prune
from telegram_link.services.updates import updates_prune


@shared_task(name="telegram_link.members_recheck", expires=10)
def members_recheck() -> int:
    return memberships_recheck(at=clock.now())


@shared_task(name="telegram_link.updates_prune", expires=3600)
def updates_prune_due() -> int:
    return updates_prune(at=clock.now())


@shared_task(name="telegram_link.tokens_prune", expires=3600)
def tokens_prune_due() -> int:
    return tokens_prune(at=clock.now())
