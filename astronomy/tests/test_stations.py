"""Stations against an independent search with plain Skyfield."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from skyfield.searchlib import find_maxima, find_minima
from skyfield.timelib import Time

from astronomy.finders import find_occurrences
from astronomy.occurrence import Occurrence
from astronomy.sampling import Sky
from astronomy.tests import plain

START, END = datetime(2024, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def stations(sky: Sky) -> list[Occurrence]:
    return find_occurrences(sky, START, END, ["stations"])


@pytest.mark.parametrize("planet", ["mercury", "venus", "jupiter"])
def test_skyfields_search_for_extreme_longitudes_finds_the_same(
    sky: Sky, stations: list[Occurrence], planet: str
) -> None:
    start, end = sky.timescale.utc(2024), sky.timescale.utc(2026)
    origin = plain.longitude_deg(sky, planet, start)

    def longitude(time: Time) -> np.ndarray:
        return np.unwrap(plain.longitude_deg(sky, planet, time) - origin, period=360.0)

    longitude.step_days = 8.0  # type: ignore[attr-defined]  # how Skyfield is told
    for kind, search in (("station_retrograde", find_maxima), ("station_direct", find_minima)):
        times, _ = search(start, end, longitude, epsilon=1e-4)
        ours = [each.utc for each in stations if each.bodies == (planet,) and each.kind == kind]
        assert len(times) == len(ours)
        for time, utc in zip(times, ours, strict=True):
            # A maximum is flat: Skyfield sees a second of arc or so of Mercury's longitude.
            assert abs(time.utc_datetime() - utc) < timedelta(minutes=3)


def test_the_rate_changes_its_sign_in_plain_skyfield(sky: Sky, stations: list[Occurrence]) -> None:
    for each in stations:
        hours = np.array([-7.0, -5.0, 5.0, 7.0]) * 3600.0
        longitude = np.concatenate(
            [
                plain.longitude_deg(sky, each.bodies[0], plain.times_of(sky, [each], h))
                for h in hours
            ]
        )
        before, after = longitude[1] - longitude[0], longitude[3] - longitude[2]
        assert before * after < 0.0
        assert (after > 0.0) == (each.kind == "station_direct")


def test_stations_alternate_and_share_the_number_of_their_loop(
    stations: list[Occurrence],
) -> None:
    mercury = [each.key for each in stations if each.bodies == ("mercury",)]
    loops = [(key.split("-")[2], key.split("-")[3]) for key in mercury]
    numbers = list(dict.fromkeys(number for number, _ in loops))
    assert [int(number) - int(numbers[0]) for number in numbers] == list(range(len(numbers)))
    assert all(
        (number, "retrograde") in loops and (number, "direct") in loops for number in numbers[1:-1]
    )


def test_nutation_is_in_the_longitude(stations: list[Occurrence]) -> None:
    assert {each.provenance["definition"] for each in stations} == {"stations/1"}
    slow = [each for each in stations if each.bodies == ("pluto",)]
    fast = [each for each in stations if each.bodies == ("venus",)]
    assert min(each.uncertainty_s for each in slow) > 100.0
    assert max(each.uncertainty_s for each in fast) < 1.0
