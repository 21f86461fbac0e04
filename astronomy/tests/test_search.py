"""The generic search, on functions whose roots are known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from astronomy.search import (
    find_crossings,
    find_minima,
    find_roots,
    grid,
    refine_roots,
    slope,
    wrapped_deg,
)
from astronomy.timescales import Floats

rates = st.floats(0.3, 40.0) | st.floats(-40.0, -0.3)


@given(rates, st.floats(0.0, 360.0), st.floats(-3e4, 3e4), st.floats(1.0, 300.0))
def test_every_crossing_of_a_uniform_angle_is_found_once(
    rate: float, phase: float, start: float, length: float
) -> None:
    found = find_crossings(
        lambda days: wrapped_deg(rate * days + phase),
        start,
        start + length,
        step_days=2.0,
        spacing_deg=30.0,
    )
    inside = found.days[(found.days > start) & (found.days < start + length)]
    low, high = sorted((rate * start + phase, rate * (start + length) + phase))
    expected = math.floor(high / 30.0) - math.floor(low / 30.0)
    assert abs(len(inside) - expected) <= 1  # the ends themselves may fall either way
    assert np.allclose(wrapped_deg(rate * found.days + phase - found.target_deg), 0.0, atol=1e-5)
    assert np.all(np.diff(found.days) > 0.0)


@given(rates, st.floats(0.0, 360.0), st.floats(0.0, 100.0), st.floats(0.0, 100.0))
def test_a_window_may_be_cut_anywhere(rate: float, phase: float, first: float, more: float) -> None:
    def search(start: float, end: float) -> set[float]:
        found = find_crossings(
            lambda days: wrapped_deg(rate * days + phase + np.sin(days / 9.0)),
            start,
            end,
            step_days=2.0,
            spacing_deg=45.0,
        )
        return set(found.days[(found.days >= start) & (found.days < end)].tolist())

    whole = search(0.0, first + more)
    assert search(0.0, first) | search(first, first + more) == whole
    assert not search(0.0, first) & search(first, first + more)


def test_an_angle_that_wraps_does_not_cross_at_its_jump() -> None:
    found = find_crossings(
        lambda days: wrapped_deg(12.0 * days), 0.0, 300.0, step_days=2.0, spacing_deg=180.0
    )
    assert np.allclose(np.diff(found.days), 15.0)
    assert found.multiple[:4].tolist() == [0, 1, 0, 1]


def test_an_angle_that_turns_back_crosses_downwards_too() -> None:
    found = find_crossings(
        lambda days: 10.0 * np.sin(days), 0.5, 6.0, step_days=0.25, spacing_deg=90.0
    )
    assert found.days == pytest.approx([math.pi], abs=1e-8)
    assert found.multiple.tolist() == [0]


@given(st.floats(0.5, 9.5), st.floats(0.1, 5.0), st.sampled_from([1, 3, 5]))
def test_a_root_is_found_wherever_it_is(root: float, scale: float, power: int) -> None:
    found = find_roots(lambda days: scale * (days - root) ** power, 0.0, 10.0, step_days=1.0)
    # A triple or fivefold root is flat: what can be asked is a small function value.
    assert len(found) == 1
    assert abs(scale * (found[0] - root) ** power) <= 1e-8


def test_a_root_that_secants_creep_towards_is_reached_by_bisection() -> None:
    def stubborn(days: Floats, _which: object) -> Floats:
        return np.where(days < 1e-3, -1e-12, 1e3 * (days - 1e-3) + 1e-12)

    root = refine_roots(stubborn, np.array([-1.0]), np.array([1e6]))
    assert root == pytest.approx([1e-3], abs=1e-6)


def test_a_root_at_the_end_of_a_bracket_is_found() -> None:
    roots = refine_roots(
        lambda days, _which: days, np.array([0.0, -1.0, 0.0]), np.array([1.0, 0.0, 0.0])
    )
    assert roots == pytest.approx([0.0, 0.0, 0.0])


@given(st.floats(2.0, 8.0), st.floats(0.1, 9.0))
def test_the_minimum_of_a_parabola_is_found_once(middle: float, scale: float) -> None:
    found = find_minima(lambda days: scale * (days - middle) ** 2, 0.0, 10.0, step_days=0.7)
    assert found == pytest.approx([middle], abs=1e-7)


@pytest.mark.parametrize("middle", [3.05, 3.95, 5.05, 5.95])
def test_a_minimum_is_found_wherever_the_window_is_cut_beside_it(middle: float) -> None:
    for start, end in [(middle - 0.01, 20.0), (-20.0, middle + 0.01)]:
        found = find_minima(lambda days: (days - middle) ** 2, start, end, step_days=2.0)
        assert found == pytest.approx([middle], abs=1e-6)


def test_a_plateau_gives_no_duplicate_minimum() -> None:
    found = find_minima(lambda days: np.maximum(np.abs(days - 4.0), 1.0), 0.0, 9.0, step_days=0.5)
    assert len(found) == 1
    assert abs(found[0] - 4.0) <= 1.0


def test_nothing_is_found_where_nothing_happens() -> None:
    assert len(find_roots(lambda days: days + 1e6, 0.0, 10.0, step_days=1.0)) == 0
    assert len(find_minima(lambda days: days, 0.0, 10.0, step_days=1.0)) == 0


def test_the_grid_encloses_the_window_and_is_anchored() -> None:
    points = grid(-3.5, 4.1, 2.0)
    assert points.tolist() == [-4.0, -2.0, 0.0, 2.0, 4.0, 6.0]
    assert grid(2.0, 4.0, 2.0).tolist() == [0.0, 2.0, 4.0, 6.0]


def test_the_slope_of_a_parabola_is_exact() -> None:
    assert slope(lambda days: days**2, np.array([3.0])) == pytest.approx([6.0], abs=1e-8)
