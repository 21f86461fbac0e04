"""Phases of the Moon."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import numpy as np

from astronomy.bodies import BODIES
from astronomy.constants import AU_KM, DAY_S
from astronomy.finders.build import Confirmed, Finding, build_occurrences, confirmed_roots
from astronomy.finders.family import FamilyDefinition
from astronomy.finders.lunation import lunation_numbers
from astronomy.finders.window import open_window
from astronomy.occurrence import MoonPhaseDetails, Occurrence
from astronomy.sampling import Sky, latitude_deg, longitude_deg
from astronomy.search import Crossings, find_crossings, slope, wrapped_deg
from astronomy.timescales import Floats

KINDS: Final = ("new_moon", "first_quarter", "full_moon", "last_quarter")
_SPACING_DEG: Final = 90.0
_STEP_DAYS: Final = 2.0
_BODIES: Final = ("sun", "moon")
_UNCERTAINTY_DEG: Final = (
    float(np.hypot(BODIES["moon"].uncertainty_arcsec, BODIES["sun"].uncertainty_arcsec)) / 3600.0
)


def find_moon_phases(sky: Sky, start: datetime, end: datetime) -> list[Occurrence]:
    """Return the principal phases of the Moon in ``[start, end)``, oldest first.

    A phase is the instant at which the Moon's apparent ecliptic longitude exceeds the Sun's
    by 0, 90, 180 or 270 degrees.

    Frame: geocentric, apparent, true ecliptic and equinox of date.
    Time scale in: UTC (UT1 before 1972). Time scale out: TT, with UTC and UT1 labels.
    Units: degrees, km.    Shape: one occurrence a phase.    Tolerance: 1 ms.
    Raises: EphemerisRangeError outside the span; ValueError if start >= end.
    Source: Explanatory Supplement (2013), ch. 11; checked against USNO tables.
    """
    window = open_window(sky.ephemeris, start, end)
    found = find_crossings(
        lambda days: elongation_deg(sky, days),
        window.start_days,
        window.end_days,
        step_days=_STEP_DAYS,
        spacing_deg=_SPACING_DEG,
    )
    direct = sky.direct_vectors_au(_BODIES, found.days)
    rate = elongation_rate_deg(sky, found.days)
    confirmed = confirmed_roots(
        found.days, wrapped_deg(_direct_elongation_deg(direct) - found.target_deg), rate
    )
    return window.sorted_inside(
        build_occurrences(
            sky,
            family=FAMILY.name,
            definition_id=FAMILY.definition_id,
            bodies=("moon",),
            confirmed=confirmed,
            findings=_findings(confirmed, direct, found, rate),
        )
    )


def elongation_deg(sky: Sky, days: Floats) -> Floats:
    """Return the sampled longitude of the Moon minus that of the Sun, -180 to 180 degrees."""
    return wrapped_deg(sky.longitude_deg("moon", days) - sky.longitude_deg("sun", days))


def elongation_rate_deg(sky: Sky, days: Floats) -> Floats:
    """Return the rate of the elongation in degrees a day."""
    start_deg = elongation_deg(sky, days)
    return slope(lambda at: wrapped_deg(elongation_deg(sky, at) - start_deg), days)


def _direct_elongation_deg(direct: Mapping[str, Floats]) -> Floats:
    return wrapped_deg(longitude_deg(direct["moon"]) - longitude_deg(direct["sun"]))


def _findings(
    confirmed: Confirmed, direct: Mapping[str, Floats], found: Crossings, rate_deg: Floats
) -> list[Finding]:
    moon = direct["moon"]
    target_deg = found.target_deg
    numbers = lunation_numbers(confirmed.days, target_deg)
    longitudes, latitudes = longitude_deg(moon) % 360.0, latitude_deg(moon)
    distances_km = np.linalg.norm(moon, axis=0) * AU_KM
    uncertainty_s = _UNCERTAINTY_DEG / np.abs(rate_deg) * DAY_S
    return [
        Finding(
            key=f"moon-phases-moon-{numbers[at]}-{int(target_deg[at]):03d}",
            kind=KINDS[found.multiple[at]],
            uncertainty_s=float(uncertainty_s[at]),
            details=MoonPhaseDetails(
                elongation_deg=float(target_deg[at]),
                lunation_number=int(numbers[at]),
                moon_longitude_deg=round(float(longitudes[at]), 5),
                moon_latitude_deg=round(float(latitudes[at]), 5),
                moon_distance_km=round(float(distances_km[at]), 1),
            ),
        )
        for at in range(len(numbers))
    ]


FAMILY: Final = FamilyDefinition(
    name="moon_phases",
    kinds=KINDS,
    bodies=("moon",),
    definition_id="moon_phases/1",
    text=(
        "The instant at which the apparent geocentric ecliptic longitude of the Moon exceeds "
        "that of the Sun by 0 (new moon), 90 (first quarter), 180 (full moon) or 270 degrees "
        "(last quarter)."
    ),
    frame="geocentric, apparent, true ecliptic and equinox of date",
    scale="TT; labelled in UTC from 1972 and in UT1",
    source="Explanatory Supplement to the Astronomical Almanac (2013), ch. 11",
    finder=find_moon_phases,
)
