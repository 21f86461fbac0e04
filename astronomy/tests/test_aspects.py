"""Aspects against an independent count and against plain Skyfield."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from astronomy.finders import find_occurrences
from astronomy.occurrence import Occurrence
from astronomy.sampling import Sky
from astronomy.tests import plain

START, END = datetime(2020, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def aspects(sky: Sky) -> list[Occurrence]:
    return find_occurrences(sky, START, END, ["aspects"])


def _between(aspects: list[Occurrence], *pair: str) -> list[Occurrence]:
    return [each for each in aspects if each.bodies == pair]


@pytest.mark.parametrize(
    "pair", [("sun", "moon"), ("mercury", "venus"), ("mars", "pluto"), ("jupiter", "saturn")]
)
def test_the_longitudes_differ_by_the_angle_in_plain_skyfield(
    sky: Sky, aspects: list[Occurrence], pair: tuple[str, str]
) -> None:
    ours = _between(aspects, *pair)
    assert ours
    angles = np.array([each.details["angle_deg"] for each in ours])

    def apart(shift_s: float) -> np.ndarray:
        time = plain.times_of(sky, ours, shift_s)
        first, second = (plain.longitude_deg(sky, body, time) for body in pair)
        return np.asarray(plain.wrapped(first - second))

    side = np.where(np.isclose(angles, 180.0), 180.0, np.sign(apart(0.0)) * angles)
    rate_deg_s = plain.wrapped(apart(600.0) - apart(-600.0)) / 1200.0
    off_s = plain.wrapped(apart(0.0) - side) / rate_deg_s
    assert np.max(np.abs(off_s)) <= (1e-3 if pair[0] == "sun" else 0.05)


@pytest.mark.parametrize("pair", [("moon", "mars"), ("venus", "mars"), ("sun", "saturn")])
def test_no_aspect_is_missed_in_steps_of_6_hours(
    sky: Sky, aspects: list[Occurrence], pair: tuple[str, str]
) -> None:
    times = sky.timescale.utc(2020, 1, 1, range(0, 366 * 24 + 1, 6))
    first, second = (plain.longitude_deg(sky, body, times) for body in pair)
    apart = plain.wrapped(first - second)
    changes = 0
    for angle in (0.0, 60.0, 90.0, 120.0, 180.0, -120.0, -90.0, -60.0):
        off = plain.wrapped(apart - angle)
        changes += int(np.count_nonzero((off[1:] * off[:-1] < 0.0) & (np.abs(off[1:]) < 90.0)))
    assert len(_between(aspects, *pair)) == changes


def test_a_triple_aspect_has_three_arcs_of_one_turn(sky: Sky) -> None:
    start, end = datetime(2016, 1, 1, tzinfo=UTC), datetime(2018, 1, 1, tzinfo=UTC)
    ours = _between(find_occurrences(sky, start, end, ["aspects"]), "jupiter", "uranus")
    opposed = [each.key for each in ours if each.kind == "aspect_opposition"]
    assert len(opposed) == 3  # 2016-12-26, 2017-03-03 and 2017-09-28
    stems = {key.rsplit("-", 1)[0] for key in opposed}
    arcs = [int(key.rsplit("-", 1)[1]) for key in opposed]
    assert len(stems) == 1
    assert arcs == [arcs[0], arcs[0] + 1, arcs[0] + 2]
    assert arcs[1] % 2 == 0  # the retrograde one


def test_the_inner_bodies_never_stray_far_apart(aspects: list[Occurrence]) -> None:
    assert {each.kind for each in _between(aspects, "sun", "venus")} == {"aspect_conjunction"}
    assert {each.kind for each in _between(aspects, "mercury", "venus")} <= {
        "aspect_conjunction",
        "aspect_sextile",
    }


def test_lunar_squares_are_the_quarters(sky: Sky, aspects: list[Occurrence]) -> None:
    phases = find_occurrences(sky, START, END, ["moon_phases"])
    quarters = [each.utc for each in phases if "quarter" in each.kind]
    squares = [
        each.utc for each in _between(aspects, "sun", "moon") if each.kind == "aspect_square"
    ]
    assert len(quarters) == len(squares)
    for quarter, square in zip(quarters, squares, strict=True):
        assert abs(quarter - square) <= timedelta(milliseconds=2)
