"""Occultations by the Moon against published lists and an independent search."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from skyfield.api import wgs84

from astronomy.bodies import BODIES
from astronomy.finders.moon_phases import find_moon_phases
from astronomy.finders.occultations import find_occultations
from astronomy.occurrence import Occurrence
from astronomy.sampling import Sky
from astronomy.stars import STARS

START, END = datetime(2021, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def six_years(sky: Sky) -> list[Occurrence]:
    return find_occultations(sky, START, END)


@pytest.mark.parametrize(
    ("body", "day"),
    [
        # In-The-Sky.org, lunar occultations of planets.
        ("mars", date(2022, 12, 8)),
        ("mars", date(2025, 1, 14)),
        ("venus", date(2023, 11, 9)),
        ("jupiter", date(2023, 5, 17)),
        ("saturn", date(2024, 8, 21)),
        ("uranus", date(2022, 11, 8)),
    ],
    ids=str,
)
def test_published_occultations_are_found(
    six_years: list[Occurrence], body: str, day: date
) -> None:
    days = [found.utc.date() for found in six_years if found.bodies == ("moon", body)]
    assert day in days


def test_the_series_of_the_stars_have_their_known_bounds(six_years: list[Occurrence]) -> None:
    """Antares is covered from 2023 August to 2028, Spica from 2024 June to 2025 November.

    Regulus: from 2025 July; Aldebaran: none between 2018 and 2033. Source: IOTA.
    """
    months: dict[str, list[tuple[int, int]]] = {}
    for found in six_years:
        months.setdefault(found.bodies[1], []).append((found.utc.year, found.utc.month))
    assert months["antares"][0] == (2023, 8)
    assert months["antares"][-1] == (2026, 12)
    assert months["spica"][0] == (2024, 6)
    assert months["spica"][-1] == (2025, 11)
    assert months["regulus"][0] == (2025, 7)
    assert "aldebaran" not in months


@pytest.mark.parametrize("body", ["venus", "jupiter", "antares"])
def test_a_plain_search_finds_the_same(sky: Sky, six_years: list[Occurrence], body: str) -> None:
    """Step through six years by 20 minutes; the Moon covers, or not, with positions of its own."""
    kernel, timescale = sky.ephemeris.kernel, sky.timescale
    target = STARS[body].star if body in STARS else kernel[BODIES[body].kernel_name]
    moments = timescale.utc(2024, 1, 1, 0, np.arange(0.0, 366.0 * 1440.0, 20.0))
    earth = kernel["earth"].at(moments)
    moon = earth.observe(kernel["moon"])
    apart = moon.separation_from(earth.observe(target)).degrees
    distance_km = moon.distance().km
    limit = np.degrees(np.arcsin(0.2725076 * 6378.137 / distance_km))
    limit += np.degrees(np.arcsin(6378.137 / distance_km))
    least = 1 + np.flatnonzero((apart[1:-1] < apart[:-2]) & (apart[1:-1] <= apart[2:]))
    covered = least[apart[least] < limit[least] - 0.01]
    expected = [moments[int(at)].utc_datetime() for at in covered]
    found = [each.utc for each in six_years if each.bodies[1] == body and each.utc.year == 2024]
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        assert abs((one - other).total_seconds()) <= 1200.0


def test_the_details_tell_that_it_is_one(six_years: list[Occurrence]) -> None:
    for found in six_years:
        assert found.details["separation_deg"] < found.details["limit_deg"] < 1.32
        assert found.begins_utc is not None
        assert found.ends_utc is not None
        assert found.begins_utc < found.utc < found.ends_utc


def test_the_middle_of_the_region_sees_the_body_behind_the_moon(
    sky: Sky, six_years: list[Occurrence]
) -> None:
    """From there, by plain Skyfield, the Moon is up and covers the body."""
    kernel, timescale = sky.ephemeris.kernel, sky.timescale
    for found in six_years:
        place = wgs84.latlon(found.details["centre_lat_deg"], found.details["centre_lon_deg"])
        observer = (kernel["earth"] + place).at(timescale.tt_jd(found.tt_jd1, found.tt_jd2))
        other = found.bodies[1]
        target = STARS[other].star if other in STARS else kernel[f"{other} barycenter"]
        moon = observer.observe(kernel["moon"]).apparent()
        body = observer.observe(target).apparent()
        altitude, _azimuth, distance = moon.altaz()
        radius_deg = np.degrees(np.arcsin(1738.1 / distance.km))
        # The Earth is taken as a sphere: at the edge of its disc the flattening counts.
        assert moon.separation_from(body).degrees < radius_deg + 0.12
        assert altitude.degrees > -1.0
    assert len(six_years) > 50


def test_the_waxing_moon_is_east_of_the_sun(sky: Sky, six_years: list[Occurrence]) -> None:
    phases = find_moon_phases(sky, START - timedelta(days=30), END)
    for found in six_years:
        before = [phase for phase in phases if phase.utc <= found.utc][-1]
        waxes = before.kind in {"new_moon", "first_quarter"}
        assert found.details["side"] == ("east" if waxes else "west")
