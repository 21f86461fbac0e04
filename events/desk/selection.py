"""Which events a curator means: chosen ones, or all that the filters of the list let through.

The list and the jobs read the same selection, so that a job handles what the list showed. Stored
with a job it is small, however many events it names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Final, Self
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.text import smart_split, unescape_string_literal

from events.models import Event, TextState
from events.querysets import EventQuerySet
from starscal.core.i18n import column

FALLBACK: Final = "en"
UNSETTLED: Final = (TextState.Status.STALE, TextState.Status.NEEDS_REVIEW)


@dataclass(frozen=True, slots=True)
class EventSelection:
    """Events by id, or by what the list's filters say; what is empty narrows nothing.

    ``ready`` keeps events of which no text waits for somebody and no publication is planned.
    ``start`` and ``end`` are ISO instants of a half-open span; ``language`` is the one whose
    titles are searched beside the English ones.
    """

    ids: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    family: str = ""
    kind: str = ""
    least: int = 1
    texts: str = ""
    text_language: str = ""
    ready: bool = False
    start: str = ""
    end: str = ""
    words: str = ""
    language: str = FALLBACK

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """Read what ``as_json`` wrote; names of another version are left out."""
        known = {field.name for field in fields(cls)}
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in stored.items()
            if name in known
        }
        return cls(**values)

    def as_json(self) -> dict[str, Any]:
        """Return what narrows the selection."""
        return {name: value for name, value in asdict(self).items() if value}

    def rows(self) -> EventQuerySet:
        """Return the selected events, not yet in an order."""
        rows: EventQuerySet = Event.objects.rewrite(False).all()
        if self.ids:
            return rows.filter(pk__in=[UUID(pk) for pk in self.ids])
        named: dict[str, Any] = {"status__in": self.statuses, "origin__in": self.origins}
        named |= {"family": self.family, "event_type": self.kind}
        rows = rows.filter(**{name: value for name, value in named.items() if value})
        rows = rows.significant(self.least)
        if self.start:
            rows = rows.filter(occurs_at__gte=datetime.fromisoformat(self.start))
        if self.end:
            rows = rows.filter(occurs_at__lt=datetime.fromisoformat(self.end))
        rows = rows_with_texts(rows, status=self.texts, language=self.text_language)
        rows = _ready(rows) if self.ready else rows
        return rows_searched(rows, words=self.words, language=self.language)


def rows_with_texts(rows: EventQuerySet, *, status: str = "", language: str = "") -> EventQuerySet:
    """Keep events that have a text of this state; in a language alone, one to look after."""
    if not status and not language:
        return rows
    states = TextState.objects.filter(event=OuterRef("pk"))
    states = states.filter(status__in=[status] if status else UNSETTLED)
    if language:
        states = states.filter(language=language)
    return rows.filter(Exists(states))


def _ready(rows: EventQuerySet) -> EventQuerySet:
    waiting = TextState.objects.filter(event=OuterRef("pk"), status__in=UNSETTLED)
    return rows.filter(~Exists(waiting), publish_at=None)


def rows_searched(rows: EventQuerySet, *, words: str, language: str) -> EventQuerySet:
    """Keep events of which every word is in a title, or whose slug it begins.

    The titles are those of the language and the English ones; quotes hold words together.
    """
    titles = {column("title", language), column("title", FALLBACK)}
    for word in _words(words):
        named = Q(slug__startswith=word)
        for title in sorted(titles):
            named |= Q(**{f"{title}__contains_any_case": word})
        rows = rows.filter(named)
    return rows


def _words(sought: str) -> list[str]:
    """Cut what was typed as Django's admin does."""
    parts = [str(part) for part in smart_split(sought.replace("\x00", ""))]
    quoted = ('"', "'")
    return [
        str(unescape_string_literal(part))
        if part.startswith(quoted) and len(part) > 1 and part[0] == part[-1]
        else part
        for part in parts
    ]
