"""The angle between two apparent bodies, and their semidiameters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from astronomy.timescales import Floats


@dataclass(frozen=True)
class Approach:
    """Two bodies at n instants: what is between them, in radians and au."""

    apart: Floats
    first_au: Floats
    second_au: Floats


def approach(first: Floats, second: Floats) -> Approach:
    """Return the approach of two bodies from their vectors (3, n) in au.

    The angle is exact for small ones too: it comes from the vector between the directions.
    """
    first_au, second_au = np.linalg.norm(first, axis=0), np.linalg.norm(second, axis=0)
    chord = np.linalg.norm(first / first_au - second / second_au, axis=0)
    return Approach(
        np.asarray(2.0 * np.arcsin(np.minimum(0.5 * chord, 1.0))),
        np.asarray(first_au),
        np.asarray(second_au),
    )
