"""Keep the stored part of the sky rolling along with the calendar."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from events.kinds import COMPUTED
from events.selectors import spans_missing
from events.services.generation import GenerationResult, sky_generate
from events.windows import Span

SPAN_FIRST_YEAR, SPAN_END_YEAR = 1900, 2101


def window_around(*, at: datetime, years_back: int, years_ahead: int) -> Span:
    """Return the whole calendar years around ``at`` that are kept stored."""
    first = max(at.year - years_back, SPAN_FIRST_YEAR)
    last = min(at.year + years_ahead + 1, SPAN_END_YEAR)
    opening = at.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    return Span(opening.replace(year=first), opening.replace(year=last))


def window_widen(*, span: Span, families: Collection[str] = tuple(COMPUTED)) -> GenerationResult:
    """Compute what of ``span`` is not stored yet, a year a run.

    Changes and announces as ``event_generate``. Idempotent: a stored span is not computed again
    unless the engine or the texts changed.
    """
    total = GenerationResult()
    for _part, result in sky_generate(gaps=spans_missing(span=span, families=families)):
        total.created += result.created
        total.updated += result.updated
    return total
