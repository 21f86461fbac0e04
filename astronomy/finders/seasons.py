"""Equinoxes and solstices."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from astronomy.finders.build import Finding
from astronomy.finders.family import FamilyDefinition
from astronomy.finders.solar_longitude import SolarCrossings, solar_occurrences
from astronomy.occurrence import Occurrence, SeasonDetails
from astronomy.sampling import Sky

KINDS: Final = ("march_equinox", "june_solstice", "september_equinox", "december_solstice")
_SPACING_DEG: Final = 90.0


def find_seasons(sky: Sky, start: datetime, end: datetime) -> list[Occurrence]:
    """Return the equinoxes and solstices in ``[start, end)``, oldest first.

    An equinox or solstice is the instant at which the Sun's apparent ecliptic longitude is
    0, 90, 180 or 270 degrees.

    Frame: geocentric, apparent, true ecliptic and equinox of date.
    Time scale in: UTC (UT1 before 1972). Time scale out: TT, with UTC and UT1 labels.
    Units: degrees, au.    Shape: one occurrence a crossing.    Tolerance: 1 ms.
    Raises: EphemerisRangeError outside the span; ValueError if start >= end.
    Source: Explanatory Supplement (2013), ch. 11; checked against USNO tables.
    """
    return solar_occurrences(
        sky, start, end, family=FAMILY, spacing_deg=_SPACING_DEG, findings=_findings
    )


def _findings(found: SolarCrossings) -> list[Finding]:
    return [
        Finding(
            key=f"seasons-sun-{found.years[at]}-{int(found.longitude_deg[at]):03d}",
            kind=KINDS[found.multiple[at]],
            uncertainty_s=float(found.uncertainty_s[at]),
            details=SeasonDetails(
                sun_longitude_deg=float(found.longitude_deg[at]),
                sun_distance_au=round(float(found.distance_au[at]), 8),
                solar_year=int(found.years[at]),
            ),
        )
        for at in range(len(found.years))
    ]


FAMILY: Final = FamilyDefinition(
    name="seasons",
    kinds=KINDS,
    bodies=("sun",),
    definition_id="seasons/1",
    text=(
        "The instant at which the apparent geocentric ecliptic longitude of the Sun is 0 (March "
        "equinox), 90 (June solstice), 180 (September equinox) or 270 degrees (December "
        "solstice)."
    ),
    frame="geocentric, apparent, true ecliptic and equinox of date",
    scale="TT; labelled in UTC from 1972 and in UT1",
    source="Explanatory Supplement to the Astronomical Almanac (2013), ch. 11",
    finder=find_seasons,
)
