"""The altitudes whose passing has a name: horizon, twilights and golden hour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from skyfield.earthlib import refraction

from astronomy.observer.place import Place
from astronomy.observer.view import MOON_RADIUS_AU, View, altitude_deg
from astronomy.timescales import Floats

# Refraction at the horizon and the Sun's semidiameter, arcminutes: US Naval Observatory, "Rise,
# Set, and Twilight Definitions"; Explanatory Supplement (2013), section 12.4.
_HORIZON_REFRACTION_DEG: Final = 34.0 / 60.0
_SUN_SEMIDIAMETER_DEG: Final = 16.0 / 60.0


@dataclass(frozen=True, slots=True)
class Level:
    """An altitude and what it is called to rise above it and to sink below it."""

    altitude_deg: float
    rising: str
    falling: str


# Geometric altitudes of the Sun's centre, without refraction. The golden hour is our definition:
# the light between 4 degrees below and 6 degrees above the horizon.
SUN_LEVELS: Final = (
    Level(-18.0, "astronomical_dawn", "astronomical_dusk"),
    Level(-12.0, "nautical_dawn", "nautical_dusk"),
    Level(-6.0, "civil_dawn", "civil_dusk"),
    Level(-4.0, "golden_morning_begin", "golden_evening_end"),
    Level(6.0, "golden_morning_end", "golden_evening_begin"),
)
# The Sun's centre while planets and stars are looked for, and while meteors are.
DARK_DEG: Final = -6.0
NIGHT_DEG: Final = -12.0
TRANSIT: Final = "transit"
RISE: Final = "rise"
SET: Final = "set"


def body_levels(body: str, place: Place) -> tuple[Level, ...]:
    """Return the levels of ``body``; the first is the horizon."""
    horizon = horizon_level(body, place)
    return (horizon, *SUN_LEVELS) if body == "sun" else (horizon,)


def horizon_level(body: str, place: Place) -> Level:
    """Return the altitude of rise and set: of the centre, or of the Moon's upper limb."""
    lowered_deg = _refraction_deg(place.horizon_deg)
    if body == "sun":
        lowered_deg += _SUN_SEMIDIAMETER_DEG
    return Level(place.horizon_deg - lowered_deg, RISE, SET)


def level_altitude_deg(view: View, body: str, days: Floats) -> Floats:
    """Return the sampled altitude that is held against the levels of ``body``."""
    return limb_altitude_deg(body, view.vector_au(body, days))


def limb_altitude_deg(body: str, vectors_au: Floats) -> Floats:
    """Return the altitude of the Moon's upper limb, of any other body's centre."""
    centre_deg = altitude_deg(vectors_au)
    if body != "moon":
        return centre_deg
    # Skyfield and the Naval Observatory take the radius over the distance as it is that moment.
    semidiameter_rad = MOON_RADIUS_AU / np.linalg.norm(vectors_au, axis=0)
    return np.asarray(centre_deg + np.degrees(semidiameter_rad))


def _refraction_deg(horizon_deg: float) -> float:
    """Return the standard 34 arcminutes, less over a raised horizon by Bennett's formula."""
    if horizon_deg <= 0.0:
        return _HORIZON_REFRACTION_DEG
    standard = float(refraction(0.0, 10.0, 1010.0))
    return _HORIZON_REFRACTION_DEG * float(refraction(horizon_deg, 10.0, 1010.0)) / standard
