"""The angle between two directions, and with the distances of the bodies that have them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from astronomy.occurrence import Side
from astronomy.search import wrapped_deg
from astronomy.timescales import Floats


def separation_deg(first: Floats, second: Floats) -> Floats:
    """Return the angle in degrees between vectors (3, n), exact also when it is tiny."""
    across = np.linalg.norm(np.cross(first, second, axis=0), axis=0)
    along = np.einsum("in,in->n", first, second)
    return np.asarray(np.degrees(np.arctan2(across, along)))


def sides_of_sun(ahead_deg: Floats) -> list[Side]:
    """Return on which side of the Sun bodies stand whose longitudes are so far ahead of it."""
    return ["east" if east else "west" for east in (wrapped_deg(ahead_deg) >= 0.0).tolist()]


def squared_chord(first: Floats, second: Floats) -> Floats:
    """Return the squared distance of two directions: smooth also where they meet."""
    apart = first / np.linalg.norm(first, axis=0) - second / np.linalg.norm(second, axis=0)
    return np.asarray(np.einsum("in,in->n", apart, apart))


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
