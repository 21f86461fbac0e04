"""What staff do with events: create, edit, publish, hide, cancel, schedule."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from events.kinds import STAFF_KIND
from events.models import Event
from events.models.image import EventImage
from events.querysets import PUBLIC
from events.rights import (
    ADD,
    LANGUAGE_OF,
    PUBLISH,
    SCHEDULED,
    edit_require,
    right_require,
)
from events.services.conflicts import conflicts_refuse, revision_require
from events.services.editing import (
    event_announce,
    event_audit,
    event_lock,
    event_save,
    told,
    updated_announce,
)
from events.services.texts import human_texts_update
from starscal.core.exceptions import ApplicationError, ErrorCode

EDITABLE = ("quantum_resonance", "publish_at")
EDITABLE_OF_STAFF_EVENTS = (
    *EDITABLE, "significance", "occurs_at", "begins_at", "ends_at", "link", "image_id",
)  # fmt: skip

log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class EventEdit:
    """What an editor changed: plain fields, and texts by column (``title_de``).

    ``seen`` is what the editor had before them, by column, as ``conflicts.cell_text`` writes it;
    ``revision`` stands for the columns that are not in it. Plain fields need one of the two.
    """

    fields: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    revision: int | None = None
    seen: dict[str, str] | None = None


@transaction.atomic
def event_publish(*, event_id: uuid.UUID, actor: User | None, revision: int | None = None) -> Event:
    """Make an event public; ``actor`` None is the schedule, ``revision`` the one that was seen.

    Changes: status, revision. Announces: ``event.published``. Locks: the event, then the stream.
    Idempotent: a published event stays as it is.
    Errors: event.not_found, event.conflict, permission.denied.
    """
    event = _locked(event_id, actor)
    if event.status == Event.Status.PUBLISHED:
        return event
    revision_require(event, revision)
    event.publish_at = None
    return _status_set(event, Event.Status.PUBLISHED, actor, "event.published")


@transaction.atomic
def event_hide(*, event_id: uuid.UUID, actor: User, revision: int | None = None) -> Event:
    """Take an event out of public sight.

    Changes: status, revision. Announces: ``event.cancelled`` with status hidden, so that clients
    drop it; nothing of a draft, which nobody has seen. Locks: the event, then the stream.
    Idempotent. Errors: event.not_found, event.conflict, permission.denied.
    """
    event = _locked(event_id, actor)
    if event.status == Event.Status.HIDDEN:
        return event
    revision_require(event, revision)
    return _status_set(event, Event.Status.HIDDEN, actor, "event.cancelled")


@transaction.atomic
def event_cancel(
    *, event_id: uuid.UUID, actor: User, reason: str = "", revision: int | None = None
) -> Event:
    """Call a published event off; it stays visible as cancelled.

    Changes: status, revision. Announces: ``event.cancelled``. Locks: the event, then the stream.
    Idempotent. Errors: event.not_found, event.state for one that was never published,
    event.conflict, permission.denied.
    """
    event = _locked(event_id, actor)
    if event.status == Event.Status.CANCELLED:
        return event
    revision_require(event, revision)
    if event.status != Event.Status.PUBLISHED:
        raise ApplicationError(ErrorCode.EVENT_STATE, _("Only a published event can be cancelled."))
    return _status_set(event, Event.Status.CANCELLED, actor, "event.cancelled", reason)


@transaction.atomic
def event_update(
    *, event_id: uuid.UUID, actor: User, edit: EventEdit, at: datetime, reason: str = ""
) -> Event:
    """Save an editor's changes.

    Changes: the given fields and texts, TextState, revision. Announces: ``event.updated`` if the
    event is public. Locks: the event, then the stream. Idempotent: no difference, no write.
    Errors: event.not_found, event.conflict if somebody else wrote the same cells in between,
    precondition.required, validation.invalid, permission.denied.
    """
    edit_require(actor, fields=edit.fields, texts=edit.texts)
    event = _locked(event_id)
    _columns_require(event, edit)
    wanted = {**edit.fields, **edit.texts}
    conflicts_refuse(event=event, wanted=wanted, seen=edit.seen or {}, revision=edit.revision)
    changes: dict[str, Any] = _fields_set(event, edit.fields)
    changes.update(human_texts_update(event=event, columns=edit.texts, editor=actor, at=at))
    if not changes:
        return event
    if event.series_id:
        event.series_own = sorted({*event.series_own, *changes} - {SCHEDULED})
    event_save(event)
    event_audit(event, actor, "event.update", changes, reason)
    updated_announce(event)
    return event


@transaction.atomic
def event_create(*, actor: User, occurs_at: datetime, edit: EventEdit, at: datetime) -> Event:
    """Create a draft of an event of the community's own.

    Changes: a new Event of kind staff_event. Announces nothing until it is published.
    Not idempotent. Errors: validation.invalid, permission.denied.
    """
    right_require(actor, ADD)
    edit_require(actor, fields=edit.fields, texts=edit.texts, plain=ADD)
    number = uuid.uuid4()
    title = edit.texts.get("title_en", "")
    event = Event(
        id=number,
        key=f"staff-{number}",
        slug=f"{slugify(title)[:80] or STAFF_KIND}-{number.hex[:8]}",
        event_type=STAFF_KIND,
        family="staff",
        occurs_at=occurs_at,
        origin=Event.Origin.STAFF,
        status=Event.Status.DRAFT,
        revision=0,
    )
    _columns_require(event, edit)
    _fields_set(event, edit.fields)
    event.save(force_insert=True)
    human_texts_update(event=event, columns=edit.texts, editor=actor, at=at)
    event_save(event)
    event_audit(event, actor, "event.create", {})
    return event


def events_publish_due(*, at: datetime) -> int:
    """Publish every draft whose time has come and return their number; each stands alone.

    One that cannot be published is logged and left; what staff changed in the meantime counts.
    """
    due = Event.objects.due_for_publication(at).order_by("publish_at").values_list("pk", flat=True)
    return sum(_published_if_due(event_pk, at) for event_pk in list(due))


def _published_if_due(pk: uuid.UUID, at: datetime) -> bool:
    try:
        with transaction.atomic():
            event = _locked(pk)
            if event.status != Event.Status.DRAFT or not event.publish_at or event.publish_at > at:
                return False
            event_publish(event_id=pk, actor=None)
    except ApplicationError as refusal:
        log.warning("event.not_published", event_id=str(pk), code=str(refusal.code))
        return False
    return True


def _locked(pk: uuid.UUID, publisher: User | None = None) -> Event:
    """Return an event under lock; ``publisher`` has to have the right to publish."""
    if publisher is not None:
        right_require(publisher, PUBLISH)
    return event_lock(pk)


def _columns_require(event: Event, edit: EventEdit) -> None:
    staff = event.origin == Event.Origin.STAFF
    allowed = EDITABLE_OF_STAFF_EVENTS if staff else EDITABLE
    refused = {*edit.fields} - {*allowed} | {*edit.texts} - {*LANGUAGE_OF}
    if refused:
        raise ApplicationError(
            ErrorCode.VALIDATION_INVALID,
            _("These fields cannot be edited here: %(fields)s.")
            % {"fields": ", ".join(sorted(refused))},
        )
    _image_require(edit)


def _image_require(edit: EventEdit) -> None:
    name = edit.fields.get("image_id")
    if name is not None and not EventImage.objects.filter(pk=name).exists():
        raise ApplicationError(ErrorCode.VALIDATION_INVALID, _("There is no such image."))


def _fields_set(event: Event, fields: dict[str, Any]) -> dict[str, Any]:
    changes = {}
    for name, value in fields.items():
        old = getattr(event, name)
        if old != value:
            changes[name] = [told(old), told(value)]
            setattr(event, name, value)
    return changes


def _status_set(
    event: Event, status: Event.Status, actor: User | None, kind: str, reason: str = ""
) -> Event:
    before = event.status
    event.status = status
    event_save(event)
    event_audit(event, actor, f"event.{status}", {"status": [before, status]}, reason)
    if before in PUBLIC or status in PUBLIC:
        event_announce(event, kind)
    return event
