"""The covered area of the Sun, against counting points of a disc."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from astronomy.finders.solar_circumstances import Greatest, greatest_from, obscuration
from astronomy.sampling import Sky


@pytest.fixture(scope="module")
def some_eclipse(sky: Sky) -> Greatest:
    return greatest_from(sky.confirmed(("sun", "moon"), np.array([6442.2685])))


def _counted(ratio: float, apart: float) -> float:
    """Return the part of a disc of radius 1 that a disc of radius ``ratio`` covers."""
    axis = np.linspace(-1.0, 1.0, 2001)
    x, y = np.meshgrid(axis, axis)
    sun = np.hypot(x, y) <= 1.0
    return float(np.sum(sun & (np.hypot(x - apart, y) <= ratio)) / np.sum(sun))


@pytest.mark.parametrize("ratio", [0.92, 1.0, 1.07], ids=["smaller", "equal", "larger"])
@pytest.mark.parametrize("apart", [0.02, 0.5, 1.2, 1.8])
def test_the_covered_area_is_the_counted_one(
    some_eclipse: Greatest, ratio: float, apart: float
) -> None:
    # With the Sun's radius as unit: penumbra 1 + ratio, umbra 1 - ratio, offset the distance.
    at = replace(
        some_eclipse,
        penumbra=np.array([1.0 + ratio]),
        umbra=np.array([1.0 - ratio]),
        offset=np.array([apart]),
    )
    assert obscuration(at)[0] == pytest.approx(_counted(ratio, apart), abs=1e-3)
