"""The small figures beside titles: which there are, and the lit part of the Moon."""

from __future__ import annotations

import math
import re

import pytest

from events.figures import moon_path, symbol_for


def lit_fraction(path: str) -> float:
    """Return the lit part of the disc from the arcs of its outline."""
    found = re.fullmatch(
        r"M(\S+) 0A(\S+) (\S+) 0 0 ([01]) -\S+ 0A(\S+) (\S+) 0 0 ([01]) \S+ 0Z", path
    )
    assert found is not None
    radius, minor = float(found[2]), float(found[6])
    half = math.pi * radius**2 / 2.0
    sliver = math.pi * radius * minor / 2.0
    same_way = found[4] == found[7]
    return (half + sliver if same_way else half - sliver) / (2.0 * half)


@pytest.mark.parametrize("elongation_deg", [1.0, 45.0, 90.0, 135.0, 180.0, 225.0, 270.0, 359.0])
def test_lit_part_is_that_of_the_elongation(elongation_deg: float) -> None:
    expected = (1.0 - math.cos(math.radians(elongation_deg))) / 2.0  # Meeus (1998), ch. 48
    assert lit_fraction(moon_path(elongation_deg)) == pytest.approx(expected, abs=2e-4)


def test_waxing_and_waning_are_lit_on_opposite_sides() -> None:
    waxing, waning = moon_path(60.0), moon_path(300.0)
    assert waxing != waning
    assert lit_fraction(waxing) == pytest.approx(lit_fraction(waning))


@pytest.mark.parametrize(
    ("event_type", "data", "symbol"),
    [
        ("full_moon", {}, "full_moon"),
        ("supermoon", {}, "supermoon"),
        ("solar_eclipse", {"type": "hybrid"}, "solar_eclipse-hybrid"),
        ("staff_event", {}, "star"),
        ("solar_eclipse", {"type": "unheard of"}, "star"),
    ],
)
def test_every_event_has_a_symbol(event_type: str, data: dict[str, str], symbol: str) -> None:
    assert symbol_for(event_type, data) == symbol
