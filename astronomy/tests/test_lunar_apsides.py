"""Perigees, apogees and named full moons against Espenak's tables and published dates."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from astronomy.constants import AU_KM
from astronomy.finders.lunar_apsides import find_lunar_apsides
from astronomy.occurrence import Occurrence
from astronomy.sampling import Sky

Families = dict[str, list[Occurrence]]


def _of_kind(by_family: Families, kind: str) -> list[Occurrence]:
    return [found for found in by_family["lunar_apsides"] if found.kind == kind]


def test_an_apsis_is_where_plain_skyfield_has_the_extreme_distance(
    sky: Sky, by_family: Families
) -> None:
    kernel, timescale = sky.ephemeris.kernel, sky.timescale
    some = by_family["lunar_apsides"][::97]
    some = [found for found in some if found.kind in ("perigee", "apogee")]
    jd1, jd2 = np.array([(found.tt_jd1, found.tt_jd2) for found in some]).T

    def distance_km(shift_s: float) -> np.ndarray:
        moment_ = timescale.tt_jd(jd1, jd2 + shift_s / 86400.0)
        return np.asarray((kernel["moon"] - kernel["earth"]).at(moment_).distance().km)

    sign = np.array([1.0 if found.kind == "perigee" else -1.0 for found in some])
    assert np.all(sign * distance_km(0.0) < sign * distance_km(600.0))
    assert np.all(sign * distance_km(0.0) < sign * distance_km(-600.0))
    published = np.array([found.details["distance_km"] for found in some])
    assert np.max(np.abs(distance_km(0.0) - published)) <= 0.06


def test_the_distance_rule_knows_its_own_limits(by_family: Families) -> None:
    for found in _of_kind(by_family, "supermoon"):
        near = found.details["distance_km"] < 360_000.0
        assert near == ("distance" in found.details["rules"])
    for found in _of_kind(by_family, "micromoon"):
        far = found.details["distance_km"] > 405_000.0
        assert far == ("distance" in found.details["rules"])


def test_a_named_full_moon_is_the_full_moon_of_its_lunation(by_family: Families) -> None:
    full = {
        found.details["lunation_number"]: found.utc
        for found in by_family["moon_phases"]
        if found.kind == "full_moon"
    }
    for kind in ("supermoon", "micromoon", "blue_moon"):
        for found in _of_kind(by_family, kind):
            assert found.utc == full[found.details["lunation_number"]]


@pytest.mark.parametrize("day", [1, 3, 5])
def test_a_blue_moon_is_found_though_the_window_begins_after_the_first(sky: Sky, day: int) -> None:
    start = datetime(2026, 5, day, tzinfo=UTC)
    found = find_lunar_apsides(sky, start, datetime(2026, 6, 1, tzinfo=UTC))
    assert [each.kind for each in found if each.kind == "blue_moon"] == ["blue_moon"]


def test_the_distance_is_that_of_geometric_positions(sky: Sky) -> None:
    found = find_lunar_apsides(
        sky, datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 1, 15, tzinfo=UTC)
    )
    perigee = next(each for each in found if each.kind == "perigee")
    days = np.array([perigee.tt_jd1 - 2451545.0 + perigee.tt_jd2])
    position, _ = sky.ephemeris.geometric("earth", "moon", days)
    assert np.linalg.norm(position) * AU_KM == pytest.approx(
        perigee.details["distance_km"], abs=0.1
    )
