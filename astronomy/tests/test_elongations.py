"""Greatest elongations and brilliancies against searches with plain Skyfield."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from skyfield.magnitudelib import planetary_magnitude
from skyfield.searchlib import find_maxima, find_minima
from skyfield.timelib import Time

from astronomy.finders import find_occurrences
from astronomy.occurrence import Occurrence
from astronomy.sampling import Sky
from astronomy.tests import plain

START, END = datetime(2024, 6, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def found(sky: Sky) -> list[Occurrence]:
    return find_occurrences(sky, START, END, ["elongations"])


@pytest.mark.parametrize("planet", ["mercury", "venus"])
def test_skyfields_search_finds_the_same_elongations(
    sky: Sky, found: list[Occurrence], planet: str
) -> None:
    def separation(time: Time) -> np.ndarray:
        return plain.separation_deg(sky, planet, "sun", time)

    separation.step_days = 10.0  # type: ignore[attr-defined]  # how Skyfield is told
    start, end = sky.timescale.utc(2024, 6), sky.timescale.utc(2026)
    times, degrees = find_maxima(start, end, separation, epsilon=1e-4)
    ours = [each for each in found if each.bodies == (planet,) and "elongation" in each.kind]
    assert len(ours) == len(times)
    for time, angle, each in zip(times, degrees, ours, strict=True):
        assert abs(time.utc_datetime() - each.utc) < timedelta(minutes=1)
        assert each.details["elongation_deg"] == pytest.approx(angle, abs=1e-5)


def test_east_is_in_the_evening(sky: Sky, found: list[Occurrence]) -> None:
    ours = [each for each in found if "elongation" in each.kind]
    for each in ours:
        time = plain.times_of(sky, [each])
        ahead = plain.longitude_deg(sky, each.bodies[0], time)
        ahead = plain.wrapped(ahead - plain.longitude_deg(sky, "sun", time))
        assert (ahead[0] > 0.0) == each.kind.endswith("_east")


def test_venus_is_brightest_on_both_sides_of_the_inferior_conjunction_of_2025(
    sky: Sky, found: list[Occurrence]
) -> None:
    """Skyfield takes the barycentre for the Sun, which moves the flat minimum by hours."""
    bright = [each for each in found if each.kind == "venus_greatest_brilliancy"]
    assert [each.details["side"] for each in bright] == ["east", "west"]
    venus = sky.ephemeris.kernel["venus"]

    def magnitude(time: Time) -> np.ndarray:
        position = sky.ephemeris.kernel["earth"].at(time).observe(venus)
        return np.asarray(planetary_magnitude(position))

    magnitude.step_days = 5.0  # type: ignore[attr-defined]
    for each in bright:
        utc = each.utc
        start = sky.timescale.from_datetime(utc - timedelta(days=15))
        end = sky.timescale.from_datetime(utc + timedelta(days=15))
        times, values = find_minima(start, end, magnitude, epsilon=1e-3)
        assert len(times) == 1
        assert abs(times[0].utc_datetime() - utc) < timedelta(days=1)
        assert each.details["magnitude"] == pytest.approx(values[0], abs=0.05)
        assert 0.2 < each.details["illuminated_fraction"] < 0.3
