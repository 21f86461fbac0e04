"""Read events and what is stored of the sky."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Final, NamedTuple, TypeAlias
from uuid import UUID

from django.db.models import Q

from astronomy import provider
from astronomy.constants import SPAN_END, SPAN_START
from astronomy.occurrence import Occurrence
from events.facts import Facts
from events.kinds import COMPUTED, COMPUTED_KINDS, slug_places
from events.models import Announcement, ComputedWindow, Event
from events.onthefly import chunks, occurrences_in, range_refused, unstored
from events.rendering import events_unsaved
from events.version import engine_version
from events.windows import Span, common, within, without

Windows: TypeAlias = dict[str, list[tuple[Span, str]]]
REFERENCE: Final = re.compile(r"[A-Za-z0-9_-]{1,120}")
ANNOUNCED: Final = 20  # announcements that are shown at once
WHOLE_SPAN: Final = Span(
    datetime.fromisoformat(SPAN_START).replace(tzinfo=UTC),
    datetime.fromisoformat(SPAN_END).replace(tzinfo=UTC),
)


def spans_stored(
    *, span: Span, families: Collection[str], windows: Windows | None = None
) -> list[Span]:
    """Return the parts of ``span`` in which every one of the families is stored whole.

    ``windows`` are all that are stored, if the caller knows them.
    """
    known = _windows(span, families) if windows is None else windows
    stored = [span]
    for family in families:
        stored = common(stored, [window for window, _version in known.get(family, ())])
    return stored


def windows_all() -> Windows:
    """Return every window that is stored, by family."""
    return _windows(WHOLE_SPAN, tuple(COMPUTED))


def spans_missing(*, span: Span, families: Collection[str]) -> list[tuple[tuple[str, ...], Span]]:
    """Return what is not stored as the present engine would, families with equal gaps together."""
    version = engine_version()
    gaps: dict[Span, list[str]] = defaultdict(list)
    for family, windows in _windows(span, families).items():
        for gap in without(span, [w for w, made_with in windows if made_with == version]):
            gaps[gap].append(family)
    return [(tuple(gaps[gap]), gap) for gap in sorted(gaps)]


def _windows(span: Span, families: Collection[str]) -> Windows:
    found: dict[str, list[tuple[Span, str]]] = {family: [] for family in families}
    rows = ComputedWindow.objects.filter(
        family__in=families, starts_at__lt=span.end, ends_at__gt=span.start
    )
    for family, *ends, version in rows.values_list("family", "starts_at", "ends_at", "version"):
        found[family].append((Span(*ends), version))
    return found


class FoundEvent(NamedTuple):
    """An event and whether it comes from the store."""

    event: Event
    stored: bool


def event_find(*, reference: str, languages: Collection[str]) -> FoundEvent | None:
    """Return the public event of an id, a slug or a key; the latter two find the unstored, too.

    An event that staff have hidden, or not yet published, is not found.
    Errors: range.outside for one that is not stored and that the kernel does not reach.
    """
    if not REFERENCE.fullmatch(reference):
        return None
    stored = Event.objects.filter(_named(reference)).public().first()
    if stored is not None:
        return FoundEvent(stored, stored=True)
    occurrence = _occurrence_by_key(reference) or _occurrence_by_slug(reference)
    fresh = unstored([occurrence] if occurrence else [])
    return FoundEvent(events_unsaved(fresh, languages)[0], stored=False) if fresh else None


def _occurrence_by_key(key: str) -> Occurrence | None:
    """Look for the event of a key, if its kind is one that has words here."""
    with range_refused():
        occurrence = provider.occurrence_by_key(key=key)
    return occurrence if occurrence and occurrence.kind in COMPUTED_KINDS else None


def _occurrence_by_slug(slug: str) -> Occurrence | None:
    """Look for the event of a slug where its date says, by the quarters of the list."""
    places = slug_places(slug)
    families = {COMPUTED_KINDS[code].family for code in places}
    found = (
        occurrence
        for part in within(WHOLE_SPAN, places.values())
        for chunk in chunks(part)
        for occurrence in occurrences_in(chunk, sorted(families))
        if occurrence.kind in places
        and COMPUTED_KINDS[occurrence.kind].slug(Facts.of(occurrence)) == slug
    )
    return next(found, None)


def _named(reference: str) -> Q:
    named = Q(slug=reference) | Q(key=reference)
    try:
        return named | Q(pk=UUID(reference))
    except ValueError:
        return named


def announcements_current(*, limit: int = ANNOUNCED) -> list[Announcement]:
    """Return what staff tell everybody now, the newest first."""
    shown = Announcement.objects.filter(status=Announcement.Status.PUBLISHED)
    return list(shown.order_by("-published_at", "-id")[:limit])


def changed_at(*, ids: Collection[UUID]) -> dict[UUID, datetime]:
    """Return when events changed last; those that are not stored are not among them."""
    return dict(Event.objects.filter(pk__in=ids).values_list("pk", "updated_at"))
