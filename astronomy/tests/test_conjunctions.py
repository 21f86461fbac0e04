"""Conjunctions and approaches against published instants and plain Skyfield."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from astronomy.finders import find_occurrences
from astronomy.occurrence import Occurrence
from astronomy.sampling import Sky
from astronomy.stars import STARS
from astronomy.tests import plain

START, END = datetime(2020, 7, 1, tzinfo=UTC), datetime(2021, 4, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def found(sky: Sky) -> list[Occurrence]:
    return find_occurrences(sky, START, END, ["conjunctions"])


def _of(found: list[Occurrence], kind: str, *pair: str) -> list[Occurrence]:
    return [each for each in found if each.kind == kind and each.bodies == pair]


def test_the_great_conjunction_of_2020(found: list[Occurrence]) -> None:
    """WinStars: in right ascension at 13:30 UTC, closest at 18:25 UTC, 6.1 minutes of arc."""
    ra = _of(found, "conjunction_right_ascension", "jupiter", "saturn")
    near = _of(found, "closest_approach", "jupiter", "saturn")
    longitude = _of(found, "conjunction_longitude", "jupiter", "saturn")
    assert len(ra) == len(near) == len(longitude) == 1
    minutes = timedelta(minutes=5)
    assert abs(ra[0].utc - datetime(2020, 12, 21, 13, 30, tzinfo=UTC)) < minutes
    assert abs(near[0].utc - datetime(2020, 12, 21, 18, 25, tzinfo=UTC)) < minutes
    assert near[0].details["separation_deg"] * 60.0 == pytest.approx(6.1, abs=0.05)


@pytest.mark.parametrize("pair", [("moon", "mars"), ("moon", "regulus"), ("mercury", "jupiter")])
def test_coordinates_are_equal_in_plain_skyfield(
    sky: Sky, found: list[Occurrence], pair: tuple[str, str]
) -> None:
    for kind, coordinate in (
        ("conjunction_longitude", plain.longitude_deg),
        ("conjunction_right_ascension", plain.right_ascension_deg),
    ):
        ours = _of(found, kind, *pair)
        assert ours

        def off(
            shift_s: float, ours: list[Occurrence] = ours, coordinate: object = coordinate
        ) -> np.ndarray:
            time = plain.times_of(sky, ours, shift_s)
            first, second = (coordinate(sky, body, time) for body in pair)  # type: ignore[operator]
            return plain.wrapped(first - second)

        rate_deg_s = (off(60.0) - off(-60.0)) / 120.0
        assert np.max(np.abs(off(0.0) / rate_deg_s)) <= 2e-3


@pytest.mark.parametrize("pair", [("moon", "venus"), ("moon", "antares"), ("venus", "mercury")])
def test_the_separation_is_least_at_an_approach(
    sky: Sky, found: list[Occurrence], pair: tuple[str, str]
) -> None:
    ours = _of(found, "closest_approach", *pair) or _of(found, "closest_approach", *pair[::-1])
    assert ours
    before, at, after = (
        plain.separation_deg(sky, *pair, plain.times_of(sky, ours, shift_s))
        for shift_s in (-1200.0, 0.0, 1200.0)
    )
    assert np.all((at < before) & (at < after))
    assert np.allclose(at, [each.details["separation_deg"] for each in ours], atol=1e-4)
    vertex_s = 0.5 * 1200.0 * (before**2 - after**2) / (before**2 - 2.0 * at**2 + after**2)
    assert np.max(np.abs(vertex_s)) < 5.0  # the parabola through 20 minutes is not exact


def test_the_moon_passes_each_star_every_month(found: list[Occurrence]) -> None:
    for star in STARS:
        assert len(_of(found, "conjunction_longitude", "moon", star)) in (10, 11)


def test_the_three_kinds_are_never_mixed(found: list[Occurrence]) -> None:
    short = {"lon": 0, "ra": 0, "near": 0}
    kinds = dict(
        zip(
            short,
            ("conjunction_longitude", "conjunction_right_ascension", "closest_approach"),
            strict=True,
        )
    )
    for each in found:
        part = each.key.split("-")[3]
        assert each.kind == kinds[part]
        assert each.kind != "closest_approach" or each.details["separation_deg"] < 10.0


def test_stars_are_those_of_the_hipparcos_catalogue() -> None:
    assert {code: star.hip for code, star in STARS.items()} == {
        "spica": 65474,
        "regulus": 49669,
        "antares": 80763,
        "aldebaran": 21421,
        "pollux": 37826,
        "pleiades": 17702,
    }


@pytest.mark.parametrize(
    ("day", "side"),
    [
        # Sky & Telescope: Venus and Jupiter at dusk on 2023 March 1, at dawn on 2022 April 30.
        pytest.param(datetime(2023, 3, 1, tzinfo=UTC), "east", id="at dusk"),
        pytest.param(datetime(2022, 4, 30, tzinfo=UTC), "west", id="at dawn"),
    ],
)
def test_bodies_east_of_the_sun_are_seen_in_the_evening(sky: Sky, day: datetime, side: str) -> None:
    week = timedelta(days=7)
    meetings = find_occurrences(sky, day - week, day + week, ["conjunctions"])
    found = _of(meetings, "closest_approach", "venus", "jupiter")
    assert [each.details["side"] for each in found] == [side]
