"""Which families have a figure; kept apart from drawing, so that lists can ask for nothing."""

from __future__ import annotations

from typing import Final

from events.models import Event

FAMILIES: Final = (
    "moon_phases",
    "lunar_apsides",
    "lunar_nodes",
    "solar_eclipses",
    "lunar_eclipses",
    "transits",
    "conjunctions",
    "occultations",
    "elongations",
)


def has_figure(origin: str, family: str) -> bool:
    """Say whether an event has a figure: it was computed, and its family is drawn."""
    return origin == Event.Origin.COMPUTED and family in FAMILIES
