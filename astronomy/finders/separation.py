"""The angle between two directions."""

from __future__ import annotations

import numpy as np

from astronomy.timescales import Floats


def separation_deg(first: Floats, second: Floats) -> Floats:
    """Return the angle in degrees between vectors (3, n), exact also when it is tiny."""
    across = np.linalg.norm(np.cross(first, second, axis=0), axis=0)
    along = np.einsum("in,in->n", first, second)
    return np.asarray(np.degrees(np.arctan2(across, along)))


def squared_chord(first: Floats, second: Floats) -> Floats:
    """Return the squared distance of two directions: smooth also where they meet."""
    apart = first / np.linalg.norm(first, axis=0) - second / np.linalg.norm(second, axis=0)
    return np.asarray(np.einsum("in,in->n", apart, apart))
