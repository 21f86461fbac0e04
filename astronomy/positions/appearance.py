"""How a body looks from where it is seen: phase, magnitude, constellation."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from skyfield.api import load_constellation_map
from skyfield.jpllib import SpiceKernel
from skyfield.magnitudelib import planetary_magnitude

from astronomy.timescales import Floats

Texts = NDArray[np.str_]

# Skyfield has the formulae of Mallama and Hilton (2018) for these, and none for others. Saturn's
# hold to a phase angle of 6.5 degrees and a tilt of the rings of 27, Neptune's before 2000 to a
# phase angle of 1.9: beyond, Skyfield answers NaN.
MAGNITUDE_BODIES: Final = (
    "mercury",
    "venus",
    "mars",
    "jupiter",
    "saturn",
    "uranus",
    "neptune",
)


def phase_angle_deg(code: str, position: Any, kernel: SpiceKernel) -> Floats | None:
    """Return the angle Sun-body-observer of an astrometric ``position``; None for the Sun."""
    if code == "sun":
        return None
    return np.asarray(position.phase_angle(kernel["sun"]).degrees, dtype=np.float64)


def illuminated_fraction(code: str, position: Any, kernel: SpiceKernel) -> Floats | None:
    """Return the lit fraction, 0 to 1, of the disc of an astrometric ``position``."""
    if code == "sun":
        return None
    return np.asarray(position.fraction_illuminated(kernel["sun"]), dtype=np.float64)


def magnitude(code: str, position: Any) -> Floats | None:
    """Return the apparent visual magnitude of an astrometric ``position``.

    NaN stands where the formula does not hold; None for the Sun, the Moon and Pluto. Mars may be
    out by 0.06, because which of its features face the observer is left out.
    """
    if code not in MAGNITUDE_BODIES:
        return None
    return np.asarray(planetary_magnitude(position), dtype=np.float64)


@cache
def _constellation_map() -> Any:
    return load_constellation_map()


def constellation(position: Any) -> Texts:
    """Return the three-letter IAU abbreviations of the constellations of ``position``.

    The boundaries are those of Delporte (1930) on the axes of B1875.
    """
    return np.atleast_1d(np.asarray(_constellation_map()(position), dtype=np.str_))
