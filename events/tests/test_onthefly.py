from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from astronomy import provider
from astronomy.occurrence import Occurrence
from events.onthefly import ChunkCache, chunk_around, chunks
from events.windows import Span

FAMILIES = ("moon_phases", "seasons")
YEAR = Span(datetime(1933, 1, 1, tzinfo=UTC), datetime(1934, 1, 1, tzinfo=UTC))


def keys(occurrences: list[Occurrence]) -> set[str]:
    return {occurrence.key for occurrence in occurrences}


def test_quarters_cover_a_span_without_gap_or_overlap() -> None:
    span = Span(datetime(1933, 2, 3, 4, tzinfo=UTC), datetime(1935, 12, 31, tzinfo=UTC))
    parts = chunks(span)
    assert (parts[0].start, parts[-1].end) == span
    assert all(before.end == after.start for before, after in pairwise(parts))
    assert len(parts) == 12
    december = datetime(2100, 12, 31, 23, 59, tzinfo=UTC)
    assert chunk_around(december).end == datetime(2101, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("backwards", [False, True])
def test_quarters_together_hold_the_year(backwards: bool) -> None:
    cache = ChunkCache(100)
    parts = chunks(YEAR)[:: -1 if backwards else 1]
    found = [
        occurrence
        for at, part in enumerate(parts)
        for occurrence in cache.occurrences(part, FAMILIES, parts[at + 1 :])
    ]
    whole = provider.occurrences_between(start=YEAR.start, end=YEAR.end, families=FAMILIES)
    assert keys(found) == keys(whole)
    assert len(found) == len(whole)


def test_a_quarter_is_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    real = provider.occurrences_between

    def counting(**asked: object) -> list[Occurrence]:
        calls.append(asked)
        return real(**asked)  # type: ignore[arg-type] # passed on as it came

    monkeypatch.setattr(provider, "occurrences_between", counting)
    cache = ChunkCache(100)
    parts = chunks(YEAR)
    for at, part in enumerate(parts):
        cache.occurrences(part, FAMILIES, parts[at + 1 :])
    assert len(calls) == 1
    cache.occurrences(parts[0], (*FAMILIES, "solar_eclipses"))
    assert calls[1]["families"] == ["solar_eclipses"]


def test_the_cache_is_bounded() -> None:
    cache = ChunkCache(3)
    for part in chunks(YEAR):
        cache.occurrences(part, FAMILIES)
    assert len(cache) == 3
