"""Transits of Mercury and Venus against NASA's table and published contacts."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from astronomy.occurrence import Occurrence
from astronomy.verification.tables import Row, moment, read_table

Families = dict[str, list[Occurrence]]


def _near(by_family: Families, row: Row) -> Occurrence:
    at = moment(row["greatest_ut"])
    return min(by_family["transits"], key=lambda found: abs(found.ut1 - at))


def test_none_is_extra(by_family: Families) -> None:
    found = Counter(each.bodies[0] for each in by_family["transits"] if each.utc.year % 2)
    table = Counter(row["planet"] for row in read_table("transits"))
    assert found == table
    # Espenak, NASA: Mercury 14 times in 1901-2000 and 14 in 2001-2100; Venus in 2004 and 2012.
    every = Counter((each.bodies[0], (each.utc.year - 1) // 100) for each in by_family["transits"])
    assert every == {("mercury", 19): 14, ("mercury", 20): 14, ("venus", 20): 2}


def test_the_contacts_of_2019_are_the_published_ones(by_family: Families) -> None:
    # Espenak, NASA: 2019-11-11, geocentric, UT: 12:35:27, 12:37:08, 18:02:33, 18:04:14.
    found = _near(by_family, {"greatest_ut": "2019-11-11T15:20Z"})
    contacts = {
        name: datetime.fromisoformat(text) for name, text in found.details["contacts_utc"].items()
    }
    for name, clock in {
        "c1": (12, 35, 27), "c2": (12, 37, 8), "c3": (18, 2, 33), "c4": (18, 4, 14),
    }.items():  # fmt: skip
        published = datetime(2019, 11, 11, *clock, tzinfo=UTC)
        assert abs((contacts[name] - published).total_seconds()) <= 5.0
    assert found.begins_utc == contacts["c1"]
    assert found.ends_utc == contacts["c4"]


def test_the_transit_of_venus_of_2012_is_the_published_one(by_family: Families) -> None:
    # Espenak, NASA: 2012-06-06, greatest 01:29:36 UT, 554.4 arcseconds.
    (found,) = [each for each in by_family["transits"] if each.utc.year == 2012]
    published = datetime(2012, 6, 6, 1, 29, 36, tzinfo=UTC)
    assert abs((found.utc - published).total_seconds()) <= 5.0
    assert found.details["separation_arcsec"] == pytest.approx(554.4, abs=0.3)
