"""Imports of texts: what a file would change is stored, shown, and carried out when confirmed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import groupby
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch, Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from events.exchange.cells import Reading, Refused, Written
from events.models import Event, TextState
from events.models.desk import DeskJob, DeskText
from events.querysets import EventQuerySet
from events.rights import EXCHANGE, languages_of, right_require
from events.selectors_exchange import text_columns, token_of
from events.services.exchange import place_unfit, text_judge
from starscal.core.audit import audit_record
from starscal.core.exceptions import ApplicationError, ErrorCode

BATCH: Final = 500  # events that are read at once
REFUSALS_MOST: Final = 1_000  # that are kept, each with its line
NAME_MOST: Final = 200
KEPT: Final = timedelta(days=1)  # a proposal that nobody confirms
Kind, State = DeskJob.Kind, DeskJob.Status

_OLD: Final = Q(kind=Kind.IMPORT, status=State.PROPOSED, created_at__lt=Now() - KEPT)

Judged = tuple[Event | None, Written, str | None]


@transaction.atomic
def import_propose(*, reading: Reading, name: str, actor: User) -> DeskJob:
    """Store what a file would change, for its author to look at and confirm.

    Changes: a new DeskJob with its texts, no event; older proposals of the actor, and those that
    nobody confirmed for a day, are gone. Not idempotent. Errors: permission.denied.
    """
    right_require(actor, EXCHANGE)
    DeskJob.objects.filter(kind=Kind.IMPORT, status=State.PROPOSED, actor=actor).delete()
    proposals_prune()
    job = DeskJob.objects.create(kind=Kind.IMPORT, status=State.PROPOSED, actor=actor)
    changed, unchanged, refused = [], 0, list(reading.refused)
    for event, written, verdict in _judged(reading, actor):
        if event is None or verdict:
            refused.append(_refused(written, verdict or ""))
        elif verdict is None:
            unchanged += 1
        else:
            changed.append(_text(job, event, written))
    DeskText.objects.bulk_create(changed, batch_size=1_000)
    refused.sort()
    job.asked = {
        "file": name[-NAME_MOST:],
        "texts": len(changed),
        "languages": sorted({text.language for text in changed}),
        "unchanged": unchanged,
        "empty": reading.empty,
        "fuzzy": reading.fuzzy,
        "refused": len(refused),
        "refusals": refused[:REFUSALS_MOST],
    }
    job.total = len({text.event_id for text in changed})
    job.save(update_fields=["asked", "total"])
    return job


def proposals_prune() -> int:
    """Delete proposals that nobody confirmed for a day and return their number. Idempotent."""
    _all, deleted = DeskJob.objects.filter(_OLD).delete()
    return deleted.get(DeskJob._meta.label, 0)


@transaction.atomic
def import_confirm(*, job_id: UUID, actor: User) -> DeskJob:
    """Have a proposal of one's own carried out, by the same workers as other jobs.

    Changes: the job waits; its texts are written within seconds. Locks: the job. Idempotent: one
    that was confirmed stays as it is.
    Errors: not_found, also for a proposal of others or one older than a day; validation.invalid
    if it would change nothing; permission.denied.
    """
    right_require(actor, EXCHANGE)
    jobs = DeskJob.objects.select_for_update().filter(kind=Kind.IMPORT, actor=actor)
    job = jobs.exclude(_OLD).filter(pk=job_id).first()
    if job is None:
        raise ApplicationError(ErrorCode.NOT_FOUND, _("There is no such job."))
    if job.status != State.PROPOSED:
        return job
    if not job.texts.exists():
        raise ApplicationError(ErrorCode.VALIDATION_INVALID, _("This import changes nothing."))
    kept = {name: job.asked[name] for name in ("file", "texts", "languages", "refused")}
    job.asked, job.status = kept, State.WAITING
    job.save(update_fields=["asked", "status"])
    _audit(job, actor)
    return job


def _judged(reading: Reading, actor: User) -> Iterator[Judged]:
    """Yield each text of a file with its event and its verdict."""
    languages = languages_of(actor)
    fit: list[Written] = []
    lines: dict[tuple[str, str, str], int] = {}
    for written in reading.written:
        cell = (written.key, written.field, written.language)
        if reason := place_unfit(written, languages) or _twice(lines.get(cell)):
            yield None, written, reason
        else:
            lines[cell] = written.line
            fit.append(written)
    fit.sort()  # by line
    by_key = sorted(fit, key=lambda written: written.key)
    groups = [list(group) for _key, group in groupby(by_key, lambda written: written.key)]
    for start in range(0, len(groups), BATCH):
        yield from _judged_of_events(groups[start : start + BATCH], languages, actor)


def _judged_of_events(
    groups: Sequence[list[Written]], languages: tuple[str, ...], actor: User
) -> Iterator[Judged]:
    events = _events([group[0].key for group in groups], languages)
    for group in groups:
        event = events.get(group[0].key)
        if event is None:
            yield from ((None, written, _("There is no such event.")) for written in group)
            continue
        states = {(state.field, state.language): state for state in event.text_states.all()}
        for written in group:
            state = states.get((written.field, written.language))
            yield event, written, text_judge(event=event, state=state, written=written, actor=actor)


def _events(keys: Sequence[str], languages: tuple[str, ...]) -> dict[str, Event]:
    states = Prefetch("text_states", queryset=TextState.objects.filter(language__in=languages))
    rows: EventQuerySet = Event.objects.rewrite(False).filter(key__in=keys)
    rows = rows.only("key", "origin", *text_columns(languages)).prefetch_related(states)
    return {event.key: event for event in rows}


def _twice(before: int | None) -> str:
    if before is None:
        return ""
    return _("This text stands in line %(line)d already.") % {"line": before}


def _refused(written: Written, reason: str) -> Refused:
    return Refused(written.line, f"{written.key}:{written.field}"[:NAME_MOST], reason)


def _text(job: DeskJob, event: Event, written: Written) -> DeskText:
    cell = (written.field, written.language)
    states = {(state.field, state.language): state for state in event.text_states.all()}
    return DeskText(
        job=job,
        event=event,
        line=written.line,
        field=written.field,
        language=written.language,
        text=written.text,
        seen=event.text(*cell),
        token=token_of(event, *cell, states.get(cell)),
    )


def _audit(job: DeskJob, actor: User) -> None:
    audit_record(
        actor=str(actor.pk),
        action="desk_job.create",
        object_type="desk_job",
        object_id=str(job.pk),
        changes={"kind": job.kind, "total": job.total, "asked": job.asked},
    )
