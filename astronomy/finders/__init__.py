"""The families of events and the one function that finds them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from astronomy.finders import (
    alignments,
    apsides,
    aspects,
    conjunctions,
    cultural,
    elongations,
    ingresses,
    lunar_apsides,
    lunar_eclipses,
    lunar_nodes,
    meteor_showers,
    moon_phases,
    occultations,
    seasons,
    solar_eclipses,
    solar_terms,
    stations,
    sun_conjunctions,
    transits,
)
from astronomy.finders.family import FamilyDefinition
from astronomy.finders.window import in_order, open_window
from astronomy.occurrence import Occurrence
from astronomy.sampling import Sky

_DEFINITIONS: Final = (
    moon_phases.FAMILY,
    seasons.FAMILY,
    solar_terms.FAMILY,
    solar_eclipses.FAMILY,
    lunar_eclipses.FAMILY,
    sun_conjunctions.FAMILY,
    conjunctions.FAMILY,
    elongations.FAMILY,
    stations.FAMILY,
    ingresses.FAMILY,
    aspects.FAMILY,
    lunar_apsides.FAMILY,
    lunar_nodes.FAMILY,
    apsides.FAMILY,
    transits.FAMILY,
    occultations.FAMILY,
    meteor_showers.FAMILY,
    alignments.FAMILY,
    cultural.FAMILY,
)

FAMILIES: Final[Mapping[str, FamilyDefinition]] = MappingProxyType(
    {family.name: family for family in _DEFINITIONS}
)


# A search holds what it works with for the length of a part.
PART: Final = timedelta(days=3660)


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
    parts = iterate_occurrences(sky, start, end, families)
    return [occurrence for part in parts for occurrence in part]


def iterate_occurrences(
    sky: Sky, start: datetime, end: datetime, families: Collection[str]
) -> Iterator[list[Occurrence]]:
    """Return the same as :func:`find_occurrences`, ten years at a time, oldest first.

    Whoever only writes events down needs no memory for more than one part. What is wrong with the
    request is raised at once, not when the first part is taken.
    """
    open_window(sky.ephemeris, start, end)
    unknown = sorted(set(families) - set(FAMILIES))
    if unknown:
        raise ValueError(
            f"Unknown family {', '.join(unknown)}; the families are {', '.join(FAMILIES)}."
        )
    chosen = [FAMILIES[name] for name in FAMILIES if name in families]
    return (_found(sky, *part, chosen) for part in _parts(start, end))


def _parts(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    while end - start > PART:
        yield start, start + PART
        start += PART
    yield start, end


def _found(
    sky: Sky, start: datetime, end: datetime, families: Collection[FamilyDefinition]
) -> list[Occurrence]:
    return in_order(found for family in families for found in family.finder(sky, start, end))
