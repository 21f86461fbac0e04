"""What staff do to the queue: send again what failed, drop what waits, work an update again."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import User
from events.rights import right_require
from starscal.core.audit import audit_record
from telegram_link.models import Notification, TelegramUpdate

RIGHT: Final = "telegram_link.change_notification"
RIGHT_TO_UPDATES: Final = "telegram_link.change_telegramupdate"
DEAD: Final = "dead"
DROPPED_BY_STAFF: Final = "Dropped by staff."


@transaction.atomic
def notifications_retry(*, actor: User, ids: Collection[int]) -> int:
    """Queue failed messages again, as if they had never been tried; return how many.

    Changes: Notification rows that failed for good and still hold what they say, if their chat has
    not blocked the bot; audit. Announces nothing. Idempotent. Locks: the rows.
    Errors: PERMISSION_DENIED.
    """
    right_require(actor, RIGHT)
    failed = Notification.objects.filter(
        pk__in=ids, status=Notification.Status.DEAD, chat__blocked_at__isnull=True
    ).exclude(body={})
    chosen = list(failed.select_for_update(of=("self",)).values_list("pk", flat=True))
    Notification.objects.filter(pk__in=chosen).update(
        status=Notification.Status.QUEUED, tries=0, due_at=Now(), lease_until=None, reason="",
        settled_at=None,
    )  # fmt: skip
    return _recorded(actor, "notification.retry", chosen)


@transaction.atomic
def notifications_drop(*, actor: User, ids: Collection[int]) -> int:
    """Take messages out of the queue, the failed ones too; return how many.

    What is being sent right now stays. Changes: Notification rows, whose content goes; audit.
    Announces nothing. Idempotent. Locks: rows that nobody else holds. Errors: PERMISSION_DENIED.
    """
    right_require(actor, RIGHT)
    idle = Q(lease_until__isnull=True) | Q(lease_until__lt=Now())
    waiting = Notification.objects.filter(
        idle, pk__in=ids, status__in=(Notification.Status.QUEUED, Notification.Status.DEAD)
    )
    rows = waiting.select_for_update(of=("self",), skip_locked=True)
    chosen = list(rows.values_list("pk", flat=True))
    Notification.objects.filter(pk__in=chosen).update(
        status=Notification.Status.DROPPED, reason=DROPPED_BY_STAFF, body={}, settled_at=Now()
    )
    return _recorded(actor, "notification.drop", chosen)


@transaction.atomic
def updates_retry(*, actor: User, ids: Collection[int]) -> int:
    """Have updates worked again that were given up; return how many.

    Changes: TelegramUpdate rows that still hold what happened; audit. Announces nothing.
    Idempotent. Locks: the rows. Errors: PERMISSION_DENIED.
    """
    right_require(actor, RIGHT_TO_UPDATES)
    failed = TelegramUpdate.objects.filter(pk__in=ids, outcome=DEAD).exclude(body={})
    chosen = list(failed.select_for_update().values_list("pk", flat=True))
    TelegramUpdate.objects.filter(pk__in=chosen).update(
        outcome="", tries=0, due_at=Now(), done_at=None
    )
    return _recorded(actor, "update.retry", chosen, kind="telegram_update")


def _recorded(actor: User, action: str, chosen: Collection[int], kind: str = "notification") -> int:
    for pk in chosen:
        audit_record(actor=str(actor.pk), action=action, object_type=kind, object_id=str(pk))
    return len(chosen)
