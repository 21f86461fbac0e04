"""Keep what computations did: a row a run, and one for each stored event that it changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

import orjson
from django.db import connection, transaction
from psycopg.sql import SQL, Identifier
from psycopg.types.json import Jsonb

from events.differences import Difference
from events.models import ComputedWindow
from events.models.desk import ComputationRun, RunChange
from events.selectors_runs import KEPT_OF_AN_EVENT
from events.services.bulk import PATIENCE
from events.version import engine_version
from events.windows import Span

KEPT_FOR: Final = timedelta(days=365)
CHANGES: Final = Identifier(RunChange._meta.db_table)
COPIED: Final = ("run_id", "event_id", "version_before", "before", "after")
# Of the events that a run changed, what is older than their newest two changes.
SUPERSEDED: Final = SQL("""
    DELETE FROM {table} old USING (SELECT event_id FROM {table} WHERE run_id = %s) seen
    WHERE old.event_id = seen.event_id AND old.id < (
        SELECT newer.id FROM {table} newer WHERE newer.event_id = seen.event_id
        ORDER BY newer.id DESC OFFSET %s LIMIT 1
    )
""").format(table=CHANGES)


@dataclass(slots=True)
class RunBook:
    """The record of one run. Its row is made when there is something to tell.

    A run of several transactions, each a part of the sky, writes one row, as does one of a job.
    """

    job_id: UUID | None = None
    version: str = field(default_factory=engine_version)
    pk: int | None = None


class RunPart(NamedTuple):
    """What one transaction of a run adds to its record."""

    span: Span
    families: Collection[str]
    created: int = 0
    changed: int = 0
    gone: int = 0
    unchanged: int = 0


def run_part_add(
    *, book: RunBook, part: RunPart, differences: Sequence[Difference] = ()
) -> ComputationRun:
    """Add to the record of a run what a transaction of it did.

    Changes: the ComputationRun, a RunChange for each difference, by COPY. Announces nothing.
    Locks: the caller holds the generation's lock. Not idempotent.
    """
    run = _run_of(book, part)
    run.starts_at, run.ends_at = (
        min(run.starts_at, part.span.start),
        max(run.ends_at, part.span.end),
    )
    run.families = sorted({*run.families, *part.families})
    run.created += part.created
    run.changed += part.changed
    run.gone += part.gone
    run.unchanged += part.unchanged
    run.tidied = run.tidied and not differences
    run.save()
    book.pk = run.pk
    if differences:
        _changes_copy(run, differences)
    return run


def runs_prune(*, at: datetime) -> int:
    """Drop records older than a year, and all but the two newest changes of an event.

    Changes: ComputationRun, RunChange; returns how many changes are gone. Idempotent.
    """
    aged = ComputationRun.objects.filter(started_at__lt=at - KEPT_FOR)
    deleted, _models = RunChange.objects.filter(run__in=aged).delete()
    aged.delete()
    untidied = ComputationRun.objects.filter(tidied=False).order_by("pk")
    return deleted + sum(_superseded_drop(pk) for pk in untidied.values_list("pk", flat=True))


@transaction.atomic
def _superseded_drop(run_id: int) -> int:
    run = ComputationRun.objects.select_for_update().filter(pk=run_id).first()
    if run is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [PATIENCE])
        cursor.execute(SUPERSEDED, [run_id, KEPT_OF_AN_EVENT - 1])
        deleted = int(cursor.rowcount)
    run.tidied = True
    run.save(update_fields=["tidied"])
    return deleted


def _run_of(book: RunBook, part: RunPart) -> ComputationRun:
    """Return the row of a run, new if there is none yet."""
    rows = ComputationRun.objects.select_for_update(of=("self",))
    found = None
    if book.pk is not None:
        found = rows.get(pk=book.pk)
    elif book.job_id is not None:
        found = rows.filter(job=book.job_id, version=book.version).first()
    return found or ComputationRun(
        starts_at=part.span.start, ends_at=part.span.end, families=[], version=book.version,
        job_id=book.job_id,
    )  # fmt: skip


def _changes_copy(run: ComputationRun, differences: Sequence[Difference]) -> None:
    windows = _windows_around(differences)
    names = SQL(", ").join(map(Identifier, COPIED))
    copy_into = SQL("COPY {} ({}) FROM STDIN").format(CHANGES, names)
    with connection.cursor() as cursor, cursor.copy(copy_into) as copy:
        for one in differences:
            version = _version_before(one, windows)
            after = None if one.after is None else _json(one.after)
            copy.write_row([run.pk, one.event_id, version, _json(one.before), after])


def _json(value: Any) -> Jsonb:
    return Jsonb(value, dumps=orjson.dumps)


def _windows_around(differences: Sequence[Difference]) -> list[ComputedWindow]:
    """Return the windows as they were before this run, which records its own after its events."""
    moments = [one.occurs_at for one in differences]
    families = {one.family for one in differences}
    near = ComputedWindow.objects.filter(
        family__in=families, starts_at__lte=max(moments), ends_at__gt=min(moments)
    )
    return list(near)


def _version_before(one: Difference, windows: Sequence[ComputedWindow]) -> str:
    holding = (
        window.version
        for window in windows
        if window.family == one.family and window.starts_at <= one.occurs_at < window.ends_at
    )
    return next(holding, "")
