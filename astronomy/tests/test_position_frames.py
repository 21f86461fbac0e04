"""Frames are rotations, right-handed, and where they should be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skyfield.api import load_constellation_map, position_of_radec
from skyfield.constants import B1950

from astronomy.ephemeris import Ephemeris
from astronomy.positions import Frame, flipped_z
from astronomy.positions.appearance import constellation
from astronomy.positions.frames import direction_deg, rotated, rotation
from astronomy.timescales import open_timescale, time_at

TIMESCALE = open_timescale()
DAYS = st.floats(-36_524.0, 36_890.0)
FRAMES = st.sampled_from(list(Frame))
COORDINATE = st.floats(-50.0, 50.0)
VECTORS = st.tuples(COORDINATE, COORDINATE, COORDINATE).map(
    lambda xyz: np.array(xyz, dtype=np.float64)[:, None]
)
X, Y, Z = np.eye(3)


def matrix(frame: Frame, days: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return rotation(frame, time_at(TIMESCALE, np.array([days]))).reshape(3, 3)


@given(DAYS, FRAMES)
@settings(max_examples=40, deadline=None)
def test_every_frame_is_a_right_handed_rotation(days: float, frame: Frame) -> None:
    turned = matrix(frame, days)
    assert turned @ turned.T == pytest.approx(np.eye(3), abs=1e-13)
    assert np.linalg.det(turned) == pytest.approx(1.0, abs=1e-13)
    assert np.cross(turned @ X, turned @ Y) == pytest.approx(turned @ Z, abs=1e-13)


@given(DAYS, FRAMES, VECTORS)
@settings(max_examples=40, deadline=None)
def test_a_rotation_comes_back_and_keeps_lengths(
    days: float, frame: Frame, vector: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
) -> None:
    there = rotated(vector, frame, time_at(TIMESCALE, np.array([days])))
    assert matrix(frame, days).T @ there == pytest.approx(vector, abs=1e-12)
    assert np.linalg.norm(there) == pytest.approx(np.linalg.norm(vector), abs=1e-12)


@given(VECTORS)
def test_z_flips_once_and_comes_back(
    vector: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> None:
    flipped = flipped_z(vector)
    assert flipped[:2] == pytest.approx(vector[:2])
    assert flipped[2] == pytest.approx(-vector[2])
    assert flipped_z(flipped) == pytest.approx(vector)


def test_a_flip_makes_the_frame_left_handed() -> None:
    x, y, z = flipped_z(np.eye(3)).T
    assert np.cross(x, y) @ z == pytest.approx(-1.0)


@pytest.mark.parametrize(
    ("frame", "obliquity_deg"), [(Frame.EQUATORIAL_J2000, 0.0), (Frame.ECLIPTIC_J2000, 84381.448)]
)
def test_the_ecliptic_of_j2000_is_turned_about_x(frame: Frame, obliquity_deg: float) -> None:
    # 84381.448 arcseconds: IAU 1976, as printed under the vector tables of JPL Horizons.
    turned = matrix(frame, 9000.0)
    assert turned[0] == pytest.approx(X, abs=1e-12)
    tilt_arcsec = np.degrees(np.arctan2(turned[1, 2], turned[1, 1])) * 3600.0
    assert tilt_arcsec == pytest.approx(obliquity_deg, abs=1e-4)


def test_longitudes_run_east_from_the_equinox() -> None:
    longitude_deg, latitude_deg = direction_deg(np.stack([X, Y, Z, -Y], axis=1))
    assert longitude_deg[[0, 1, 3]] == pytest.approx([0.0, 90.0, 270.0])
    assert latitude_deg == pytest.approx([0.0, 0.0, 90.0, 0.0])


@pytest.mark.parametrize(
    ("ra_hours", "dec_deg", "name"),
    [
        (9.0, 65.0, "UMa"),
        (23.5, -20.0, "Aqr"),
        (5.12, 9.12, "Ori"),
        (9.4555, -19.9, "Hya"),
        (12.8888, 22.0, "Com"),
        (15.6687, -12.1234, "Lib"),
        (19.0, -40.0, "CrA"),
        (6.2222, -81.1234, "Men"),
    ],
)
def test_constellations_are_those_of_roman(
    ephemeris: Ephemeris, ra_hours: float, dec_deg: float, name: str
) -> None:
    # The test cases of Roman (1987), PASP 99, 695; CDS catalogue VI/42; equinox B1950.
    epoch = ephemeris.timescale.tt_jd(B1950)
    position = position_of_radec(ra_hours, dec_deg, epoch=epoch)
    assert constellation(position) == [name]
    assert constellation(position) == load_constellation_map()(position)
