"""Send the letters that wait: claim with a lease, commit, send, forget."""

from __future__ import annotations

import smtplib
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db import transaction

from accounts.mailing import letter_compose
from accounts.models import Mail
from starscal.core.metrics import mails_total

LEASE: Final = timedelta(minutes=2)
TRIES_MOST: Final = 8
BATCH: Final = 10  # even if every one waits for the time-out, the lease outlasts them

log = structlog.stdlib.get_logger("starscal.mails")


def mails_send(*, at: datetime) -> int:
    """Send what is due and return how many letters went.

    Changes: rows of Mail. A letter is claimed and the claim committed before it is sent, so that
    no transaction waits for a mail server and a crash sends at most one letter twice; what failed
    is tried again after growing waits, eight times.
    """
    return sum(_send(mail) for mail in _claimed(at))


@transaction.atomic
def _claimed(at: datetime) -> list[Mail]:
    due = Mail.objects.filter(due_at__lte=at).order_by("due_at").select_for_update(skip_locked=True)
    ids = list(due.values_list("pk", flat=True)[:BATCH])
    mails = list(
        Mail.objects.filter(pk__in=ids).select_related("user", "registration").order_by("due_at")
    )
    for mail in mails:
        mail.tries += 1
        mail.due_at = at + LEASE * mail.tries
    Mail.objects.bulk_update(mails, ["tries", "due_at"])
    return mails


def _send(mail: Mail) -> bool:
    try:
        message = letter_compose(mail)
    except ValueError:  # the address or the reason is gone in the meantime
        return _settle(mail, "void")
    try:
        message.send()
    except (smtplib.SMTPException, OSError) as error:
        log.warning("mail.failed", kind=mail.kind, tries=mail.tries, reason=type(error).__name__)
        if mail.tries >= TRIES_MOST:
            return _settle(mail, "dead")
        mails_total.labels(mail.kind, "failed").inc()
        return False
    _settle(mail, "sent")
    return True


def _settle(mail: Mail, outcome: str) -> bool:
    Mail.objects.filter(pk=mail.pk).delete()
    mails_total.labels(mail.kind, outcome).inc()
    return False
