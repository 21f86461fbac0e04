"""The families of events and the one function that finds them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from astronomy.finders import (
    apsides,
    lunar_apsides,
    lunar_eclipses,
    lunar_nodes,
    moon_phases,
    seasons,
    solar_eclipses,
    transits,
)
from astronomy.finders.family import FamilyDefinition
from astronomy.finders.window import open_window
from astronomy.occurrence import Occurrence
from astronomy.sampling import Sky

_DEFINITIONS: Final = (
    moon_phases.FAMILY,
    seasons.FAMILY,
    solar_eclipses.FAMILY,
    lunar_eclipses.FAMILY,
    lunar_apsides.FAMILY,
    lunar_nodes.FAMILY,
    apsides.FAMILY,
    transits.FAMILY,
)

FAMILIES: Final[Mapping[str, FamilyDefinition]] = MappingProxyType(
    {family.name: family for family in _DEFINITIONS}
)


def find_occurrences(
    sky: Sky, start: datetime, end: datetime, families: Collection[str]
) -> list[Occurrence]:
    """Return the events of ``families`` in ``[start, end)``, by time and then by key.

    Frame: as each family's definition says.
    Time scale in: UTC (UT1 before 1972), aware datetimes. Time scale out: TT, UTC and UT1.
    Units: in the names of the details.    Shape: one occurrence an event.    Tolerance: 1 ms.
    Raises: EphemerisRangeError outside 1900-01-01 to 2101-01-01 or the kernel; ValueError for
    an inverted window, a moment without zone or an unknown family.
    Source: docs/astronomy.md.
    """
    window = open_window(sky.ephemeris, start, end)
    unknown = sorted(set(families) - set(FAMILIES))
    if unknown:
        raise ValueError(
            f"Unknown family {', '.join(unknown)}; the families are {', '.join(FAMILIES)}."
        )
    chosen = [FAMILIES[name] for name in FAMILIES if name in families]
    return window.sorted_inside(
        found for family in chosen for found in family.finder(sky, start, end)
    )
