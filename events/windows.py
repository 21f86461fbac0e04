"""Arithmetic of half-open spans of time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple


class Span(NamedTuple):
    """The half-open interval ``[start, end)``."""

    start: datetime
    end: datetime


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return the union as spans that neither overlap nor touch, oldest first."""
    result: list[Span] = []
    for span in sorted(spans):
        if result and span.start <= result[-1].end:
            result[-1] = Span(result[-1].start, max(result[-1].end, span.end))
        else:
            result.append(span)
    return result


def without(whole: Span, taken: Iterable[Span]) -> list[Span]:
    """Return what is left of ``whole`` when the ``taken`` spans are cut out of it."""
    left, at = [], whole.start
    for span in merged(taken):
        if span.end <= at or span.start >= whole.end:
            continue
        if span.start > at:
            left.append(Span(at, span.start))
        at = max(at, span.end)
    if at < whole.end:
        left.append(Span(at, whole.end))
    return left


def within(whole: Span, spans: Iterable[Span]) -> list[Span]:
    """Return the parts of the ``spans`` that lie in ``whole``."""
    cut = (Span(max(s.start, whole.start), min(s.end, whole.end)) for s in merged(spans))
    return [span for span in cut if span.start < span.end]


def common(first: Iterable[Span], second: Iterable[Span]) -> list[Span]:
    """Return what both sets of spans cover."""
    return [part for span in merged(first) for part in within(span, second)]


def years(span: Span) -> list[Span]:
    """Cut a span at the turns of the calendar years (UTC)."""
    return strides(span, 1)


def strides(span: Span, count: int) -> list[Span]:
    """Cut a span at turns of the calendar years (UTC), into parts of ``count`` years at most."""
    parts, at = [], span.start
    while at < span.end:
        turn = at.replace(
            year=at.year + count, month=1, day=1, hour=0, minute=0, second=0, microsecond=0
        )
        parts.append(Span(at, min(turn, span.end)))
        at = turn
    return parts
