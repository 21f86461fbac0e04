"""Lunar eclipses against NASA's tables for a shadow enlarged by 1/50."""

from __future__ import annotations

from datetime import datetime

import pytest

from astronomy.finders.lunar_eclipses import lunar_eclipse_type
from astronomy.occurrence import Occurrence
from astronomy.tests.tables import nearest
from astronomy.verification.tables import moment

Families = dict[str, list[Occurrence]]


@pytest.fixture(scope="module")
def eclipses(by_family: Families) -> list[Occurrence]:
    """Return the eclipses of 1901-2100, the span of the tables."""
    return [found for found in by_family["lunar_eclipses"] if found.utc.year >= 1901]


def test_there_are_460_eclipses_from_1901_to_2100(eclipses: list[Occurrence]) -> None:
    assert len(eclipses) == 460


def test_the_eclipse_of_2015_april_4_is_total(eclipses: list[Occurrence]) -> None:
    """Without the Sun's aberration it would come out as partial."""
    found = nearest(eclipses, moment("2015-04-04T12:00:00"))
    assert found.details["type"] == "total"


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
