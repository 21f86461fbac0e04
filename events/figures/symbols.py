"""The small figures that stand beside the title of an event."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

RADIUS: Final = 100.0
SYMBOLS: Final = frozenset(
    {
        "new_moon", "first_quarter", "full_moon", "last_quarter",
        "supermoon", "micromoon", "blue_moon",
        "march_equinox", "june_solstice", "september_equinox", "december_solstice",
        "solar_eclipse-total", "solar_eclipse-annular", "solar_eclipse-hybrid",
        "solar_eclipse-partial", "lunar_eclipse-total", "lunar_eclipse-partial",
        "lunar_eclipse-penumbral",
    }
)  # fmt: skip


def symbol_for(event_type: str, data: Mapping[str, Any]) -> str:
    """Return the name of the small figure of an event."""
    for name in (f"{event_type}-{data.get('type')}", event_type):
        if name in SYMBOLS:
            return name
    return "star"


def moon_path(elongation_deg: float, radius: float = RADIUS) -> str:
    """Return the outline of the lit part of the Moon's disc.

    Drawn for neither hemisphere: as it stands seen from the equator towards the west, the Sun
    below the horizon of a waxing Moon and above that of a waning one.
    """
    elongation = elongation_deg % 360.0
    waxing = elongation <= 180.0
    phase = math.radians(elongation if waxing else 360.0 - elongation)
    limb, crescent = int(waxing), int(math.cos(phase) > 0.0)  # SVG: 1 turns clockwise
    r, minor = _number(radius), _number(abs(math.cos(phase)) * radius)
    return f"M{r} 0A{r} {r} 0 0 {limb} -{r} 0A{r} {minor} 0 0 {limb ^ crescent} {r} 0Z"


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
