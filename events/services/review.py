"""Decide about texts that wait for a look: keep them, or take the machine's."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from events.models import TRANSLATED_FIELDS, Event, TextState
from events.rendering import ALL_LANGUAGES
from events.rights import languages_of, reviewed_by, text_right
from events.selectors_texts import cell_view
from events.services.editing import (
    conflict,
    event_audit,
    event_lock,
    event_save,
    updated_announce,
)
from events.services.texts import machine_text_take
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.i18n import column


class Cell(NamedTuple):
    """One text of one event."""

    event_id: uuid.UUID
    field: str
    language: str


@transaction.atomic
def text_review(*, cell: Cell, actor: User, seen: str, at: datetime) -> TextState | None:
    """Keep a text as it stands, beside the machine text and the English of today.

    ``seen`` is what ``CellView.seen`` said when the person looked.
    Changes: the TextState is ok, its basis the newest machine text. Announces nothing: readers get
    the same text. Locks: the event. Idempotent: a text in order stays as it is.
    Errors: event.not_found, event.conflict if any of it has changed since, validation.invalid,
    permission.denied.
    """
    event, state = _locked(cell, may=cell.language in reviewed_by(actor))
    if state is None or state.status == TextState.Status.OK:
        return state
    _check_seen(event, cell, state, seen)
    _keep(event, [state], actor, at)
    return state


@transaction.atomic
def event_texts_review(
    *,
    event_id: uuid.UUID,
    language: str,
    actor: User,
    at: datetime,
    asked_at: datetime | None = None,
) -> list[TextState]:
    """Keep every text of an event in a language as it stands; return those that waited.

    ``asked_at`` is when somebody looked at them: whatever has changed since goes on waiting. The
    event's own ``updated_at`` tells, as all that writes texts or marks them writes the event.
    Changes, announces and locks as ``text_review``. Idempotent.
    Errors: event.not_found, permission.denied.
    """
    review_require(actor, language)
    event = event_lock(event_id)
    if asked_at is not None and event.updated_at > asked_at:
        return []
    rows = event.text_states.filter(language=language).exclude(status=TextState.Status.OK)
    waiting = list(rows.order_by("field"))
    if waiting:
        _keep(event, waiting, actor, at)
    return waiting


def review_require(actor: User, language: str) -> None:
    """Refuse whoever may not mark texts of a language as reviewed, with permission.denied."""
    if language not in reviewed_by(actor):
        raise _denied(language)


def _keep(event: Event, states: Sequence[TextState], actor: User, at: datetime) -> None:
    """Put texts in order, as they stand beside what the machine says now."""
    changes = {}
    for state in states:
        name = column(state.field, state.language)
        changes[name] = [state.status, TextState.Status.OK]
        state.status, state.basis_text = TextState.Status.OK, state.generated_text
        state.reviewed_by, state.reviewed_at = actor, at
        state.save(update_fields=["status", "basis_text", "reviewed_by", "reviewed_at"])
    event_audit(event, actor, "event.text_review", changes)


@transaction.atomic
def text_take_machine(*, cell: Cell, actor: User, seen: str, at: datetime) -> Event:
    """Put the newest machine text in place of a person's.

    ``seen`` as in ``text_review``.
    Changes: the text, its TextState is gone, revision; a machine text that waits is kept as by
    ``text_review``. Announces: ``event.updated`` if the event is public. Locks: the event, then
    the stream. Idempotent: a machine text in order stays as it is.
    Errors: as ``text_review``, and event.state where the machine says nothing.
    """
    event, state = _locked(cell, may=cell.language in languages_of(actor))
    if state is None:
        return event
    if not state.generated_text:
        raise ApplicationError(ErrorCode.EVENT_STATE, _("There is no machine text here."))
    if state.source == TextState.Source.GENERATED:
        text_review(cell=cell, actor=actor, seen=seen, at=at)
        return event
    _check_seen(event, cell, state, seen)
    changes = machine_text_take(event=event, state=state)
    event_save(event)
    event_audit(event, actor, "event.text_machine", changes)
    updated_announce(event)
    return event


def _locked(cell: Cell, *, may: bool) -> tuple[Event, TextState | None]:
    if cell.field not in TRANSLATED_FIELDS or cell.language not in ALL_LANGUAGES:
        raise ApplicationError(ErrorCode.VALIDATION_INVALID, _("There is no such text."))
    if not may:
        raise _denied(cell.language)
    event = event_lock(cell.event_id)
    state = event.text_states.filter(field=cell.field, language=cell.language).first()
    return event, state


def _denied(language: str) -> ApplicationError:
    return ApplicationError(
        ErrorCode.PERMISSION_DENIED,
        _("You may not do this; ask an administrator."),
        extra={"right": text_right(language)},
    )


def _check_seen(event: Event, cell: Cell, state: TextState, seen: str) -> None:
    if cell_view(event, cell.field, cell.language, state).seen != seen:
        raise conflict(event)
