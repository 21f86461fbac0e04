"""Read what computations did, newest first."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.conf import settings

from events.models.desk import ComputationRun, RunChange
from starscal.core.i18n import column

PAGE: Final = 50
KEPT_OF_AN_EVENT: Final = 2  # its newest changes
TITLES: Final = tuple(f"event__{column('title', code)}" for code, _name in settings.LANGUAGES)
SHOWN: Final = ("run", "version_before", "before", "after", "event__key", "event__event_type")


def runs_newest(*, before: int | None = None) -> list[ComputationRun]:
    """Return a page of runs and one more, if there is one; those before one, if given."""
    rows = ComputationRun.objects.select_related("job").order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows[: PAGE + 1])


def run_get(*, run_id: int) -> ComputationRun | None:
    return ComputationRun.objects.select_related("job").filter(pk=run_id).first()


def run_changes(*, run: ComputationRun, after: int | None = None) -> list[RunChange]:
    """Return a page of what a run changed and one more, if there is one, in the order of ids."""
    rows = RunChange.objects.filter(run=run, pk__gt=after or 0).select_related("event")
    return list(rows.only(*SHOWN, *TITLES).order_by("pk")[: PAGE + 1])


def event_changes(*, event_id: UUID) -> list[RunChange]:
    """Return the newest changes of an event, as many as are kept."""
    rows = RunChange.objects.filter(event=event_id).select_related("run")
    return list(rows.order_by("-pk")[:KEPT_OF_AN_EVENT])
