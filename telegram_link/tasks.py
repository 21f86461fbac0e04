"""Tasks of Telegram: look for what is due, whoever rang and however often."""

from __future__ import annotations

from celery import shared_task

from starscal.core import clock
from telegram_link.services.announcing import announcements_follow
from telegram_link.services.chats import chats_prune
from telegram_link.services.digests import digests_queue
from telegram_link.services.following import reminders_follow
from telegram_link.services.membership import memberships_recheck
from telegram_link.services.pruning import traffic_prune


@shared_task(name="telegram_link.announce", expires=10)
def announce() -> int:
    return announcements_follow(at=clock.now())


@shared_task(name="telegram_link.follow", expires=10)
def follow() -> int:
    return reminders_follow(at=clock.now())


@shared_task(name="telegram_link.digests", expires=60)
def digests() -> int:
    return digests_queue(at=clock.now())


@shared_task(name="telegram_link.prune", expires=3600)
def prune() -> int:
    now = clock.now()
    return traffic_prune(at=now) + chats_prune(at=now)


@shared_task(name="telegram_link.members_recheck", expires=5)
def members_recheck() -> int:
    return memberships_recheck(at=clock.now())
