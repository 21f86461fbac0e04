"""Equinoxes and solstices against the US Naval Observatory and against plain Skyfield."""

from __future__ import annotations

import numpy as np
from skyfield.framelib import ecliptic_frame

from astronomy.occurrence import Occurrence
from astronomy.sampling import Sky

Families = dict[str, list[Occurrence]]


def test_the_instants_are_those_of_plain_skyfield_within_a_millisecond(
    sky: Sky, by_family: Families
) -> None:
    kernel, timescale = sky.ephemeris.kernel, sky.timescale
    some = by_family["seasons"][::8]
    jd1, jd2 = np.array([(found.tt_jd1, found.tt_jd2) for found in some]).T
    earth, sun = kernel["earth"], kernel["sun"]

    def longitude_deg(shift_days: float) -> np.ndarray:
        apparent = earth.at(timescale.tt_jd(jd1, jd2 + shift_days)).observe(sun).apparent()
        return np.asarray(apparent.frame_latlon(ecliptic_frame)[1].degrees)

    target = np.array([found.details["sun_longitude_deg"] for found in some])
    off_deg = (longitude_deg(0.0) - target + 180.0) % 360.0 - 180.0
    rate_deg_s = ((longitude_deg(0.01) - longitude_deg(0.0)) % 360.0) / 864.0
    assert np.max(np.abs(off_deg / rate_deg_s)) <= 1e-3


def test_there_are_four_seasons_in_every_year(by_family: Families) -> None:
    years = [found.utc.year for found in by_family["seasons"]]
    assert {years.count(year) for year in range(1900, 2101)} == {4}


def test_keys_carry_the_solar_year_and_the_longitude(by_family: Families) -> None:
    keys = [found.key for found in by_family["seasons"] if found.utc.year == 2026]
    assert keys == [f"seasons-sun-2026-{degrees}" for degrees in ("000", "090", "180", "270")]


def test_the_uncertainty_is_the_position_uncertainty_over_the_rate(by_family: Families) -> None:
    # 0.002" at 0.0397 to 0.0425" a second.
    assert all(0.046 <= found.uncertainty_s <= 0.052 for found in by_family["seasons"])
