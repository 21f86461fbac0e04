"""Equinoxes and solstices."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import numpy as np

from astronomy.bodies import BODIES
from astronomy.constants import DAY_S
from astronomy.ephemeris import ApparentSky
from astronomy.finders.build import Confirmed, Finding, build_occurrences, confirmed_roots
from astronomy.finders.family import FamilyDefinition
from astronomy.finders.lunation import solar_years
from astronomy.finders.window import open_window
from astronomy.occurrence import Occurrence, SeasonDetails
from astronomy.sampling import Sky, longitude_deg
from astronomy.search import Crossings, find_crossings, slope, wrapped_deg
from astronomy.timescales import Floats

KINDS: Final = ("march_equinox", "june_solstice", "september_equinox", "december_solstice")
_SPACING_DEG: Final = 90.0
_STEP_DAYS: Final = 4.0


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
    window = open_window(sky.ephemeris, start, end)
    found = find_crossings(
        lambda days: sky.longitude_deg("sun", days),
        window.start_days,
        window.end_days,
        step_days=_STEP_DAYS,
        spacing_deg=_SPACING_DEG,
    )
    direct = sky.confirmed(("sun",), found.days)
    off_deg = wrapped_deg(longitude_deg(direct.vectors_au["sun"]) - found.target_deg)
    rate = _rate_deg(sky, found.days, found.target_deg)
    confirmed = confirmed_roots(found.days, off_deg, rate)
    return window.sorted_inside(
        build_occurrences(
            sky,
            family=FAMILY.name,
            definition_id=FAMILY.definition_id,
            bodies=("sun",),
            confirmed=confirmed,
            findings=_findings(confirmed, direct, found, rate),
        )
    )


def _rate_deg(sky: Sky, days: Floats, target_deg: Floats) -> Floats:
    return slope(lambda at: wrapped_deg(sky.longitude_deg("sun", at) - target_deg), days)


def _findings(
    confirmed: Confirmed, direct: ApparentSky, found: Crossings, rate_deg: Floats
) -> list[Finding]:
    target_deg = found.target_deg
    years = solar_years(confirmed.days, target_deg)
    distances_au = np.linalg.norm(direct.vectors_au["sun"], axis=0)
    uncertainty_s = BODIES["sun"].uncertainty_arcsec / 3600.0 / np.abs(rate_deg) * DAY_S
    return [
        Finding(
            key=f"seasons-sun-{years[at]}-{int(target_deg[at]):03d}",
            kind=KINDS[found.multiple[at]],
            uncertainty_s=float(uncertainty_s[at]),
            details=SeasonDetails(
                sun_longitude_deg=float(target_deg[at]),
                sun_distance_au=round(float(distances_au[at]), 8),
                solar_year=int(years[at]),
            ),
        )
        for at in range(len(years))
    ]


FAMILY: Final = FamilyDefinition(
    name="seasons",
    kinds=KINDS,
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
