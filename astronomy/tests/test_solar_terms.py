"""The solar terms against plain Skyfield and against the seasons."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from skyfield import almanac
from skyfield.framelib import ecliptic_frame

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


def test_the_instants_are_those_of_plain_skyfield_within_a_millisecond(
    sky: Sky, terms: list[Occurrence]
) -> None:
    kernel, timescale = sky.ephemeris.kernel, sky.timescale
    some = terms[::5]
    jd1, jd2 = np.array([(found.tt_jd1, found.tt_jd2) for found in some]).T

    def longitude_deg(shift_days: float) -> np.ndarray:
        at = kernel["earth"].at(timescale.tt_jd(jd1, jd2 + shift_days))
        apparent = at.observe(kernel["sun"]).apparent()
        return np.asarray(apparent.frame_latlon(ecliptic_frame)[1].degrees)

    target = np.array([found.details["longitude_deg"] for found in some])
    off_deg = (longitude_deg(0.0) - target + 180.0) % 360.0 - 180.0
    rate_deg_s = ((longitude_deg(0.01) - longitude_deg(0.0)) % 360.0) / 864.0
    assert np.max(np.abs(off_deg / rate_deg_s)) <= 1e-3
