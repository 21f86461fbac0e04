"""Work on many events: ask for it, carry it out bit by bit, stop it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from astronomy.occurrence import Occurrence
from events.desk.selection import EventSelection
from events.models import Event
from events.models.desk import DeskJob, DeskText
from events.querysets import EventQuerySet
from events.rights import CHANGE, EXCHANGE, PUBLISH, REVIEW, right_require
from events.services.curation import event_cancel, event_hide, event_publish
from events.services.exchange import CellEdit, event_texts_import
from events.services.generation import generation_alone
from events.services.recompute import event_recompute, occurrences_again
from events.services.review import event_texts_review, review_require
from starscal.core import clock
from starscal.core.admin_shared import EstimatedPaginator
from starscal.core.audit import audit_record
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.i18n import language_active, language_normalize

CHOSEN_MOST: Final = 1_000  # events named one by one
SENTENCES_MOST: Final = 20  # different reasons of refusals that are kept
LEASE: Final = timedelta(seconds=20)
TRIES_MOST: Final = 8
BATCH: Final = 25
BUDGET_S: Final = 3.0

Kind, State = DeskJob.Kind, DeskJob.Status
COUNTED: Final = ("cursor", "tries", "done", "skipped", "refused", "refusals", "status", "ended_at")
GONE: Final = gettext_lazy("The account that asked for this is gone.")
STUCK: Final = gettext_lazy("This stopped at an unexpected error, which is in the log of errors.")


class Place(NamedTuple):
    """Where an event stands in the order of time."""

    occurs_at: datetime
    pk: UUID

    def __str__(self) -> str:
        return f"{self.occurs_at.isoformat()} {self.pk}"

    @classmethod
    def read(cls, text: str) -> Place:
        at, _space, pk = text.partition(" ")
        return cls(datetime.fromisoformat(at), UUID(pk))


class Item(NamedTuple):
    """One event of a job, and for a recomputation what the engine says of it now.

    ``revision`` is the one before the job comes to it, ``language`` that of the texts it is about,
    ``asked_at`` when somebody looked at them; ``cells`` are those of an import.
    """

    job_id: UUID
    place: Place
    key: str
    origin: str
    language: str = ""
    occurrence: Occurrence | None = None
    revision: int | None = None
    cells: tuple[CellEdit, ...] = ()
    asked_at: datetime | None = None


RIGHTS: Final[dict[str, str]] = {
    Kind.PUBLISH: PUBLISH, Kind.HIDE: PUBLISH, Kind.CANCEL: PUBLISH, Kind.RECOMPUTE: CHANGE,
    Kind.REVIEW: REVIEW, Kind.IMPORT: EXCHANGE,
}  # fmt: skip
Operation = Callable[[Item, User, str], bool]  # whether it changed anything
OPERATIONS: Final[dict[str, Operation]] = {
    Kind.PUBLISH: lambda item, actor, _reason: (
        event_publish(event_id=item.place.pk, actor=actor).revision != item.revision
    ),
    Kind.HIDE: lambda item, actor, _reason: (
        event_hide(event_id=item.place.pk, actor=actor).revision != item.revision
    ),
    Kind.CANCEL: lambda item, actor, reason: (
        event_cancel(event_id=item.place.pk, actor=actor, reason=reason).revision != item.revision
    ),
    Kind.RECOMPUTE: lambda item, actor, _reason: (
        event_recompute(
            event_id=item.place.pk, actor=actor, occurrence=item.occurrence, job_id=item.job_id
        ).revision
        != item.revision
    ),
    Kind.REVIEW: lambda item, actor, _reason: bool(
        event_texts_review(
            event_id=item.place.pk,
            language=item.language,
            actor=actor,
            at=clock.now(),
            asked_at=item.asked_at,
        )
    ),
}


@transaction.atomic
def desk_job_create(*, kind: str, asked: EventSelection, actor: User, reason: str = "") -> DeskJob:
    """Ask for an operation on all events of a selection.

    Changes: a new DeskJob; the events change when a worker comes by, within seconds. What comes
    into the selection later is not part of it. Not idempotent.
    Errors: permission.denied; validation.invalid for an operation that there is not, a
    cancellation without a reason, more than 1,000 events by name, an empty selection. A review is
    of the texts in the selection's ``text_language``.
    """
    if kind not in OPERATIONS:
        raise _invalid(_("Choose one of: publish, hide, cancel, recompute, review."))
    _right_require(kind, asked, actor)
    if kind == Kind.CANCEL and not reason.strip():
        raise _invalid(_("Give a reason for cancelling; it is kept in the audit trail."))
    if len(asked.ids) > CHOSEN_MOST:
        raise _invalid(_("Choose at most %(count)d events at once.") % {"count": CHOSEN_MOST})
    rows = asked.rows()
    newest = rows.order_by("-occurs_at", "-id").values_list("occurs_at", "id").first()
    if newest is None:
        raise _invalid(_("No event is chosen."))
    job = DeskJob.objects.create(
        kind=kind, asked=asked.as_json(), actor=actor, reason=reason.strip(),
        total=EstimatedPaginator(rows.in_time_order(), 1).count, last=str(Place(*newest)),
    )  # fmt: skip
    _audit(job, actor, "create", {"kind": kind, "total": job.total, "asked": _told(asked)})
    return job


@transaction.atomic
def desk_job_stop(*, job_id: UUID, actor: User) -> DeskJob:
    """Leave the rest of a job undone; what was done stays.

    Changes: status. Locks: the job. Idempotent: one that has ended stays as it is.
    Errors: not_found, permission.denied.
    """
    job = DeskJob.objects.select_for_update().filter(pk=job_id).first()
    if job is None:
        raise ApplicationError(ErrorCode.NOT_FOUND, _("There is no such job."))
    _right_require(job.kind, EventSelection.of(job.asked), actor)
    if job.kind == Kind.IMPORT and job.actor_id != actor.pk:
        right_require(actor, CHANGE)
    if job.is_open:
        _end(job, State.STOPPED, at=None)
        _audit(job, actor, "stop", {"handled": job.handled, "total": job.total})
    return job


def desk_jobs_work(*, at: datetime, budget_s: float = BUDGET_S) -> int:
    """Carry on with the open jobs, the oldest first, and return how many were looked at."""
    jobs = DeskJob.objects.filter(status__in=DeskJob.OPEN).order_by("created_at")
    ids = list(jobs.values_list("pk", flat=True))
    until = time.monotonic() + budget_s
    for number, job_id in enumerate(ids):
        left = until - time.monotonic()
        if left <= 0:
            return number
        desk_job_step(job_id=job_id, at=at, budget_s=left)
    return len(ids)


def desk_job_step(*, job_id: UUID, at: datetime, budget_s: float) -> bool:
    """Carry on with a job for so long and return whether it is still open.

    Changes: the events, by their services, each in one transaction with the job's cursor: a
    worker that is killed loses none and handles none twice. Announces: what the services do.
    Locks: the job by a lease, then for each event the job, the event, the stream; a recomputation
    first waits for the generation's lock. Idempotent: a job that another worker holds, or that
    has ended, stays as it is.
    """
    job = _claimed(job_id, at)
    until = time.monotonic() + budget_s
    while job is not None:
        items = _next(job)
        if not items:
            return _finish(job, at)
        for item in items:
            job = _handled(job, item)
            if job is None:
                return False
            if time.monotonic() >= until:
                DeskJob.objects.filter(pk=job_id).update(lease_until=None)
                return True
    return False


@transaction.atomic
def _claimed(job_id: UUID, at: datetime) -> DeskJob | None:
    free = Q(lease_until=None) | Q(lease_until__lte=Now())
    jobs = DeskJob.objects.filter(free, pk=job_id, status__in=DeskJob.OPEN)
    job = jobs.select_for_update(skip_locked=True).first()
    if job is None:
        return None
    if job.tries >= TRIES_MOST:
        _fail(job, STUCK, at)
        return None
    DeskJob.objects.filter(pk=job_id).update(
        status=State.RUNNING, tries=F("tries") + 1, lease_until=Now() + LEASE
    )
    job.refresh_from_db()
    return job


def _next(job: DeskJob) -> list[Item]:
    """Return what is left to do, computed anew where that is what was asked for."""
    found = _rows(job).in_time_order().values_list("occurs_at", "id", "key", "origin")[:BATCH]
    language = job.asked.get("text_language", "")
    items = [
        Item(job.pk, Place(at, pk), key, origin, language, asked_at=job.created_at)
        for at, pk, key, origin in found
    ]
    if job.kind == Kind.IMPORT:
        return [item._replace(cells=_cells(job, item)) for item in items]
    if job.kind != Kind.RECOMPUTE:
        return items
    again = occurrences_again(
        keys=[item.key for item in items if item.origin == Event.Origin.COMPUTED]
    )
    return [item._replace(occurrence=again.get(item.key)) for item in items]


def _rows(job: DeskJob) -> EventQuerySet:
    """Return the events after the cursor; of an import those that texts are left of.

    The texts of an event go when it is handled, so that one that moves in time is not passed over.
    """
    if job.kind == Kind.IMPORT:
        left: EventQuerySet = Event.objects.rewrite(False).filter(pk__in=job.texts.values("event"))
        return left
    rows = EventSelection.of(job.asked).rows().filter(created_at__lte=job.created_at)
    rows = _up_to(rows, Place.read(job.last))
    if job.cursor:
        at, pk = Place.read(job.cursor)
        rows = rows.filter(Q(occurs_at__gt=at) | Q(occurs_at=at, id__gt=pk), occurs_at__gte=at)
    return rows


def _cells(job: DeskJob, item: Item) -> tuple[CellEdit, ...]:
    texts = job.texts.filter(event=item.place.pk).order_by("line")
    return tuple(
        CellEdit(text.field, text.language, text.text, text.seen, text.token) for text in texts
    )


def _up_to(rows: EventQuerySet, last: Place) -> EventQuerySet:
    within = Q(occurs_at__lt=last.occurs_at) | Q(occurs_at=last.occurs_at, id__lte=last.pk)
    return rows.filter(within, occurs_at__lte=last.occurs_at)


@transaction.atomic
def _handled(seen: DeskJob, item: Item) -> DeskJob | None:
    """Do one event and move the cursor; None if the job was stopped or another took it over."""
    if seen.kind == Kind.RECOMPUTE:
        generation_alone()  # before the job, so that stopping it need not wait for a generation
    jobs = DeskJob.objects.select_related("actor").select_for_update(of=("self",))
    job = jobs.get(pk=seen.pk)
    if job.status != State.RUNNING or job.cursor != seen.cursor:
        return None
    if job.actor is None:
        _fail(job, GONE, None)
        return None
    _counted(job, item, job.actor)
    if job.kind == Kind.IMPORT:
        job.texts.filter(event=item.place.pk).delete()
    job.cursor, job.tries = str(item.place), 0
    job.save(update_fields=COUNTED)
    DeskJob.objects.filter(pk=job.pk).update(lease_until=Now() + LEASE)
    return job


def _counted(job: DeskJob, item: Item, actor: User) -> None:
    rows = Event.objects.filter(pk=item.place.pk).select_for_update()
    item = item._replace(revision=rows.values_list("revision", flat=True).first())
    with language_active(language_normalize(actor.language) or "en"):
        try:
            changed = _operate(job, item, actor)
        except ApplicationError as refusal:
            job.refused += 1
            _note(job, str(refusal.message))
            return
    job.done += changed
    job.skipped += not changed


def _operate(job: DeskJob, item: Item, actor: User) -> bool:
    """Do to an event what was asked for, and say whether anything changed."""
    if job.kind != Kind.IMPORT:
        return OPERATIONS[job.kind](item, actor, job.reason)
    reason = job.asked.get("file", "")
    done = event_texts_import(
        event_id=item.place.pk, actor=actor, cells=item.cells, at=job.created_at, reason=reason
    )
    for sentence in done.refusals:
        _note(job, sentence)
    return done.revision != item.revision


def _note(job: DeskJob, sentence: str) -> None:
    if sentence in job.refusals or len(job.refusals) < SENTENCES_MOST:
        job.refusals[sentence] = job.refusals.get(sentence, 0) + 1


def _finish(job: DeskJob, at: datetime) -> bool:
    with transaction.atomic():
        mine = DeskJob.objects.select_for_update().get(pk=job.pk)
        if mine.status == State.RUNNING and mine.cursor == job.cursor:
            mine.total = mine.handled
            _end(mine, State.DONE, at)
    return False


def _fail(job: DeskJob, sentence: Promise, at: datetime | None) -> None:
    with language_active(language_normalize(job.actor.language) or "en" if job.actor else "en"):
        _note(job, str(sentence))
    _end(job, State.FAILED, at)


def _end(job: DeskJob, status: DeskJob.Status, at: datetime | None) -> None:
    job.status = status
    job.save(update_fields=[*COUNTED, "total"])
    if job.kind == Kind.IMPORT:
        DeskText.objects.filter(job=job).delete()
    DeskJob.objects.filter(pk=job.pk).update(lease_until=None, ended_at=at or Now())


def _right_require(kind: str, asked: EventSelection, actor: User) -> None:
    right_require(actor, RIGHTS[kind])
    if kind == Kind.REVIEW:
        review_require(actor, asked.text_language)


def _invalid(sentence: str) -> ApplicationError:
    return ApplicationError(ErrorCode.VALIDATION_INVALID, sentence)


def _told(asked: EventSelection) -> dict[str, Any]:
    """Return the selection for the trail; ids stand in the job itself."""
    return {**replace(asked, ids=()).as_json(), "ids": len(asked.ids)}


def _audit(job: DeskJob, actor: User, action: str, changes: dict[str, Any]) -> None:
    audit_record(
        actor=str(actor.pk),
        action=f"desk_job.{action}",
        object_type="desk_job",
        object_id=str(job.pk),
        changes=changes,
        reason=job.reason,
    )
