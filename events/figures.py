"""Geometry of the figures: discs and shadows from the facts of an event, for SVG templates.

Coordinates have the disc's centre at 0,0 and its radius is 100; y grows downwards.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final, TypedDict

RADIUS: Final = 100.0
# Mean radius of the umbra at the Moon in lunar radii, from the mean parallaxes and semidiameters
# of the Sun and the Moon (Explanatory Supplement (2013), ch. 11); it only sizes the drawing.
UMBRA_RADII: Final = 2.66
SYMBOLS: Final = frozenset(
    {
        "new_moon", "first_quarter", "full_moon", "last_quarter",
        "march_equinox", "june_solstice", "september_equinox", "december_solstice",
        "solar_eclipse-total", "solar_eclipse-annular", "solar_eclipse-hybrid",
        "solar_eclipse-partial", "lunar_eclipse-total", "lunar_eclipse-partial",
        "lunar_eclipse-penumbral",
    }
)  # fmt: skip


class Figure(TypedDict):
    """What a template draws: its name and its measures."""

    template: str
    measures: Mapping[str, str]


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


def figure_for(event_type: str, data: Mapping[str, Any]) -> Figure | None:
    """Return the large figure of an event, or None where the small one says it all."""
    if "elongation_deg" in data:
        return {"template": "moon", "measures": {"path": moon_path(data["elongation_deg"])}}
    if event_type == "solar_eclipse":
        return {"template": "solar_eclipse", "measures": _solar(data)}
    if event_type == "lunar_eclipse":
        return {"template": "lunar_eclipse", "measures": _lunar(data)}
    return None


def _solar(data: Mapping[str, Any]) -> dict[str, str]:
    """Place the Moon before the Sun as it stands at the greatest eclipse; north is up."""
    magnitude, north = float(data["magnitude"]), math.copysign(1.0, data["gamma"])
    if data["type"] == "partial":
        moon, offset = RADIUS, 2.0 * RADIUS * (1.0 - magnitude)
    else:
        moon, offset = RADIUS * magnitude, 0.0
    return {
        "moon_radius": _number(moon),
        "moon_y": _number(-north * offset),
        "type": data["type"],
    }


def _lunar(data: Mapping[str, Any]) -> dict[str, str]:
    """Place the Moon in the shadow as it stands at the greatest eclipse; north is up."""
    umbra = UMBRA_RADII * RADIUS
    distance = umbra + RADIUS - 2.0 * RADIUS * float(data["umbral_magnitude"])
    return {
        "umbra_radius": _number(umbra),
        "penumbra_radius": _number(umbra + 2.0 * RADIUS),
        "umbra_y": _number(math.copysign(distance, data["gamma"])),
        "type": data["type"],
    }


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
