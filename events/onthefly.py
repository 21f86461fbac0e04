"""Compute what is not stored: by calendar quarter, kept for a while in this process."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Final

from django.utils.translation import gettext as _

from astronomy import provider
from astronomy.api.kernel import within_kernel
from astronomy.occurrence import Occurrence
from events.kinds import COMPUTED_KINDS
from events.models import Event, KindSetting
from events.windows import Span

MONTHS: Final = 3
CHUNKS_A_YEAR: Final = 12 // MONTHS
KEPT_CHUNKS: Final = 400  # of one family each; about 3 MB


def chunk_around(at: datetime) -> Span:
    """Return the calendar quarter (UTC) that holds ``at``."""
    first = (at.month - 1) // MONTHS * MONTHS + 1
    start = datetime(at.year, first, 1, tzinfo=UTC)
    following = first + MONTHS
    end = datetime(at.year + following // 12, following % 12, 1, tzinfo=UTC)
    return Span(start, end)


def chunks(span: Span) -> list[Span]:
    """Cut a span at the turns of the calendar quarters."""
    parts, at = [], span.start
    while at < span.end:
        turn = chunk_around(at).end
        parts.append(Span(at, min(turn, span.end)))
        at = turn
    return parts


class ChunkCache:
    """The occurrences of the quarters asked for last, at most ``limit`` of them.

    A quarter's events depend on nothing but the engine, so an entry never goes stale. Safe for
    threads: two that miss at once compute twice, and get the same.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._kept: OrderedDict[tuple[str, datetime], tuple[Occurrence, ...]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def occurrences(
        self, quarter: Span, families: Collection[str], ahead: Sequence[Span] = ()
    ) -> list[Occurrence]:
        """Return what happens in a whole quarter, in no order across families.

        On a miss the quarters ``ahead`` that touch it are computed in the same call, because a
        year takes little longer than a quarter.
        """
        found, missing = self._known(quarter, families)
        if not missing:
            return found
        run = _touching(quarter, ahead)
        start, end = min(run).start, max(run).end
        computed = provider.occurrences_between(start=start, end=end, families=missing)
        self._keep(run, missing, computed)
        return found + [o for o in computed if quarter.start <= o.utc < quarter.end]

    def _known(self, chunk: Span, families: Collection[str]) -> tuple[list[Occurrence], list[str]]:
        found: list[Occurrence] = []
        missing: list[str] = []
        with self._lock:
            for family in families:
                kept = self._kept.get((family, chunk.start))
                if kept is None:
                    missing.append(family)
                else:
                    self._kept.move_to_end((family, chunk.start))
                    found.extend(kept)
        return found, missing

    def _keep(self, run: list[Span], families: list[str], computed: list[Occurrence]) -> None:
        with self._lock:
            for start, end in run:
                inside = [o for o in computed if start <= o.utc < end]
                for family in families:
                    self._kept[family, start] = tuple(o for o in inside if o.family == family)
            while len(self._kept) > self.limit:
                self._kept.popitem(last=False)


def _touching(quarter: Span, ahead: Sequence[Span]) -> list[Span]:
    """Return the quarter and those of the ones ahead that follow on it without a gap."""
    run = [quarter]
    for following in ahead:
        if following.start != run[-1].end and following.end != run[-1].start:
            break
        run.append(following)
    return run


CACHE: Final = ChunkCache(KEPT_CHUNKS)


def occurrences_in(
    span: Span, families: Collection[str], ahead: Sequence[Span] = ()
) -> list[Occurrence]:
    """Return what happens in a span that lies within one quarter; ``ahead`` is asked for next."""
    following = [chunk_around(part.start) for part in ahead]
    with range_refused():
        whole = CACHE.occurrences(chunk_around(span.start), families, following)
    return [occurrence for occurrence in whole if span.start <= occurrence.utc < span.end]


def range_refused() -> AbstractContextManager[None]:
    """Refuse what a kernel shorter than 1900-2100 has not. Errors: range.outside."""
    return within_kernel(_events_sentence)


def _events_sentence(start: str, end: str) -> str:
    return _("Events can be computed from %(start)s to %(end)s.") % {"start": start, "end": end}


def unstored(occurrences: Collection[Occurrence]) -> list[Occurrence]:
    """Leave out what is in the store in whatever state, kinds under review and those unserved.

    An event that staff have hidden must not come back because it is computed afresh.
    """
    told = [occurrence for occurrence in occurrences if occurrence.kind in COMPUTED_KINDS]
    if not told:
        return []
    keys = [occurrence.key for occurrence in told]
    known = set(Event.objects.filter(key__in=keys).values_list("key", flat=True))
    waiting = set(KindSetting.objects.filter(needs_review=True).values_list("code", flat=True))
    return [o for o in told if o.key not in known and o.kind not in waiting]
