"""Read what waits for curators: texts, drafts under review, and how complete it all is."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Q
from redis.exceptions import RedisError

from events.models import Event, KindSetting, TextState
from starscal.core.i18n import column

PAGE: Final = 50
FALLBACK: Final = "en"
CACHED: Final = "desk.completeness"
CACHED_S: Final = 60
LANGUAGES: Final = tuple(code for code, _name in settings.LANGUAGES)
MARKS: Final = ("own", "stale", "review", "missing")


def drafts_waiting(*, language: str, after: tuple[datetime, UUID] | None = None) -> list[Event]:
    """Return a page of the drafts of kinds under review and one more, in order of time."""
    kinds = KindSetting.objects.filter(needs_review=True).values_list("code", flat=True)
    rows = Event.objects.rewrite(False).filter(status="draft", event_type__in=list(kinds))
    if after is not None:
        at, pk = after
        rows = rows.filter(Q(occurs_at__gt=at) | Q(occurs_at=at, id__gt=pk), occurs_at__gte=at)
    titles = {column("title", code) for code in (language, FALLBACK)}
    shown = rows.only("id", "key", "event_type", "occurs_at", *titles)
    return list(shown.in_time_order()[: PAGE + 1])


class KindTexts(NamedTuple):
    """How many events of a kind there are, and by language of how many a text is so."""

    kind: str
    total: int
    marks: dict[str, dict[str, int]]


def completeness() -> list[KindTexts]:
    """Return how complete the texts of each kind are, at most a minute old."""
    try:
        rows = cache.get_or_set(CACHED, completeness_count, CACHED_S)
    except RedisError:
        rows = completeness_count()
    return [KindTexts(*row) for row in rows or ()]


def completeness_count() -> list[tuple[str, int, dict[str, dict[str, int]]]]:
    """Count anew: totals from the index of kinds, marks from the few texts that have a state.

    Every computed event has all its texts, so that only those of staff can lack some.
    """
    events = Event.objects.rewrite(False).order_by("event_type")
    totals = dict(events.values_list("event_type").annotate(Count("pk")))
    marks: dict[str, dict[str, dict[str, int]]] = {kind: {} for kind in totals}
    for kind, language, *counts in _states():
        marks.setdefault(kind, {})[language] = dict(zip(MARKS, (*counts, 0), strict=True))
    for row in _lacking():
        for language in LANGUAGES:
            if row[language]:
                cell = marks[row["event_type"]].setdefault(language, dict.fromkeys(MARKS, 0))
                cell["missing"] = row[language]
    return [(kind, totals[kind], marks[kind]) for kind in totals]


def _states() -> list[tuple[Any, ...]]:
    human = Q(source=TextState.Source.HUMAN)
    counts = {
        "own": human,
        "stale": Q(status=TextState.Status.STALE),
        "review": Q(status=TextState.Status.NEEDS_REVIEW),
    }
    grouped = TextState.objects.order_by().values_list("event__event_type", "language")
    counted = grouped.annotate(
        **{f"{n}_": Count("event", distinct=True, filter=q) for n, q in counts.items()}
    )
    return list(counted)


def _lacking() -> list[dict[str, Any]]:
    titles = {code: column("title", code) for code in LANGUAGES}
    lacking = {
        code: Count("pk", filter=Q(**{name: ""}) | Q(**{f"{name}__isnull": True}))
        for code, name in titles.items()
    }
    rows = Event.objects.rewrite(False).filter(origin="staff").order_by()
    return list(rows.values("event_type").annotate(**lacking))


def totals_by_language(kinds: list[KindTexts]) -> dict[str, dict[str, int]]:
    """Return the sums over all kinds."""
    return {
        code: {mark: sum(kind.marks.get(code, {}).get(mark, 0) for kind in kinds) for mark in MARKS}
        for code in LANGUAGES
    }
