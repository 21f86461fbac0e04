"""Read what waits in a kind of event: drafts to publish, texts to look at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from django.db.models import Count

from events.desk.selection import EventSelection
from events.models import Event, KindSetting, TextState

Status = TextState.Status


class KindWaiting(NamedTuple):
    """What waits in a kind; ``texts`` counts by language and status, where there is any."""

    needs_review: bool
    drafts: int
    ready: int
    texts: Mapping[tuple[str, str], int]


def ready_selection(kind: str) -> EventSelection:
    """Return the drafts of a kind of which no text waits and no publication is planned."""
    return EventSelection(kind=kind, statuses=(Event.Status.DRAFT.value,), ready=True)


def review_selection(kind: str, language: str) -> EventSelection:
    """Return the events of a kind with a text in a language that waits."""
    return EventSelection(kind=kind, text_language=language)


def drafts_by_kind() -> dict[str, int]:
    """Return how many drafts there are of each kind that has any."""
    drafts = Event.objects.rewrite(False).filter(status=Event.Status.DRAFT).order_by()
    return dict(drafts.values_list("event_type").annotate(Count("pk")))


def kind_waiting(*, kind: str) -> KindWaiting:
    """Return what waits in a kind; four queries."""
    states = TextState.objects.filter(event__event_type=kind).exclude(status=Status.OK)
    counted = states.order_by().values_list("language", "status").annotate(Count("pk"))
    drafts = EventSelection(kind=kind, statuses=(Event.Status.DRAFT.value,))
    return KindWaiting(
        needs_review=KindSetting.objects.filter(pk=kind, needs_review=True).exists(),
        drafts=drafts.rows().count(),
        ready=ready_selection(kind).rows().count(),
        texts={(language, status): number for language, status, number in counted},
    )
