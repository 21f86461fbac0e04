"""What staff tell everybody: write an announcement, publish it now or later, withdraw it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from events.message_payloads import announcement_body
from events.models import ANNOUNCED_FIELDS, Announcement
from events.rendering import ALL_LANGUAGES
from events.rights import right_require
from events.services.conflicts import cells_changed, cells_refuse
from starscal.core.audit import audit_record
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.i18n import column
from starscal.core.outbox import NewMessage, outbox_append
from starscal.core.plain_text import text_settled

STREAM = "events"
KIND = "announcement"
SCHEDULER = "scheduler"
PLAIN = ("link", "publish_at")
CHANGE, PUBLISH = "events.change_announcement", "events.publish_announcement"
CELLS = tuple((field, code) for field in ANNOUNCED_FIELDS for code in ALL_LANGUAGES)
COLUMNS = {*PLAIN, *(column(field, code) for field, code in CELLS)}
State = Announcement.Status

log = structlog.stdlib.get_logger(__name__)


@transaction.atomic
def announcement_create(*, actor: User, fields: dict[str, Any]) -> Announcement:
    """Draft an announcement of ``fields``: link, publish_at, and texts by column (``title_de``).

    Changes: a new Announcement. Announces nothing until it is published. Not idempotent.
    Errors: validation.invalid, permission.denied.
    """
    right_require(actor, "events.add_announcement")
    row = Announcement(created_by=actor, revision=0)
    _set(row, fields, actor)
    _save(row)
    _audit(row, actor, "create", {})
    return row


@transaction.atomic
def announcement_update(
    *,
    announcement_id: uuid.UUID,
    actor: User,
    fields: dict[str, Any],
    seen: Mapping[str, str] | None = None,
) -> Announcement:
    """Save what an editor changed; ``seen`` is what they had before them, as ``cell_text`` says.

    Changes: the given fields, revision. Announces: ``announcement`` if it is public. Locks: the
    announcement, then the stream. Idempotent: no difference, no write.
    Errors: not_found, event.conflict if somebody else wrote the same in between,
    validation.invalid, permission.denied; for a public one also without the right to publish.
    """
    row = _locked(announcement_id, actor, CHANGE)
    known = {name: value for name, value in fields.items() if name in COLUMNS}
    cells_refuse(row, cells_changed(row, known), seen=seen or {})
    changes = _set(row, fields, actor)
    if not changes:
        return row
    if row.status == State.PUBLISHED:
        right_require(actor, PUBLISH)
    _save(row)
    _audit(row, actor, "update", changes)
    if row.status == State.PUBLISHED:
        _announce(row)
    return row


@transaction.atomic
def announcement_publish(
    *, announcement_id: uuid.UUID, actor: User | None, at: datetime
) -> Announcement:
    """Show an announcement to everybody; ``actor`` None is the schedule.

    Changes: status, published_at, revision. Announces: ``announcement``. Locks: the announcement,
    then the stream. Idempotent: a published one stays as it is.
    Errors: not_found, validation.invalid without an English title, permission.denied.
    """
    row = _locked(announcement_id, actor, PUBLISH)
    if row.status == State.PUBLISHED:
        return row
    row.publish_at, row.published_at = None, at
    return _status_set(row, State.PUBLISHED, actor)


@transaction.atomic
def announcement_withdraw(*, announcement_id: uuid.UUID, actor: User) -> Announcement:
    """Take an announcement back; a draft is not published by the schedule any more.

    Changes: status, revision. Announces: ``announcement`` with status withdrawn, so that clients
    drop it; nothing of a draft. Locks: the announcement, then the stream. Idempotent.
    Errors: not_found, permission.denied.
    """
    row = _locked(announcement_id, actor, PUBLISH)
    if row.status == State.WITHDRAWN:
        return row
    row.publish_at = None
    return _status_set(row, State.WITHDRAWN, actor)


def announcements_publish_due(*, at: datetime) -> int:
    """Publish every draft whose time has come and return their number; each stands alone.

    One that cannot be published is logged and left; what staff changed in the meantime counts.
    """
    due = Announcement.objects.filter(status=State.DRAFT, publish_at__lte=at)
    pks = list(due.order_by("publish_at").values_list("pk", flat=True))
    return sum(_published_if_due(pk, at) for pk in pks)


def _published_if_due(pk: uuid.UUID, at: datetime) -> bool:
    try:
        with transaction.atomic():
            row = _locked(pk, None, PUBLISH)
            if row.status != State.DRAFT or not row.publish_at or row.publish_at > at:
                return False
            announcement_publish(announcement_id=pk, actor=None, at=at)
    except ApplicationError as refusal:
        log.warning("announcement.not_published", announcement=str(pk), code=str(refusal.code))
        return False
    return True


def _locked(pk: uuid.UUID, actor: User | None, right: str) -> Announcement:
    if actor is not None:
        right_require(actor, right)
    row = Announcement.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        raise ApplicationError(ErrorCode.NOT_FOUND, _("There is no such announcement."))
    return row


def _set(row: Announcement, fields: dict[str, Any], actor: User) -> dict[str, Any]:
    if fields.get("publish_at") is not None:
        right_require(actor, PUBLISH)  # the schedule publishes in the name of who set it
    texts = {column(field, code): field for field, code in CELLS}
    changes = {}
    for name, value in fields.items():
        if name not in texts and name not in PLAIN:
            raise ValueError(f"{name} is no field of an announcement.")
        lines = texts.get(name) == "body"
        new = text_settled(value or "", pointer=f"/{name}", lines=lines) if name in texts else value
        old = getattr(row, name) or (None if name == "publish_at" else "")
        if old != new:
            changes[name] = [_told(old), _told(new)]
            setattr(row, name, new)
    return changes


def _told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _save(row: Announcement) -> None:
    row.revision += 1
    try:
        row.full_clean(exclude=["title", "body"], validate_unique=False)
    except ValidationError as error:
        raise ApplicationError(
            ErrorCode.VALIDATION_INVALID,
            " ".join(error.messages),
            extra={"fields": error.message_dict},
        ) from error
    row.save()


def _status_set(row: Announcement, status: State, actor: User | None) -> Announcement:
    before = row.status
    row.status = status
    _save(row)
    _audit(row, actor, {State.PUBLISHED: "publish"}.get(status, "withdraw"), {})
    if State.PUBLISHED in {before, status}:
        _announce(row)
    return row


def _audit(row: Announcement, actor: User | None, action: str, changes: dict[str, Any]) -> None:
    audit_record(
        actor=str(actor.pk) if actor else SCHEDULER,
        action=f"announcement.{action}",
        object_type="announcement",
        object_id=str(row.pk),
        changes=changes,
    )


def _announce(row: Announcement) -> None:
    key = f"announcement-{row.pk}:{row.status}:rev{row.revision}"
    message = NewMessage(key=key, kind=KIND, body=dict(announcement_body(row)))
    outbox_append(stream=STREAM, messages=[message])
