"""Set facts of a computed event otherwise than they were computed, with a reason."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any, Final, TypeAlias

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from events.constraints import OVERRIDABLE, REASON_MOST
from events.models import Event
from events.rights import right_require
from events.selectors import WHOLE_SPAN
from events.services.editing import (
    event_audit,
    event_lock,
    event_save,
    told,
    updated_announce,
)
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.plain_text import text_settled

Value: TypeAlias = datetime | int | None

TIMES: Final = ("begins_at", "occurs_at", "ends_at")  # in the order in which they follow


@transaction.atomic
def event_override(
    *,
    event_id: uuid.UUID,
    actor: User,
    values: Mapping[str, Value],
    reason: str,
    revision: int | None,
    at: datetime,
) -> Event:
    """Set facts of a computed event by hand; None lifts an override, unnamed facts stay.

    ``reason`` is shown to readers; it is needed to set a fact, and goes into the trail when one
    is lifted. ``revision`` is the one the editor saw; None skips the check.

    Changes: the given facts, their ``override_…`` and ``computed_…`` columns, reason, revision.
    Recomputations go on beside an override, and lifting it brings the newest value back.
    Announces: ``event.updated`` if the event is public. Locks: the event, then the stream.
    Idempotent: no difference, no write. Errors: event.not_found, event.conflict, event.state for
    an event of staff, validation.invalid, permission.denied.
    """
    right_require(actor, "events.override_event")
    event = event_lock(event_id, revision=revision)
    _check_origin(event)
    why = _reason_settled(reason)
    changes = _values_set(event, values)
    changes.update(_explain(event, changes, why, actor, at))
    if not changes:
        return event
    _check_order(event)
    event_save(event)
    event_audit(event, actor, "event.override", changes, why)
    updated_announce(event)
    return event


def fact_renew(event: Event, name: str, value: Any) -> None:
    """Take in a newly computed fact (not saved here): as what is served, or beside an override."""
    is_set = name in OVERRIDABLE and getattr(event, f"override_{name}") is not None
    setattr(event, f"computed_{name}" if is_set else name, value)


def fact_computed(event: Event, name: str) -> Any:
    """Return what was computed last: what is served, or what stands beside an override."""
    is_set = name in OVERRIDABLE and getattr(event, f"override_{name}") is not None
    return getattr(event, f"computed_{name}" if is_set else name)


def _check_origin(event: Event) -> None:
    if event.origin != Event.Origin.COMPUTED:
        raise ApplicationError(
            ErrorCode.EVENT_STATE, _("Edit the facts of this event itself; nothing computes them.")
        )


def _reason_settled(reason: str) -> str:
    why = text_settled(reason.strip(), pointer="/reason", lines=False)
    if len(why) > REASON_MOST:
        raise _invalid("reason", _("Use at most %(count)d characters.") % {"count": REASON_MOST})
    return why


def _values_set(event: Event, values: Mapping[str, Value]) -> dict[str, Any]:
    """Set or lift each and return what changed, as ``{column: [old, new]}``."""
    changes = {}
    for name, value in values.items():
        _check_value(name, value)
        old = getattr(event, f"override_{name}")
        if value != old:
            _serve(event, name, value, first=old is None)
            changes[f"override_{name}"] = [told(old), told(value)]
    return changes


def _serve(event: Event, name: str, value: Value, *, first: bool) -> None:
    """Put a fact's values where they belong: set, served and computed."""
    computed = getattr(event, name if first else f"computed_{name}")
    setattr(event, f"override_{name}", value)
    setattr(event, name, computed if value is None else value)
    setattr(event, f"computed_{name}", None if value is None else computed)


def _check_value(name: str, value: Value) -> None:
    if name not in OVERRIDABLE:
        names = ", ".join(OVERRIDABLE)
        told_so = _("Only these facts can be overridden: %(fields)s.") % {"fields": names}
        raise _invalid(name, told_so)
    if value is None:
        return
    if name == "significance":
        if type(value) is not int or not 1 <= value <= 5:
            raise _invalid(name, _("Give a whole number from 1 to 5."))
    elif not _is_instant(value):
        raise _invalid(name, _("Give an instant with its offset, from 1900 to 2100."))


def _is_instant(value: Value) -> bool:
    if not isinstance(value, datetime) or value.tzinfo is None:
        return False
    return WHOLE_SPAN.start <= value < WHOLE_SPAN.end


def _explain(
    event: Event, changes: Mapping[str, Any], why: str, actor: User, at: datetime
) -> dict[str, Any]:
    """Keep the reason for as long as anything is overridden; return how it changed."""
    old = event.override_reason
    if not event.overridden:
        event.override_reason = event.override_by = event.override_set_at = None
    elif not why and any(new is not None for _old, new in changes.values()):
        raise _invalid("reason", _("Give the reason; readers see it."))
    elif why and (changes or why != old):
        event.override_reason, event.override_by, event.override_set_at = why, actor, at
    new = event.override_reason
    return {} if new == old else {"override_reason": [old, new]}


def _check_order(event: Event) -> None:
    """Refuse times that do not follow each other, if any of them was set by hand."""
    if not set(event.overridden).intersection(TIMES):
        return
    times = [at for at in (getattr(event, name) for name in TIMES) if at is not None]
    if any(first > second for first, second in pairwise(times)):
        raise _invalid("occurs_at", _("An event begins before it occurs, and ends after it."))


def _invalid(name: str, message: Any) -> ApplicationError:
    return ApplicationError(ErrorCode.VALIDATION_INVALID, message, pointer=f"/{name}")
