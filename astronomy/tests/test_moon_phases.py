"""Phases of the Moon against the US Naval Observatory and against plain Skyfield."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import pytest
from skyfield import almanac

from astronomy.occurrence import Occurrence
from astronomy.sampling import Sky
from astronomy.tests.tables import moment, nearest, read_table

Families = dict[str, list[Occurrence]]


@pytest.fixture(scope="module")
def errors_s(by_family: Families) -> dict[datetime, float]:
    """Return our UT1 minus the table's, which is in whole minutes, by the table's time."""
    errors = {}
    for row in read_table("moon_phases"):
        at = moment(row["utc"])
        kind = [found for found in by_family["moon_phases"] if found.kind == row["phase"]]
        errors[at] = (nearest(kind, at).ut1 - at).total_seconds()
    return errors


def test_every_phase_of_1972_to_2030_is_within_45_seconds(errors_s: dict[datetime, float]) -> None:
    recent = [abs(error) for at, error in errors_s.items() if 1972 <= at.year <= 2030]
    assert len(recent) == 149
    assert max(recent) <= 45.0


def test_every_phase_of_1900_to_2100_is_within_65_seconds(errors_s: dict[datetime, float]) -> None:
    assert len(errors_s) == 493
    assert max(map(abs, errors_s.values())) <= 65.0


def test_there_are_no_phases_beyond_the_table(by_family: Families) -> None:
    rows = [row for row in read_table("moon_phases") if row["utc"].startswith("2010")]
    ours = [found for found in by_family["moon_phases"] if found.ut1.year == 2010]
    assert [found.kind for found in ours] == [row["phase"] for row in rows]


def test_the_instants_are_those_of_plain_skyfield_within_a_millisecond(
    sky: Sky, by_family: Families
) -> None:
    """Evaluate Skyfield's own phase angle at our instants: its search is no finer than 1 ms."""
    kernel, timescale = sky.ephemeris.kernel, sky.timescale
    some = by_family["moon_phases"][::40]
    jd1, jd2 = np.array([(found.tt_jd1, found.tt_jd2) for found in some]).T
    angle = almanac.moon_phase(kernel, timescale.tt_jd(jd1, jd2)).degrees
    target = np.array([found.details["elongation_deg"] for found in some])
    second = 1.0 / 86400.0
    rate = (almanac.moon_phase(kernel, timescale.tt_jd(jd1, jd2 + second)).degrees - angle) % 360
    off_s = ((angle - target + 180.0) % 360.0 - 180.0) / rate
    assert np.max(np.abs(off_s)) <= 1e-3


def test_a_lunation_has_its_four_phases_in_order(by_family: Families) -> None:
    phases = [found for found in by_family["moon_phases"] if found.utc.year in (2025, 2026)]
    angles = [found.details["elongation_deg"] for found in phases]
    assert {(after - before) % 360 for before, after in pairwise(angles)} == {90.0}


def test_the_new_moon_of_2000_january_6_has_goldstine_number_37105(by_family: Families) -> None:
    at = datetime(2000, 1, 6, 18, 14, tzinfo=UTC)  # Meeus (1998), ch. 49: k = 0
    found = nearest(by_family["moon_phases"], at)
    assert found.key == "moon-phases-moon-37105-000"
    assert abs((found.ut1 - at).total_seconds()) < 60


def test_the_uncertainty_is_the_position_uncertainty_over_the_rate(by_family: Families) -> None:
    # 0.0063" at 0.44 to 0.57" a second.
    assert all(0.009 <= found.uncertainty_s <= 0.016 for found in by_family["moon_phases"])
