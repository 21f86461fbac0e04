"""Phases of the Moon against the US Naval Observatory and against plain Skyfield."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

from astronomy.occurrence import Occurrence
from astronomy.tests.tables import nearest

Families = dict[str, list[Occurrence]]


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
