"""What every service for editors does with an event: lock, check, save, put on record, tell."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from events.message_payloads import message_body
from events.models import Event
from events.querysets import PUBLIC
from starscal.core.audit import audit_record
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.outbox import NewMessage, outbox_append

STREAM: Final = "events"
SCHEDULER: Final = "scheduler"


def event_lock(event_id: uuid.UUID, *, revision: int | None = None) -> Event:
    """Return an event whose row is held until the transaction ends.

    Errors: event.not_found; event.conflict if it is not of the given revision any more.
    """
    event = Event.objects.select_for_update().filter(pk=event_id).first()
    if event is None:
        raise ApplicationError(ErrorCode.EVENT_NOT_FOUND, _("There is no such event."))
    if revision is not None and revision != event.revision:
        raise conflict(event)
    return event


def conflict(event: Event) -> ApplicationError:
    """Return what an editor is told who did not see the newest state."""
    return ApplicationError(
        ErrorCode.EVENT_CONFLICT,
        _("Somebody else has saved this event in the meantime. Load it again."),
        extra={"revision": event.revision},
    )


def event_save(event: Event) -> None:
    """Save a changed event as its next revision. Errors: validation.invalid."""
    event.revision += 1
    try:
        # Constraints are asked of the database when it saves, not one by one before.
        event.full_clean(
            exclude=["title", "description", "reflection"],
            validate_unique=False,
            validate_constraints=False,
        )
    except ValidationError as error:
        raise ApplicationError(
            ErrorCode.VALIDATION_INVALID,
            " ".join(error.messages),
            extra={"fields": error.message_dict},
        ) from error
    event.save()


def event_audit(
    event: Event, actor: User | None, action: str, changes: dict[str, Any], reason: str = ""
) -> None:
    """Put on record what somebody did to an event; ``actor`` None is the schedule."""
    audit_record(
        actor=str(actor.pk) if actor else SCHEDULER,
        action=action,
        object_type="event",
        object_id=str(event.pk),
        changes=changes,
        reason=reason,
    )


def updated_announce(event: Event) -> None:
    """Tell of a changed event if it is public. Call it last: it holds the stream."""
    if event.status in PUBLIC:
        event_announce(event, "event.updated")


def event_announce(event: Event, kind: str) -> None:
    """Append a message of the given kind; of a hidden event it tells no more than who it was."""
    body: dict[str, Any] = (
        _farewell(event) if event.status == Event.Status.HIDDEN else dict(message_body(event))
    )
    key = f"{event.key}:{kind.removeprefix('event.')}:rev{event.revision}"
    outbox_append(stream=STREAM, messages=[NewMessage(key=key, kind=kind, body=body)])


def _farewell(event: Event) -> dict[str, Any]:
    facts = {"id": str(event.pk), "key": event.key, "slug": event.slug}
    return {**facts, "status": str(event.status), "revision": event.revision}


def told(value: Any) -> Any:
    """Return a value as the trail keeps it."""
    return value.isoformat() if isinstance(value, datetime) else value
