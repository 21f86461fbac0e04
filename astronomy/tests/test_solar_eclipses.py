"""Solar eclipses against the Five Millennium Canon and other published circumstances."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import numpy as np
import pytest

from astronomy.occurrence import Occurrence
from astronomy.tests.tables import nearest
from astronomy.verification.tables import moment

Families = dict[str, list[Occurrence]]

# A second of Delta T turns the Earth by 15.041 arcseconds.
TURN_DEG_S = 15.041 / 3600.0


@pytest.fixture(scope="module")
def eclipses(by_family: Families) -> list[Occurrence]:
    """Return the eclipses of 1901-2100, the span of the canon's half in reference/."""
    return [found for found in by_family["solar_eclipses"] if found.utc.year >= 1901]


def test_there_are_452_eclipses_from_1901_to_2100(eclipses: list[Occurrence]) -> None:
    """Count as Espenak and Meeus do: 224 in the odd years and 228 in the even ones."""
    assert len(eclipses) == 452


# NASA, Five Millennium Catalog of Solar Eclipses, catalogue pages for 2001-2100: altitude of the
# Sun in degrees, width of the path in km, central duration in seconds.
CATALOGUE = {
    "2009-07-22": (86, 258, 399),
    "2010-01-15": (66, 333, 668),
    "2017-08-21": (64, 115, 160),
    "2023-10-14": (68, 187, 317),
    "2024-04-08": (70, 198, 268),
}


@pytest.mark.parametrize("day", CATALOGUE)
def test_altitude_width_and_duration_are_those_of_the_catalogue(
    eclipses: list[Occurrence], day: str
) -> None:
    altitude_deg, width_km, duration_s = CATALOGUE[day]
    details = nearest(eclipses, moment(f"{day}T12:00:00")).details
    assert details["sun_altitude_deg"] == pytest.approx(altitude_deg, abs=0.6)
    assert details["path_width_km"] == pytest.approx(width_km, abs=1.0)
    assert details["central_duration_s"] == pytest.approx(duration_s, abs=1.0)


def test_contacts_come_in_order_about_greatest_eclipse(eclipses: list[Occurrence]) -> None:
    before = {"p1", "u1", "c1", "u2", "p2"}
    for found in eclipses:
        names = list(found.details["contacts_utc"])
        moments = [datetime.fromisoformat(at) for at in found.details["contacts_utc"].values()]
        middle = sum(at < found.utc for at in moments)
        assert moments == sorted(moments)
        assert set(names[:middle]) <= before
        assert 2 * middle == len(names)
        assert (found.begins_utc, found.ends_utc) == (moments[0], moments[-1])


def test_only_eclipses_with_a_shadow_on_earth_have_its_contacts(
    eclipses: list[Occurrence],
) -> None:
    for found in eclipses:
        contacts, kind = found.details["contacts_utc"], found.details["type"]
        assert ("u1" in contacts) == (kind != "partial")
        assert ("c1" in contacts) == found.details["central"]
        assert (found.details["umbral_duration_s"] is None) == (kind == "partial")
        assert (found.details["path_width_km"] is None) != found.details["central"]
        assert (found.details["central_duration_s"] is None) != found.details["central"]


# Espenak and Meeus, NASA/TP-2006-214141, table 5-1: eclipses of each type by century.
CENTURIES = {
    1901: {"partial": 78, "annular": 73, "total": 71, "hybrid": 6},
    2001: {"partial": 77, "annular": 72, "total": 68, "hybrid": 7},
}


@pytest.mark.parametrize("first_year", CENTURIES)
def test_a_century_has_as_many_of_each_type_as_in_the_canon(
    eclipses: list[Occurrence], first_year: int
) -> None:
    century = [found for found in eclipses if 0 <= found.utc.year - first_year < 100]
    assert Counter(found.details["type"] for found in century) == CENTURIES[first_year]


def test_obscuration_is_the_square_of_the_ratio_where_the_axis_meets_the_earth(
    eclipses: list[Occurrence],
) -> None:
    for details in (found.details for found in eclipses if found.details["central"]):
        assert details["obscuration"] == pytest.approx(
            min(1.0, details["magnitude"]) ** 2, abs=2e-6
        )


def test_a_shallow_partial_eclipse_covers_less_area_than_diameter(
    eclipses: list[Occurrence],
) -> None:
    partial = [found.details for found in eclipses if found.details["type"] == "partial"]
    assert all(0.0 < details["obscuration"] < 1.0 for details in partial)
    shallow = [details for details in partial if details["magnitude"] < 0.5]
    assert all(details["obscuration"] < details["magnitude"] for details in shallow)


def test_the_longitude_grows_uncertain_with_delta_t(eclipses: list[Occurrence]) -> None:
    sigma_deg = [found.details["greatest_lon_uncertainty_deg"] for found in eclipses]
    assert sigma_deg == sorted(sigma_deg)
    assert np.all(np.asarray(sigma_deg[:280]) < 0.001)
    assert sigma_deg[-1] == pytest.approx(107 * TURN_DEG_S, abs=0.01)
