"""Numbers that name lunations, years and saros series."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from astronomy.finders.lunation import (
    GOLDSTINE_2000,
    lunar_saros,
    lunation_numbers,
    solar_saros,
    solar_years,
)
from astronomy.occurrence import Occurrence

lunations = st.integers(35_800, 38_400)


@given(lunations)
def test_a_saros_later_the_series_is_the_same_and_an_inex_later_the_next(lunation: int) -> None:
    for saros in (solar_saros, lunar_saros):
        here, later, next_ = saros(np.array([lunation, lunation + 223, lunation + 358]))
        assert here == later
        assert next_ == here % 223 + 1


# Members of well-known series: NASA/TP-2006-214141 and NASA/TP-2009-214172.
@pytest.mark.parametrize(
    ("saros", "since_2000", "series"),
    [
        (solar_saros, -5, 145),
        (solar_saros, 300, 139),
        (lunar_saros, 0, 124),
        (lunar_saros, 229, 129),
    ],
    ids=["1999-08-11", "2024-04-08", "2000-01-21", "2018-07-27"],
)
def test_a_known_eclipse_has_its_series(saros: object, since_2000: int, series: int) -> None:
    assert callable(saros)
    assert saros(np.array([GOLDSTINE_2000 + since_2000])).tolist() == [series]


def test_numbers_run_without_a_gap(by_family: dict[str, list[Occurrence]]) -> None:
    new_moons = [
        found.details["lunation_number"]
        for found in by_family["moon_phases"]
        if found.kind == "new_moon"
    ]
    assert new_moons == list(range(new_moons[0], new_moons[0] + len(new_moons)))


@given(st.integers(-1200, 1200), st.floats(-13.0, 13.0), st.sampled_from([0.0, 90.0, 270.0]))
def test_a_lunation_keeps_its_number_however_uneven_it_is(
    lunation: int, late_days: float, elongation_deg: float
) -> None:
    mean = 5.1 + (lunation + elongation_deg / 360.0) * 29.530588861
    days, elongation = np.array([mean + late_days]), np.array([elongation_deg])
    assert lunation_numbers(days, elongation).tolist() == [GOLDSTINE_2000 + lunation]


def test_a_solar_year_begins_with_the_march_equinox() -> None:
    # 2025-12-21, 2026-01-20 and 2026-03-20 as days since J2000.0.
    days = np.array([9486.1, 9516.1, 9575.1])
    assert solar_years(days, np.array([270.0, 300.0, 0.0])).tolist() == [2025, 2025, 2026]
