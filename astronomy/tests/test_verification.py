"""Every gate of the product, by the code that ``manage.py verify`` runs; and that each can fail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from astronomy.occurrence import Occurrence
from astronomy.sampling import Sky
from astronomy.verification import CHECKS, Check, Material, Sample, Statistic, judged
from astronomy.verification.tables import Row, moment, read_table, source_of, table_names

Families = dict[str, list[Occurrence]]

# Plain Skyfield searches two years here, and each place stands for its page of three.
SEARCHED_YEARS = (1920, 2040)
PLACE_DAYS = 10
ROWS = {
    "moon_phases: instant (UT1), 1972-2030": 149,
    "moon_phases: instant (UT1), 1900-2100": 493,
    "seasons: instant (UT1), 1972-2030": 116,
    "seasons: instant (UT1), 1900-2100": 400,
    "moon_phases and seasons: bias (UT1), 1972-2030": 265,
    "solar_eclipses: type": 224,
    "lunar_eclipses: type": 225,
    "lunar_eclipses: bias of greatest (TT), 1901-2030": 149,
    "transits: greatest transit (TT)": 15,
    "lunar_nodes: instant (UT1)": 1342,
    "lunar_apsides: distance": 1318,
    "apsides: distance": 100,
    "cultural: Chinese years, their months": 100,
    "rise and set: below 80°": 2895,
    "rise and set: Moon, beyond 84°": 215,
    "positions: vector of DE441": 30,
    "positions: topocentric, astrometric": 156,
}


@pytest.fixture(scope="session")
def material(sky: Sky, by_family: Families) -> Material:
    return Material(sky, found=by_family, searched_years=SEARCHED_YEARS)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_the_gate_holds(material: Material, check: Check) -> None:
    result = judged(check, material)
    assert result.passed, result
    assert result.rows == ROWS.get(check.code, result.rows)
