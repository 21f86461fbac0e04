"""Pages of what computations did: the newest runs, one run, and an event's last changes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from babel.lists import format_list
from django.contrib.admin import ModelAdmin
from django.http import Http404, HttpRequest
from django.urls import URLPattern
from django.utils.translation import gettext as _

from events.desk.changes import facts_told, languages_told, texts_told
from events.desk.pages import page_path, place_asked
from events.kinds import COMPUTED, FAMILIES, kind_name
from events.models import Event
from events.models.desk import ComputationRun, RunChange
from events.selectors_runs import PAGE, event_changes, run_changes, run_get, runs_newest
from starscal.core.admin_shared import reader_language
from starscal.core.formats import active_locale, date_text, date_time_text


def run_urls(model_admin: ModelAdmin[Event]) -> list[URLPattern]:
    """Return the addresses of the pages, below the list of events."""
    of_event = "<uuid:object_id>/changes/"
    return [
        page_path(model_admin, "desk/runs/", "desk_runs", "runs.html", _runs),
        page_path(model_admin, "desk/runs/<int:run_id>/", "desk_run", "run.html", _run),
        page_path(model_admin, of_event, "events_event_changes", "changes.html", _event),
    ]


def _runs(request: HttpRequest) -> dict[str, Any]:
    rows = runs_newest(before=place_asked(request, "before"))
    more = rows[PAGE - 1].pk if len(rows) > PAGE else None
    return {"title": _("Computations"), "runs": [_told(run) for run in rows[:PAGE]], "more": more}


def _run(request: HttpRequest, run_id: int) -> dict[str, Any]:
    run = run_get(run_id=run_id)
    if run is None:
        raise Http404
    rows = run_changes(run=run, after=place_asked(request, "after"))
    return {
        "title": _("Computations"),
        "subtitle": date_time_text(run.started_at),
        "runs": [_told(run)],
        "rows": [_row(change) for change in rows[:PAGE]],
        "more": rows[PAGE - 1].pk if len(rows) > PAGE else None,
    }


def _event(_request: HttpRequest, object_id: UUID) -> dict[str, Any]:
    event = Event.objects.filter(pk=object_id).first()
    if event is None:
        raise Http404
    return {
        "title": _("Last changes by computations"),
        "subtitle": _title(event),
        "event": event,
        "changes": [_change(row, event.event_type) for row in event_changes(event_id=event.pk)],
    }


def _told(run: ComputationRun) -> dict[str, Any]:
    """Return what is told of a run; a job counts by itself what stayed as it was."""
    return {
        "pk": run.pk,
        "when": date_time_text(run.started_at),
        "start": date_text(run.starts_at, "medium"),
        "end": date_text(run.ends_at, "medium"),
        "families": _families(run.families),
        "version": run.version,
        "created": run.created,
        "changed": run.changed,
        "gone": run.gone,
        "unchanged": run.unchanged + (run.job.skipped if run.job else 0),
    }


def _families(codes: Iterable[str]) -> str:
    held = set(codes)
    if held >= set(COMPUTED):
        return _("All")
    names = sorted(str(FAMILIES.get(code, code)) for code in held)
    return str(format_list(names, locale=active_locale()))


def _change(change: RunChange, event_type: str) -> dict[str, Any]:
    return {
        "run": change.run,
        "when": date_time_text(change.run.started_at),
        "version_before": change.version_before,
        "version": change.run.version,
        "is_gone": change.after is None,
        "rows": [*facts_told(change, event_type), *texts_told(change)],
    }


def _row(change: RunChange) -> dict[str, Any]:
    """Return an event of a run in a line: its facts, and in which languages texts changed."""
    event = change.event
    return {
        "event": event,
        "title": _title(event),
        "kind": kind_name(event.event_type),
        "is_gone": change.after is None,
        "facts": facts_told(change, event.event_type),
        "languages": languages_told(change),
    }


def _title(event: Event) -> str:
    return event.text("title", reader_language()) or event.text("title", "en") or event.key
