"""Windows, keys and provenance: what holds for every family."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from astronomy.ephemeris import Ephemeris
from astronomy.errors import EphemerisRangeError
from astronomy.finders import FAMILIES, find_occurrences
from astronomy.occurrence import Occurrence
from astronomy.sampling import Sky
from astronomy.tests.conftest import WHOLE_SPAN

START, END = datetime(2024, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
FIRST, LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2101, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
SIX_WEEKS = timedelta(weeks=6)
EXACT = ("moon_phases", "solar_eclipses", "lunar_eclipses")
RARE = ("transits",)  # seven years may pass without one

inside = st.datetimes(
    datetime(2024, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(2026, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@pytest.fixture(scope="module")
def two_years(sky: Sky) -> list[Occurrence]:
    return find_occurrences(sky, START, END, FAMILIES)


@given(cut=inside)
@settings(max_examples=2, deadline=None)
def test_a_window_may_be_cut_anywhere(sky: Sky, two_years: list[Occurrence], cut: datetime) -> None:
    cut_changes_nothing(sky, two_years, cut)


@pytest.mark.slow
@given(cut=inside)
@settings(max_examples=12, deadline=None)
def test_many_cuts_of_a_window(sky: Sky, two_years: list[Occurrence], cut: datetime) -> None:
    cut_changes_nothing(sky, two_years, cut)


def cut_changes_nothing(sky: Sky, two_years: list[Occurrence], cut: datetime) -> None:
    start, end = max(START, cut - SIX_WEEKS), min(END, cut + SIX_WEEKS)
    first = find_occurrences(sky, start, cut, FAMILIES) if cut > start else []
    second = find_occurrences(sky, cut, end, FAMILIES) if cut < end else []
    whole = [found for found in two_years if start <= found.utc < end]
    apart = [*first, *second]
    assert [found.key for found in apart] == [found.key for found in whole]
    assert _told(apart) == _told(whole)


# Blocks begin at J2000.0 and last 4 days (Moon) or 8 (Sun, planets, stars), pages 32 blocks of 8:
# the cuts are at such borders of TT, as a clock of UTC in those years shows them.
BORDER = datetime(2000, 1, 1, 12, tzinfo=UTC) - timedelta(seconds=69.184)


@pytest.mark.parametrize(
    "four_days",
    [pytest.param(35 * 64, id="of pages"), pytest.param(2193, id="of the Moon's blocks alone")],
)
def test_a_cut_on_a_border_of_the_samples_loses_and_doubles_nothing(
    sky: Sky, two_years: list[Occurrence], four_days: int
) -> None:
    border_loses_nothing(sky, two_years, four_days, 0)


@pytest.mark.slow
@given(
    four_days=st.integers(2192, 2372),  # 2024 and 2025
    off=st.sampled_from([-1, 0, 1]),
)
@settings(max_examples=12, deadline=None)
def test_many_cuts_on_borders_of_the_samples(
    sky: Sky, two_years: list[Occurrence], four_days: int, off: int
) -> None:
    border_loses_nothing(sky, two_years, four_days, off)


def border_loses_nothing(sky: Sky, two_years: list[Occurrence], four_days: int, off: int) -> None:
    cut = BORDER + timedelta(days=4 * four_days, milliseconds=off)
    start, end = max(START, cut - timedelta(days=8)), min(END, cut + timedelta(days=8))
    whole = [found for found in two_years if start <= found.utc < end]
    parts = [(start, cut), (cut, end)]
    apart = [each for part in parts for each in find_occurrences(sky, *part, FAMILIES)]
    assert _told(apart) == _told(whole)


def _told(found: list[Occurrence]) -> list[Occurrence]:
    """Leave out how far the search was off: it ends where its brackets closed, not at the root."""
    return [replace(each, provenance={**each.provenance, "residual_s": 0.0}) for each in found]


@pytest.mark.slow
def test_a_window_has_its_start_and_not_its_end(sky: Sky, two_years: list[Occurrence]) -> None:
    for found in two_years[:: len(two_years) // 20]:
        millisecond = timedelta(milliseconds=1)
        family = [found.family]
        assert _told(find_occurrences(sky, found.utc, found.utc + millisecond, family)) == _told(
            [found]
        )
        assert found not in find_occurrences(sky, found.utc - SECOND, found.utc, family)


@pytest.mark.slow
def test_finding_twice_and_on_a_fresh_sky_gives_the_same(
    ephemeris: Ephemeris, two_years: list[Occurrence]
) -> None:
    assert find_occurrences(Sky(ephemeris), START, END, FAMILIES) == two_years


def test_part_of_the_whole_span_is_the_same_as_the_whole(
    whole_span: list[Occurrence], two_years: list[Occurrence]
) -> None:
    part = [found for found in two_years if found.family in WHOLE_SPAN]
    assert _told([found for found in whole_span if START <= found.utc < END]) == _told(part)


@pytest.mark.slow
def test_a_window_in_another_zone_is_the_same_window(sky: Sky, two_years: list[Occurrence]) -> None:
    tokyo = timezone(timedelta(hours=9))
    assert (
        find_occurrences(sky, START.astimezone(tokyo), END.astimezone(tokyo), FAMILIES) == two_years
    )


def test_events_are_sorted_and_keys_are_unique_ascii_slugs(
    whole_span: list[Occurrence], two_years: list[Occurrence]
) -> None:
    order = [(found.tt_jd1 + found.tt_jd2, found.key) for found in whole_span]
    assert order == sorted(order)
    later = [found for found in two_years if found.family not in WHOLE_SPAN]
    keys = [found.key for found in [*whole_span, *later]]
    assert len(set(keys)) == len(keys)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key) and len(key) <= 100 for key in keys)


def test_every_event_is_of_its_family_and_serializes(
    whole_span: list[Occurrence], two_years: list[Occurrence]
) -> None:
    for found in [*whole_span, *two_years]:
        family = FAMILIES[found.family]
        assert found.kind in family.kinds
        assert found.bodies
        assert set(found.bodies) <= set(family.bodies)
        assert found.provenance["definition"] == family.definition_id
        assert found.provenance["ephemeris"] == "DE440"
        assert 0.0 <= found.tt_jd2 < 1.0
        assert found.utc.tzinfo is UTC
        assert found.ut1.tzinfo is UTC
    json.dumps([found.to_json() for found in two_years], allow_nan=False)
    json.dumps([dict(found.provenance) for found in two_years], allow_nan=False)


def test_the_search_was_within_a_tenth_of_a_second_of_what_skyfield_confirms(
    whole_span: list[Occurrence],
) -> None:
    """The Sun takes 25 ms for a milliarcsecond of nutation, the Moon takes 2 ms.

    Extremes of declination are flat: there the Moon takes 10 ms. A planet beside the Sun, where
    the Moon covers it, is deflected by up to an arcsecond; an arc of planets closes as slowly.
    """
    residuals = {
        name: max(
            abs(found.provenance["residual_s"])
            for found in whole_span
            if found.family == name and isinstance(found.provenance["residual_s"], float)
        )
        for name in ("seasons", "solar_terms", *EXACT)
    }
    assert max(residuals["seasons"], residuals["solar_terms"]) < 0.1
    assert max(residuals[name] for name in EXACT) < 1e-3


def test_a_family_that_is_not_asked_for_is_not_found(sky: Sky) -> None:
    found = find_occurrences(sky, START, END, ["seasons"])
    assert {each.family for each in found} == {"seasons"}
    assert find_occurrences(sky, START, END, []) == []


@pytest.mark.parametrize("name", FAMILIES)
def test_a_window_without_events_is_empty(sky: Sky, name: str) -> None:
    """One minute in which nothing happens."""
    start = datetime(2026, 7, 1, tzinfo=UTC)
    assert find_occurrences(sky, start, start + timedelta(minutes=1), [name]) == []


@pytest.mark.parametrize("name", FAMILIES)
def test_the_ends_of_the_span_can_be_asked_for(sky: Sky, name: str) -> None:
    finder = FAMILIES[name].finder
    found = [
        *finder(sky, FIRST, FIRST + timedelta(days=370)),
        *finder(sky, LAST - timedelta(days=370), LAST),
    ]
    assert found or name in RARE


def test_an_unknown_family_is_named_with_those_there_are(sky: Sky) -> None:
    with pytest.raises(ValueError, match="Unknown family tides; the families are moon_phases, "):
        find_occurrences(sky, START, END, ["tides", "seasons"])


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("end", [START, START - SECOND], ids=["empty", "inverted"])
def test_an_inverted_window_is_refused_naming_both_ends(sky: Sky, name: str, end: datetime) -> None:
    with pytest.raises(ValueError, match=re.escape(START.isoformat())) as caught:
        FAMILIES[name].finder(sky, START, end)
    assert end.isoformat() in str(caught.value)
    assert not isinstance(caught.value, EphemerisRangeError)


@pytest.mark.parametrize(
    ("start", "end"),
    [(FIRST - SECOND, LAST), (FIRST, LAST + SECOND)],
    ids=["too-early", "too-late"],
)
def test_a_window_outside_the_span_is_refused_naming_the_span(
    sky: Sky, start: datetime, end: datetime
) -> None:
    with pytest.raises(EphemerisRangeError, match="1900-01-01 to 2101-01-01") as caught:
        find_occurrences(sky, start, end, FAMILIES)
    assert (caught.value.covered_start, caught.value.covered_end) == ("1900-01-01", "2101-01-01")


def test_a_moment_without_zone_is_refused(sky: Sky) -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        find_occurrences(sky, START.replace(tzinfo=None), END, FAMILIES)


def test_each_family_states_what_it_computes() -> None:
    for name, family in FAMILIES.items():
        assert family.name == name
        assert re.fullmatch(rf"{name}/[1-9]\d*", family.definition_id)
        assert all((family.kinds, family.text, family.frame, family.scale, family.source))
