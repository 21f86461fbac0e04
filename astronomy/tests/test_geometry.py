"""Discs, shadows and tracks against published values."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from astronomy.finders import find_occurrences
from astronomy.geometry.before_sun import planet_before_sun
from astronomy.geometry.neighbours import neighbours
from astronomy.geometry.solar_shadow import SolarShadow, depths, solar_shadow
from astronomy.geometry.tangent import lit_disc, offsets_deg
from astronomy.occurrence import Occurrence
from astronomy.sampling import Sky
from astronomy.tests.tables import moment, read_table
from astronomy.timescales import days_from_datetime


def instant(found: Occurrence) -> float:
    return found.tt_jd1 - 2_451_545.0 + found.tt_jd2


def first(sky: Sky, family: str, start: datetime) -> Occurrence:
    return find_occurrences(sky, start, start.replace(month=12, day=31), [family])[0]


@pytest.fixture(scope="module")
def texas(sky: Sky) -> SolarShadow:
    """Return the shadow of the total eclipse of 2024 April 8."""
    found = first(sky, "solar_eclipses", datetime(2024, 4, 1, tzinfo=UTC))
    ends = tuple(
        days_from_datetime(sky.timescale, datetime.fromisoformat(found.details["contacts_utc"][c]))
        for c in ("p1", "p4")
    )
    return solar_shadow(sky, instant(found), (ends[0], ends[1]), steps=300)


def test_the_bright_limb_is_that_of_meeus(sky: Sky) -> None:
    """Meeus, Astronomical Algorithms (1998), example 48.a: k = 0.6786, angle 285.0 degrees."""
    days = np.array([2_448_724.5 - 2_451_545.0])
    disc = lit_disc(sky, "moon", days)
    assert disc.lit == pytest.approx(0.6786, abs=1e-4)
    assert disc.limb_deg == pytest.approx(285.0, abs=0.05)


@pytest.mark.parametrize("body", ["moon", "venus", "mercury"])
def test_lit_fractions_follow_the_phase_angles_of_horizons(sky: Sky, body: str) -> None:
    rows = [row for row in read_table("horizons_phases") if row["body"] == body]
    assert rows
    for row in rows:
        days = np.array([days_from_datetime(sky.timescale, moment(row["at"]))])
        angle = np.radians(float(row["phase_angle_deg"]))
        assert lit_disc(sky, body, days).lit == pytest.approx((1 + np.cos(angle)) / 2, abs=1e-4)


def test_offsets_keep_separation_and_direction() -> None:
    center = np.array([[1.0], [0.0], [0.0]])
    around = np.radians(30.0)
    east = np.array([[np.cos(around)], [np.sin(around)], [0.0]])
    north = np.array([[np.cos(around)], [0.0], [np.sin(around)]])
    assert offsets_deg(center, east) == pytest.approx(np.array([[30.0], [0.0]]))
    assert offsets_deg(center, north) == pytest.approx(np.array([[0.0], [30.0]]))
    assert offsets_deg(center, center) == pytest.approx(np.zeros((2, 1)))


@pytest.mark.parametrize(
    ("place", "magnitude"),
    [
        # NASA's predictions for 2024 April 8 (Espenak): Dallas total, Chicago 0.942, and the
        # west coast of Europe beyond the limit.
        ((32.78, -96.80), 1.0),
        ((41.88, -87.63), 0.942),
    ],
    ids=["dallas", "chicago"],
)
def test_places_see_the_magnitude_that_was_published(
    texas: SolarShadow, place: tuple[float, float], magnitude: float
) -> None:
    depth, sine = depths(texas, np.array([place[0]]), np.array([place[1]]))
    most = float(np.where(sine > 0.0, depth, -1.0).max())
    if magnitude >= 1.0:
        assert most > 1.0
    else:
        assert most == pytest.approx(magnitude, abs=0.005)


def test_the_greatest_point_and_the_track_agree(texas: SolarShadow) -> None:
    """NASA's canon: greatest eclipse at 25.3 N, 104.1 W."""
    latitude, longitude = texas.greatest_deg
    assert (latitude, longitude) == pytest.approx((25.3, -104.1), abs=0.06)
    assert texas.track is not None
    away = np.hypot(texas.track.line[0] - latitude, texas.track.line[1] - longitude)
    assert away.min() < 0.6
    near = int(np.argmin(away))
    north, south = (limit[:, near] for limit in texas.track.limits)
    across = np.radians(north - south) * np.array([1.0, np.cos(np.radians(latitude))]) * 6371.0
    assert np.hypot(*across) == pytest.approx(197.5, rel=0.03)  # NASA: path width 197.5 km


def test_the_moon_passes_from_west_to_east_over_the_sun(texas: SolarShadow) -> None:
    discs = texas.discs
    assert discs.east[0] < 0.0 < discs.east[-1]
    assert discs.moon == pytest.approx(1.0566, abs=2e-3)  # NASA: magnitude 1.0566


def test_a_planet_before_the_sun_is_as_far_as_the_finder_says(sky: Sky) -> None:
    found = first(sky, "transits", datetime(2032, 11, 1, tzinfo=UTC))
    at = instant(found)
    way = planet_before_sun(sky, "mercury", at, np.array([at]))
    apart = float(np.hypot(way.east[0], way.north[0])) * 3600.0
    assert apart == pytest.approx(found.details["separation_arcsec"], abs=0.02)
    assert apart == pytest.approx(572.0, abs=2.0)  # NASA: 572.1 arcseconds


def test_neighbours_are_as_far_apart_as_the_finder_says(sky: Sky) -> None:
    start = datetime(2026, 6, 5, tzinfo=UTC)
    for found in find_occurrences(sky, start, start.replace(day=25), ["conjunctions"]):
        pair = neighbours(sky, (found.bodies[0], found.bodies[1]), instant(found))
        assert pair.separation_deg == pytest.approx(found.details["separation_deg"], abs=1e-4)
