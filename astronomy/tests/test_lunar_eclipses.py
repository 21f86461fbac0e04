"""Lunar eclipses against NASA's tables for a shadow enlarged by 1/50."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest

from astronomy.finders.lunar_eclipses import lunar_eclipse_type
from astronomy.occurrence import Occurrence
from astronomy.tests.tables import (
    Row,
    canon_delta_t_s,
    moment,
    nearest,
    read_table,
    tt_moment,
)

Families = dict[str, list[Occurrence]]
Pairs = list[tuple[Row, Occurrence]]


@pytest.fixture(scope="module")
def eclipses(by_family: Families) -> list[Occurrence]:
    """Return the eclipses of 1901-2100, the span of the tables."""
    return [found for found in by_family["lunar_eclipses"] if found.utc.year >= 1901]


@pytest.fixture(scope="module")
def pairs(eclipses: list[Occurrence]) -> Pairs:
    rows = read_table("lunar_eclipses")
    return [(row, nearest(eclipses, moment(row["greatest_ut"]))) for row in rows]


@pytest.fixture(scope="module")
def errors_s(pairs: Pairs) -> dict[datetime, float]:
    """Return our TT minus the table's UT carried to TT by the canon's Delta T."""
    errors = {}
    for row, found in pairs:
        at = moment(row["greatest_ut"])
        table_tt = at + timedelta(seconds=canon_delta_t_s(at))
        errors[at] = (tt_moment(found) - table_tt).total_seconds()
    return errors


def test_there_are_460_eclipses_from_1901_to_2100(eclipses: list[Occurrence]) -> None:
    assert len(eclipses) == 460


def test_the_odd_years_have_every_row_of_the_table_and_no_other(
    eclipses: list[Occurrence], pairs: Pairs
) -> None:
    odd = {found.key for found in eclipses if found.utc.year % 2}
    assert odd == {found.key for _, found in pairs}
    assert len(odd) == len(pairs) == 225


def test_every_type_is_that_of_the_table(pairs: Pairs) -> None:
    assert [found.details["type"] for _, found in pairs] == [row["kind"] for row, _ in pairs]


def test_the_eclipse_of_2015_april_4_is_total(eclipses: list[Occurrence]) -> None:
    """Without the Sun's aberration it would come out as partial."""
    found = nearest(eclipses, moment("2015-04-04T12:00:00"))
    assert found.details["type"] == "total"


def test_every_peak_is_within_60_seconds(errors_s: dict[datetime, float]) -> None:
    assert max(map(abs, errors_s.values())) <= 60.0


def test_the_signed_mean_error_of_1901_to_2030_is_within_4_seconds(
    errors_s: dict[datetime, float],
) -> None:
    recent = [error for at, error in errors_s.items() if at.year <= 2030]
    assert abs(np.mean(recent)) <= 4.0


@pytest.mark.parametrize(
    ("name", "tolerance"),
    [
        ("umbral_magnitude", 0.002),
        ("penumbral_magnitude", 0.002),
        ("gamma", 0.001),
        ("saros", 0),
    ],
    ids=["umbral", "penumbral", "gamma", "saros"],
)
def test_a_number_is_that_of_the_table(pairs: Pairs, name: str, tolerance: float) -> None:
    off = [abs(float(found.details[name]) - float(row[name])) for row, found in pairs]
    assert max(off) <= tolerance


@pytest.mark.parametrize("phase", ["partial", "total"])
def test_semidurations_are_those_of_the_table_to_a_minute(pairs: Pairs, phase: str) -> None:
    for row, found in pairs:
        duration_s = found.details[f"{phase}_duration_s"] or 0.0
        assert duration_s / 120.0 == pytest.approx(
            float(row[f"{phase}_semiduration_min"]), abs=0.6
        ), row


def test_contacts_come_in_order_about_greatest_eclipse(eclipses: list[Occurrence]) -> None:
    every = {"penumbral": 1, "partial": 2, "total": 3}
    for found in eclipses:
        names = list(found.details["contacts_utc"])
        moments = [datetime.fromisoformat(at) for at in found.details["contacts_utc"].values()]
        half = every[found.details["type"]]
        assert names == [*("p1", "u1", "u2")[:half], *("u3", "u4", "p4")[3 - half :]]
        assert moments == sorted(moments)
        assert moments[half - 1] < found.utc < moments[half]
        assert (found.begins_utc, found.ends_utc) == (moments[0], moments[-1])


def test_the_cases_where_danjon_differs_are_flagged(eclipses: list[Occurrence]) -> None:
    """Count 457 eclipses by Danjon's rule: 229 and 228 in NASA/TP-2009-214172, table 5-1."""
    flagged = [found for found in eclipses if found.details["borderline"]]
    missed = [found for found in flagged if found.details["penumbral_magnitude"] < 0.03]
    assert len(eclipses) - len(missed) == 457
    assert all(
        min(abs(found.details["umbral_magnitude"] - limit) for limit in (0.0, 1.0)) < 0.01
        for found in flagged
        if found not in missed
    )


@pytest.mark.parametrize(
    ("umbral_magnitude", "kind"),
    [
        (1.0, "total"),
        (0.999, "partial"),
        (1e-9, "partial"),
        (0.0, "penumbral"),
        (-0.5, "penumbral"),
    ],
)
def test_the_umbral_magnitude_decides_the_type(umbral_magnitude: float, kind: str) -> None:
    assert lunar_eclipse_type(umbral_magnitude) == kind
