"""Tasks of accounts: look for what is due, whoever rang and however often."""

from __future__ import annotations

from celery import shared_task

from accounts.services.deletion import users_purge
from accounts.services.email_change import email_changes_expire
from accounts.services.mails import mails_send as send
from accounts.services.pruning import sessions_prune
from accounts.services.verification import registrations_expire
from starscal.core import clock


@shared_task(name="accounts.mails_send", expires=30)
def mails_send() -> int:
    return send(at=clock.now())


@shared_task(name="accounts.purge", expires=600)
def purge() -> int:
    return users_purge(at=clock.now()) + registrations_expire() + email_changes_expire()


@shared_task(name="accounts.sessions_prune", expires=3600)
def sessions_prune_due() -> int:
    return sessions_prune(at=clock.now())
