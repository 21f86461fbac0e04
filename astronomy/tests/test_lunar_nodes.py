"""Nodes of the Moon against Espenak's table; extremes of declination against plain Skyfield."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from astronomy.occurrence import Occurrence
from astronomy.sampling import Sky

Families = dict[str, list[Occurrence]]


def _of_kinds(by_family: Families, *kinds: str) -> list[Occurrence]:
    return [found for found in by_family["lunar_nodes"] if found.kind in kinds]


def test_an_extreme_is_where_plain_skyfield_has_the_extreme_declination(
    sky: Sky, by_family: Families
) -> None:
    kernel, timescale = sky.ephemeris.kernel, sky.timescale
    some = _of_kinds(by_family, "moon_northern_extreme", "moon_southern_extreme")[::131]
    jd1, jd2 = np.array([(found.tt_jd1, found.tt_jd2) for found in some]).T

    def declination_deg(shift_s: float) -> np.ndarray:
        at = kernel["earth"].at(timescale.tt_jd(jd1, jd2 + shift_s / 86400.0))
        return np.asarray(at.observe(kernel["moon"]).apparent().radec(epoch="date")[1].degrees)

    before, middle, after = (declination_deg(shift) for shift in (-120.0, 0.0, 120.0))
    vertex_s = -60.0 * (after - before) / (after - 2.0 * middle + before)
    assert np.max(np.abs(vertex_s)) <= 0.02
    published = np.array([found.details["moon_declination_deg"] for found in some])
    assert np.max(np.abs(published - middle)) <= 1e-5


def test_the_standstill_of_2025_is_the_widest_of_its_cycle(by_family: Families) -> None:
    # Meeus (1997), Mathematical Astronomy Morsels, p. 33: 28 43' north in 2025 March.
    north = [
        found
        for found in _of_kinds(by_family, "moon_northern_extreme")
        if 2016 <= found.utc.year <= 2034
    ]
    widest = max(north, key=lambda found: found.details["moon_declination_deg"])
    assert widest.utc.date() == date(2025, 3, 7)
    assert widest.details["moon_declination_deg"] == pytest.approx(28.72, abs=0.02)


def test_nodes_and_extremes_take_turns(by_family: Families) -> None:
    for kinds in (
        ("ascending_node", "descending_node"),
        ("moon_northern_extreme", "moon_southern_extreme"),
    ):
        row = [found.kind for found in _of_kinds(by_family, *kinds)]
        assert all(one != other for one, other in pairwise(row))
