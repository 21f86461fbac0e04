"""Configurations with the Sun against published dates and against plain Skyfield."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from skyfield import almanac

from astronomy.finders import find_occurrences
from astronomy.occurrence import Occurrence
from astronomy.sampling import Sky
from astronomy.tests import plain

START, END = datetime(2019, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def found(sky: Sky) -> list[Occurrence]:
    return find_occurrences(sky, START, END, ["sun_conjunctions"])


def _of(found: list[Occurrence], planet: str) -> list[Occurrence]:
    return [each for each in found if each.bodies == (planet, "sun")]


@pytest.mark.parametrize("planet", ["mars", "jupiter", "saturn", "uranus", "neptune", "pluto"])
def test_almanac_finds_the_same_conjunctions_and_oppositions(
    sky: Sky, found: list[Occurrence], planet: str
) -> None:
    kernel, timescale = sky.ephemeris.kernel, sky.timescale
    search = almanac.oppositions_conjunctions(kernel, kernel[f"{planet} barycenter"])
    times, values = almanac.find_discrete(timescale.utc(2019), timescale.utc(2025), search)
    ours = [each for each in _of(found, planet) if each.kind in ("conjunction", "opposition")]
    assert [("conjunction", "opposition")[value] for value in values] == [
        each.kind for each in ours
    ]
    for time, each in zip(times, ours, strict=True):
        assert abs(time.utc_datetime() - each.utc) < timedelta(seconds=1)


@pytest.mark.parametrize("planet", ["mercury", "venus"])
def test_inner_planets_pass_alternately_before_and_behind_the_sun(
    found: list[Occurrence], planet: str
) -> None:
    ours = _of(found, planet)
    kinds = [each.kind for each in ours]
    assert all(kinds[at] != kinds[at + 1] for at in range(len(kinds) - 1))
    for each in ours:
        near = each.details["planet_distance_au"] < 1.0
        assert each.kind == ("inferior_conjunction" if near else "superior_conjunction")


def test_the_order_of_an_outer_planets_year(found: list[Occurrence]) -> None:
    kinds = [each.kind for each in _of(found, "mars")]
    at = kinds.index("conjunction")
    assert kinds[at : at + 4] == ["conjunction", "west_quadrature", "opposition", "east_quadrature"]


def test_a_transit_is_an_inferior_conjunction(found: list[Occurrence]) -> None:
    greatest = datetime(2019, 11, 11, 15, 20, tzinfo=UTC)  # F. Espenak, transits of Mercury
    near = [each for each in found if abs(each.utc - greatest) < timedelta(minutes=5)]
    assert [(each.kind, each.bodies[0]) for each in near] == [("inferior_conjunction", "mercury")]
    assert near[0].details["separation_deg"] < 0.03


def test_the_instants_are_those_of_plain_skyfield_within_a_millisecond(
    sky: Sky, found: list[Occurrence]
) -> None:
    for planet in ("mercury", "venus", "mars", "pluto"):
        ours = _of(found, planet)

        def off(shift_s: float, planet: str = planet, ours: list[Occurrence] = ours) -> np.ndarray:
            time = plain.times_of(sky, ours, shift_s)
            difference = plain.longitude_deg(sky, planet, time)
            difference = difference - plain.longitude_deg(sky, "sun", time)
            return plain.wrapped(difference - [each.details["elongation_deg"] for each in ours])

        rate_deg_s = (off(60.0) - off(-60.0)) / 120.0
        assert np.max(np.abs(off(0.0) / rate_deg_s)) <= 1e-3


def test_elongations_are_east_or_west(found: list[Occurrence]) -> None:
    degrees = {each.kind: each.details["elongation_deg"] for each in found}
    assert degrees["east_quadrature"] == 90.0
    assert degrees["west_quadrature"] == -90.0
    assert degrees["opposition"] == 180.0
