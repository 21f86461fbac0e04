from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from events.windows import Span, common, merged, within, without, years

START = datetime(2026, 1, 1, tzinfo=UTC)
days = st.integers(0, 60)
spans = st.lists(
    st.tuples(days, st.integers(1, 20)).map(lambda pair: span(pair[0], pair[0] + pair[1])),
    max_size=8,
)


def span(first: int, last: int) -> Span:
    return Span(START + timedelta(days=first), START + timedelta(days=last))


def covered(parts: list[Span]) -> set[int]:
    return {
        day
        for day in range(100)
        for part in parts
        if part.start <= START + timedelta(days=day) < part.end
    }


@given(spans)
def test_merged_spans_cover_the_same_days_and_never_touch(parts: list[Span]) -> None:
    result = merged(parts)
    assert covered(result) == covered(parts)
    assert all(a.end < b.start for a, b in pairwise(result))


@given(spans)
def test_without_and_within_share_out_the_whole(parts: list[Span]) -> None:
    whole = span(10, 50)
    left, kept = without(whole, parts), within(whole, parts)
    assert covered(left) | covered(kept) == covered([whole])
    assert not covered(left) & covered(kept)


@given(spans, spans)
def test_common_days_are_in_both(first: list[Span], second: list[Span]) -> None:
    assert covered(common(first, second)) == covered(first) & covered(second)


def test_years_cut_at_new_year_and_lose_nothing() -> None:
    whole = Span(datetime(2025, 11, 3, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC))
    parts = years(whole)
    assert [part.start.year for part in parts] == [2025, 2026, 2027]
    assert merged(parts) == [whole]
