"""The Moon's shadow in the fundamental plane, against published Besselian elements."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from astronomy.constants import J2000_JD
from astronomy.finders.besselian import (
    POLAR_RADIUS,
    Elements,
    axis_foot,
    confirmed_elements,
    nearest_limb,
    sampled_elements,
)
from astronomy.sampling import Sky

# F. Espenak, NASA/GSFC: Besselian elements of 2017 August 21, 18:00 TDT, VSOP87/ELP2000-82,
# with k2 = 0.272281 for the umbra.
DAYS_2017 = np.array([2457987.25 - J2000_JD])
X, Y, DECLINATION_DEG, UMBRA, TAN_F2 = -0.129571, 0.485416, 11.86696, -0.004025, 0.0045992


@pytest.fixture(params=["sampled", "confirmed"])
def elements(request: pytest.FixtureRequest, sky: Sky) -> Elements:
    if request.param == "sampled":
        return sampled_elements(sky, DAYS_2017)
    return confirmed_elements(sky.confirmed(("sun", "moon"), DAYS_2017))


def test_the_elements_are_those_published_by_nasa(elements: Elements) -> None:
    declination_deg = np.degrees(np.arcsin(elements.axis[2]))
    assert elements.x == pytest.approx([X], abs=2e-5)
    assert elements.y == pytest.approx([Y], abs=2e-5)
    assert declination_deg == pytest.approx([DECLINATION_DEG], abs=2e-5)
    assert elements.umbra_radius(np.zeros(1)) == pytest.approx([UMBRA], abs=2e-6)


def test_the_umbra_narrows_towards_the_earth_at_the_published_angle(elements: Elements) -> None:
    step = elements.umbra_radius(np.zeros(1)) - elements.umbra_radius(np.ones(1))
    assert step == pytest.approx([TAN_F2], abs=1e-7)


def _plane(x: float, y: float, declination: float) -> Elements:
    """Return a plane with the axis through (x, y) and a Moon 60 Earth radii away."""
    sine, cosine = np.sin(declination), np.cos(declination)
    column = np.ones((3, 1))
    return Elements(
        x=np.array([x]),
        y=np.array([y]),
        z=np.array([60.0]),
        east=np.array([[1.0], [0.0], [0.0]]) * column,
        north=np.array([[0.0], [-sine], [cosine]]),
        axis=np.array([[0.0], [cosine], [sine]]),
        separation=np.array([23400.0]),
    )


planes = st.builds(
    _plane,
    st.floats(-1.6, 1.6),
    st.floats(-1.6, 1.6),
    st.floats(-0.42, 0.42),
)


def _level(place: np.ndarray) -> float:
    """Return 1 on the ellipsoid."""
    return float(place[0, 0] ** 2 + place[1, 0] ** 2 + (place[2, 0] / POLAR_RADIUS) ** 2)


@given(planes)
def test_the_foot_of_the_axis_is_on_the_ellipsoid_where_the_axis_meets_it(plane: Elements) -> None:
    foot, limb = axis_foot(plane), nearest_limb(plane)
    meets = bool(np.isfinite(foot.height[0]))
    if abs(limb.from_axis[0]) > 1e-9:
        assert meets == (limb.from_axis[0] < 0.0)
    if meets:
        assert _level(plane.place(foot.x, foot.y, foot.height)) == pytest.approx(1.0, abs=1e-9)


@given(planes)
def test_the_limb_is_on_the_ellipsoid_where_the_axis_grazes_it(plane: Elements) -> None:
    limb = nearest_limb(plane)
    place = plane.place(limb.x, limb.y, limb.height)
    normal = place * np.array([[1.0], [1.0], [POLAR_RADIUS**-2]])
    assert _level(place) == pytest.approx(1.0, abs=1e-9)
    assert float(np.sum(normal * plane.axis)) == pytest.approx(0.0, abs=1e-9)


@given(planes, st.floats(-0.3, 0.3))
def test_no_point_of_the_outline_is_nearer_than_the_limb(plane: Elements, turn: float) -> None:
    limb = nearest_limb(plane)
    if np.hypot(plane.x[0], plane.y[0]) < 0.1:
        return
    minor = plane.outline_minor[0]
    eccentric = np.arctan2(limb.y[0] / minor, limb.x[0]) + turn
    other = np.hypot(np.cos(eccentric) - plane.x[0], minor * np.sin(eccentric) - plane.y[0])
    assert abs(limb.from_axis[0]) <= other + 1e-9
