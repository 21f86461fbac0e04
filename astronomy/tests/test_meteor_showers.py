"""Peaks of meteor showers against instants that the IMO published."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from skyfield.api import load_constellation_map, position_of_radec
from skyfield.framelib import ecliptic_J2000_frame

from astronomy.finders.meteor_showers import SHOWERS, find_meteor_showers
from astronomy.occurrence import Occurrence
from astronomy.sampling import Sky


@pytest.fixture(scope="module")
def three_years(sky: Sky) -> list[Occurrence]:
    start, end = datetime(2012, 1, 1, tzinfo=UTC), datetime(2015, 1, 1, tzinfo=UTC)
    return find_meteor_showers(sky, start, end)


def test_the_perseids_of_2013_reach_140_degrees_when_the_imo_says(
    three_years: list[Occurrence],
) -> None:
    # IMO 2013 Meteor Shower Calendar: solar longitude 140.0 to 140.1 on August 12, 18:15 to 20:45.
    (found,) = [each for each in three_years if each.key == "meteor-showers-earth-per-2013"]
    published = datetime(2013, 8, 12, 18, 15, tzinfo=UTC)
    assert abs((found.utc - published).total_seconds()) <= 900.0


def test_each_shower_peaks_once_a_year(three_years: list[Occurrence]) -> None:
    assert len(three_years) == 3 * len(SHOWERS)
    assert len({found.key for found in three_years}) == len(three_years)


def test_the_year_in_the_key_is_the_civil_year(three_years: list[Occurrence]) -> None:
    assert all(found.key.endswith(f"-{found.utc.year}") for found in three_years)


def test_the_sun_is_at_the_longitude_of_the_catalogue(
    sky: Sky, three_years: list[Occurrence]
) -> None:
    kernel, timescale = sky.ephemeris.kernel, sky.timescale
    jd1, jd2 = np.array([(found.tt_jd1, found.tt_jd2) for found in three_years]).T
    at = kernel["earth"].at(timescale.tt_jd(jd1, jd2))
    sun = at.observe(kernel["sun"]).apparent().frame_latlon(ecliptic_J2000_frame)[1].degrees
    target = [found.details["solar_longitude_deg"] for found in three_years]
    assert np.max(np.abs((sun - target + 180.0) % 360.0 - 180.0)) <= 1e-7


def test_the_uncertainty_is_half_a_unit_of_the_last_digit(three_years: list[Occurrence]) -> None:
    by_code = {found.details["shower"]: found for found in three_years}
    assert by_code["QUA"].uncertainty_s == pytest.approx(0.005 / 1.019 * 86400.0, rel=0.01)
    assert by_code["ORI"].uncertainty_s == pytest.approx(0.5 / 0.995 * 86400.0, rel=0.01)


def test_radiants_lie_in_the_constellations_of_the_catalogue() -> None:
    """By the map of Skyfield, from the radiants of the same catalogue."""
    constellation_at = load_constellation_map()
    for shower in SHOWERS.values():
        radiant = position_of_radec(shower.radiant_ra_deg / 15.0, shower.radiant_dec_deg)
        assert constellation_at(radiant).lower() == shower.radiant_constellation, shower.code


@pytest.mark.parametrize(
    ("code", "parent"),
    [
        # JPL Solar System Dynamics, Meteor Streams.
        ("PER", "109P/Swift-Tuttle"),
        ("GEM", "(3200) Phaethon"),
        ("KCG", None),
    ],
)
def test_parent_bodies_are_those_of_the_published_lists(code: str, parent: str | None) -> None:
    assert SHOWERS[code].parent_body == parent
