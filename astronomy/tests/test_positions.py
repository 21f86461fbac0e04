"""Positions against JPL Horizons and against plain Skyfield calls."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import pytest
from skyfield.api import wgs84

from astronomy.constants import AU_KM, J2000_JD
from astronomy.ephemeris import Ephemeris
from astronomy.positions import (
    BODY_CODES,
    BodyPositions,
    Correction,
    Frame,
    Origin,
    Place,
    View,
    bodies_of,
    position_table,
)
from astronomy.timescales import Floats, days_from_datetime
from astronomy.verification.tables import read_table

HELIOCENTRIC = View(Origin.HELIOCENTRIC, Correction.GEOMETRIC, Frame.EQUATORIAL_J2000)
APPARENT_OF_DATE = View(frame=Frame.ECLIPTIC_DATE)


def one(ephemeris: Ephemeris, body: str, days: Any, view: View) -> BodyPositions:
    found = position_table(ephemeris, np.atleast_1d(np.asarray(days)), (body,), view)
    return found.bodies[body]


def days_at(ephemeris: Ephemeris, text: str) -> float:
    return days_from_datetime(ephemeris.timescale, datetime.fromisoformat(text))


def apart_deg(longitude_a: float, latitude_a: float, longitude_b: float, latitude_b: float) -> Any:
    east = (longitude_a - longitude_b + 180.0) % 360.0 - 180.0
    return np.hypot(east * np.cos(np.radians(latitude_b)), latitude_a - latitude_b)


def test_the_sun_stands_at_the_corners_of_the_year_as_the_naval_observatory_says(
    ephemeris: Ephemeris,
) -> None:
    season_deg = {"march_equinox": 0.0, "june_solstice": 90.0}
    compared = 0
    for row in read_table("seasons"):
        expected = season_deg.get(row["season"])
        if expected is None or not 1973 <= int(row["utc"][:4]) <= 2021:
            continue
        found = one(ephemeris, "sun", days_at(ephemeris, row["utc"]), APPARENT_OF_DATE)
        east = (float(found.longitude_deg[0]) - expected + 180.0) % 360.0 - 180.0
        assert abs(east) < 0.0005, row  # half a minute of the Sun's motion, and a little
        compared += 1
    assert compared > 40


def test_plain_skyfield_gives_the_same(ephemeris: Ephemeris) -> None:
    kernel, timescale = ephemeris.kernel, ephemeris.timescale
    moment = timescale.utc(2026, 8, 12, 17, 45)
    days = moment.tt - J2000_JD
    earth = kernel["earth"].at(moment)
    for body, target in (("moon", "moon"), ("jupiter", "jupiter barycenter")):
        apparent = earth.observe(kernel[target]).apparent()
        found = one(ephemeris, body, days, View(frame=Frame.EQUATORIAL_DATE))
        ra, dec, distance = apparent.radec(epoch="date")
        assert apart_deg(found.ra_deg[0], found.dec_deg[0], ra._degrees, dec.degrees) < 1e-7
        assert found.distance_au[0] == pytest.approx(distance.au, rel=1e-9)
        assert found.distance_km[0] == pytest.approx(distance.au * AU_KM, rel=1e-9)
        below = wgs84.subpoint_of(apparent)
        assert found.subpoint_lat_deg is not None
        assert found.subpoint_lat_deg[0] == pytest.approx(below.latitude.degrees, abs=1e-6)


@pytest.mark.parametrize("body", ["sun", "moon", "venus"])
def test_a_body_stands_in_the_zenith_above_its_subpoint(ephemeris: Ephemeris, body: str) -> None:
    for days in np.linspace(-30_000.0, 30_000.0, 7):
        below = one(ephemeris, body, days, View())
        assert below.subpoint_lat_deg is not None
        assert below.subpoint_lon_deg is not None
        place = Place(float(below.subpoint_lat_deg[0]), float(below.subpoint_lon_deg[0]))
        above = one(ephemeris, body, days, View(Origin.TOPOCENTRIC, place=place))
        assert above.altitude_deg is not None
        assert above.altitude_deg[0] > 89.9999


@pytest.mark.parametrize("origin", list(Origin))
def test_many_instants_are_the_same_as_one_at_a_time(ephemeris: Ephemeris, origin: Origin) -> None:
    place = Place(28.6, 77.2, 220.0) if origin is Origin.TOPOCENTRIC else None
    correction = Correction.GEOMETRIC if origin is Origin.HELIOCENTRIC else Correction.APPARENT
    view = View(origin, correction, Frame.EQUATORIAL_DATE, place)
    days = np.linspace(9000.0, 9002.0, 1201)  # more than Skyfield is asked at once
    together = position_table(ephemeris, days, bodies_of(origin), view)
    for index in (0, 999, 1000, 1200):
        alone = position_table(ephemeris, days[index : index + 1], bodies_of(origin), view)
        assert together.clocks.gast_deg[index] == pytest.approx(alone.clocks.gast_deg[0])
        for code in bodies_of(origin):
            assert_row(together.bodies[code], alone.bodies[code], index)


def assert_row(many: BodyPositions, single: BodyPositions, index: int) -> None:
    assert many.vector_au[:, index] == pytest.approx(single.vector_au[:, 0], abs=1e-13)
    for name in ("ra_deg", "altitude_deg", "phase_angle_deg", "magnitude", "subpoint_lon_deg"):
        values: Floats | None = getattr(many, name)
        expected: Floats | None = getattr(single, name)
        assert (values is None) == (expected is None)
        if values is not None and expected is not None:
            assert values[index] == pytest.approx(expected[0], abs=1e-7, nan_ok=True)


def test_magnitudes_are_missing_where_no_formula_holds(ephemeris: Ephemeris) -> None:
    days = np.array([-30_000.0, 0.0, 9000.0])
    found = position_table(ephemeris, days, bodies_of(Origin.GEOCENTRIC), View()).bodies
    assert found["sun"].magnitude is None
    assert found["moon"].magnitude is None
    assert found["pluto"].magnitude is None
    assert found["sun"].phase_angle_deg is None
    venus, neptune = found["venus"].magnitude, found["neptune"].magnitude
    assert venus is not None
    assert ((venus > -5.0) & (venus < -3.0)).all()
    assert neptune is not None
    assert 7.6 < neptune[2] < 8.1


def test_who_can_be_seen_from_where() -> None:
    assert set(bodies_of(Origin.GEOCENTRIC)) == set(BODY_CODES) - {"earth"}
    assert set(bodies_of(Origin.HELIOCENTRIC)) == set(BODY_CODES) - {"sun"}


@pytest.mark.parametrize(
    ("bodies", "view", "words"),
    [
        (("earth",), View(), "geocentric position of earth"),
        (("sun",), HELIOCENTRIC, "heliocentric position of sun"),
        (("ceres",), View(), "ceres"),
    ],
)
def test_unknown_bodies_are_refused(
    ephemeris: Ephemeris, bodies: tuple[str, ...], view: View, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        position_table(ephemeris, np.array([0.0]), bodies, view)


def test_no_instant_is_refused(ephemeris: Ephemeris) -> None:
    with pytest.raises(ValueError, match="instant"):
        position_table(ephemeris, np.array([]), ("sun",), View())


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": Origin.HELIOCENTRIC},
        {"origin": Origin.TOPOCENTRIC},
        {"place": Place(0.0, 0.0)},
        {"correction": Correction.ASTROMETRIC, "refraction": True},
    ],
)
def test_views_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"positions"):
        View(**wrong)


@pytest.mark.parametrize(
    ("lat_deg", "lon_deg", "elevation_m"),
    [
        (91.0, 0.0, 0.0),
        (float("nan"), 0.0, 0.0),
        (0.0, 181.0, 0.0),
        (0.0, 0.0, 1e6),
        (0.0, 0.0, float("inf")),
    ],
)
def test_places_off_the_earth_are_refused(
    lat_deg: float, lon_deg: float, elevation_m: float
) -> None:
    with pytest.raises(ValueError, match=r"must be from -\d+ to \d+"):
        Place(lat_deg, lon_deg, elevation_m)
