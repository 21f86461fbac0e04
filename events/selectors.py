"""Read events and what is stored of the sky."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from events.models import ComputedWindow
from events.version import engine_version
from events.windows import Span, common, without


def spans_stored(*, span: Span, families: Collection[str]) -> list[Span]:
    """Return the parts of ``span`` in which every one of the families is stored whole."""
    stored = [span]
    for windows in _windows(span, families).values():
        stored = common(stored, [w for w, _version in windows])
    return stored


def spans_missing(*, span: Span, families: Collection[str]) -> list[tuple[tuple[str, ...], Span]]:
    """Return what is not stored as the present engine would, families with equal gaps together."""
    version = engine_version()
    gaps: dict[Span, list[str]] = defaultdict(list)
    for family, windows in _windows(span, families).items():
        for gap in without(span, [w for w, made_with in windows if made_with == version]):
            gaps[gap].append(family)
    return [(tuple(gaps[gap]), gap) for gap in sorted(gaps)]


def _windows(span: Span, families: Collection[str]) -> dict[str, list[tuple[Span, str]]]:
    found: dict[str, list[tuple[Span, str]]] = {family: [] for family in families}
    rows = ComputedWindow.objects.filter(
        family__in=families, starts_at__lt=span.end, ends_at__gt=span.start
    )
    for row in rows:
        found[row.family].append((Span(row.starts_at, row.ends_at), row.version))
    return found
