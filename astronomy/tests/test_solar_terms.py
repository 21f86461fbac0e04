"""The solar terms against plain Skyfield and against the seasons."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from skyfield import almanac

from astronomy.finders import find_occurrences
from astronomy.finders.solar_terms import TERMS
from astronomy.occurrence import Occurrence
from astronomy.sampling import Sky

START, END = datetime(2023, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def terms(sky: Sky) -> list[Occurrence]:
    return find_occurrences(sky, START, END, ["solar_terms"])


def test_a_year_has_its_24_terms_in_order(terms: list[Occurrence]) -> None:
    in_2025 = [found for found in terms if found.utc.year == 2025]
    codes = [found.details["term"] for found in in_2025]
    assert codes == [TERMS[(19 + at) % 24] for at in range(24)]  # from Xiaohan, 285 degrees
    assert codes[0] == "xiaohan"
    assert in_2025[5].key == "solar-terms-sun-2025-000"


def test_every_second_term_is_a_zhongqi(terms: list[Occurrence]) -> None:
    zhongqi = {found.details["term"] for found in terms if found.details["zhongqi"]}
    assert zhongqi == set(TERMS[::2])
    assert {"dongzhi", "chunfen", "yushui", "dahan"} <= zhongqi


def test_the_quarters_are_the_seasons(sky: Sky, terms: list[Occurrence]) -> None:
    seasons = find_occurrences(sky, START, END, ["seasons"])
    quarters = [found for found in terms if found.details["longitude_deg"] % 90.0 == 0.0]
    assert [found.utc for found in quarters] == [found.utc for found in seasons]


def test_skyfields_own_search_finds_the_same_terms(sky: Sky, terms: list[Occurrence]) -> None:
    """``almanac_east_asia`` searches to a few milliseconds."""
    from skyfield import almanac_east_asia

    timescale = sky.timescale
    times, codes = almanac.find_discrete(
        timescale.utc(2023),
        timescale.utc(2024),
        almanac_east_asia.solar_terms(sky.ephemeris.kernel),
    )
    ours = [found for found in terms if found.utc.year == 2023]
    assert [TERMS[code] for code in codes] == [found.details["term"] for found in ours]
    for time, found in zip(times, ours, strict=True):
        assert abs(time.utc_datetime() - found.utc) < timedelta(milliseconds=200)
