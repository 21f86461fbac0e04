"""Windows, keys and provenance: what holds for every family."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from astronomy.ephemeris import Ephemeris
from astronomy.errors import EphemerisRangeError
from astronomy.finders import FAMILIES, find_occurrences
from astronomy.occurrence import Occurrence
from astronomy.sampling import Sky

START, END = datetime(2024, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
FIRST, LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2101, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
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
@settings(max_examples=12, deadline=None)
def test_a_window_may_be_cut_anywhere(sky: Sky, two_years: list[Occurrence], cut: datetime) -> None:
    first = find_occurrences(sky, START, cut, FAMILIES) if cut > START else []
    second = find_occurrences(sky, cut, END, FAMILIES) if cut < END else []
    assert first + second == two_years


def test_a_window_has_its_start_and_not_its_end(sky: Sky, two_years: list[Occurrence]) -> None:
    for found in two_years[::23]:
        millisecond = timedelta(milliseconds=1)
        assert find_occurrences(sky, found.utc, found.utc + millisecond, FAMILIES) == [found]
        assert find_occurrences(sky, found.utc - SECOND, found.utc, FAMILIES) == []


def test_finding_twice_and_on_a_fresh_sky_gives_the_same(
    ephemeris: Ephemeris, two_years: list[Occurrence]
) -> None:
    assert find_occurrences(Sky(ephemeris), START, END, FAMILIES) == two_years


def test_part_of_the_whole_span_is_the_same_as_the_whole(
    whole_span: list[Occurrence], two_years: list[Occurrence]
) -> None:
    assert [found for found in whole_span if START <= found.utc < END] == two_years


def test_a_window_in_another_zone_is_the_same_window(sky: Sky, two_years: list[Occurrence]) -> None:
    tokyo = timezone(timedelta(hours=9))
    assert (
        find_occurrences(sky, START.astimezone(tokyo), END.astimezone(tokyo), FAMILIES) == two_years
    )


def test_events_are_sorted_and_keys_are_unique_ascii_slugs(whole_span: list[Occurrence]) -> None:
    order = [(found.tt_jd1 + found.tt_jd2, found.key) for found in whole_span]
    assert order == sorted(order)
    keys = [found.key for found in whole_span]
    assert len(set(keys)) == len(keys)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key) and len(key) <= 100 for key in keys)


def test_every_event_is_of_its_family_and_serializes(whole_span: list[Occurrence]) -> None:
    for found in whole_span:
        family = FAMILIES[found.family]
        assert found.kind in family.kinds
        assert found.provenance["definition"] == family.definition_id
        assert found.provenance["ephemeris"] == "DE440"
        assert 0.0 <= found.tt_jd2 < 1.0
        assert found.utc.tzinfo is UTC
        assert found.ut1.tzinfo is UTC
    json.dumps([found.to_json() for found in whole_span], allow_nan=False)
    json.dumps([found.provenance for found in whole_span], allow_nan=False)


def test_the_search_was_within_a_tenth_of_a_second_of_what_skyfield_confirms(
    whole_span: list[Occurrence],
) -> None:
    """The Sun takes 25 ms for a milliarcsecond of nutation, the Moon takes 2 ms.

    Extremes of declination are flat: there the Moon takes 10 ms.
    """
    residuals = {
        name: max(
            abs(found.provenance["residual_s"])
            for found in whole_span
            if found.family == name and isinstance(found.provenance["residual_s"], float)
        )
        for name in FAMILIES
    }
    assert residuals.pop("seasons") < 0.1
    assert residuals.pop("lunar_nodes") < 1e-2
    assert max(residuals.values()) < 1e-3


def test_a_family_that_is_not_asked_for_is_not_found(sky: Sky) -> None:
    found = find_occurrences(sky, START, END, ["seasons"])
    assert {each.family for each in found} == {"seasons"}
    assert find_occurrences(sky, START, END, []) == []


@pytest.mark.parametrize("name", FAMILIES)
def test_a_window_without_events_is_empty(sky: Sky, name: str) -> None:
    start = datetime(2026, 7, 1, tzinfo=UTC)
    assert find_occurrences(sky, start, start + timedelta(hours=1), [name]) == []


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
        assert family.definition_id == f"{name}/1"
        assert all((family.kinds, family.text, family.frame, family.scale, family.source))
