"""Perigees and apogees of the Moon, and the full moons that are named after them."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from astronomy.bodies import BODIES
from astronomy.constants import AU_KM, J2000_JD
from astronomy.finders.build import Finding, build_occurrences
from astronomy.finders.counts import KeyRule, MeanCount, key_rule
from astronomy.finders.family import FamilyDefinition
from astronomy.finders.full_moons import (
    APSIS_REACH_DAYS,
    FULL_MOON_KINDS,
    FULL_MOON_RULE,
    find_full_moons,
)
from astronomy.finders.ranges import RangeExtremes, apsis_uncertainty_s, find_range_extremes
from astronomy.finders.window import open_window
from astronomy.occurrence import LunarApsisDetails, Occurrence
from astronomy.sampling import Sky

NAME: Final = "lunar_apsides"
_KINDS: Final = ("perigee", "apogee")
_STEP_DAYS: Final = 2.0

# Mean anomalistic month: Meeus, Astronomical Algorithms (1998), ch. 50; it only counts. Number
# 10000 is the perigee of 1999 December 22. Perigees stray from the mean by 2.5 days.
ANOMALISTIC_MONTH: Final = MeanCount(2_451_534.6698 - J2000_JD, 27.55454989, 10_000)


def find_lunar_apsides(sky: Sky, start: datetime, end: datetime) -> list[Occurrence]:
    """Return perigees, apogees, supermoons, micromoons and blue moons in ``[start, end)``.

    An apsis is an extreme of the geometric distance between the centres of Earth and Moon.

    Frame: geocentric, geometric.
    Time scale in: UTC (UT1 before 1972). Time scale out: TT, with UTC and UT1 labels.
    Units: km.    Shape: one occurrence an event.    Tolerance: 1 ms.
    Raises: EphemerisRangeError outside the span; ValueError if start >= end.
    Source: the module's definition text; checked against Espenak's tables (AstroPixels).
    """
    window = open_window(sky.ephemeris, start, end)
    extremes = find_range_extremes(
        sky,
        "earth",
        "moon",
        window.start_days - APSIS_REACH_DAYS,
        window.end_days + APSIS_REACH_DAYS,
        step_days=_STEP_DAYS,
    )
    apsides = build_occurrences(
        sky,
        family=NAME,
        definition_id=FAMILY.definition_id,
        bodies=("moon",),
        confirmed=extremes.confirmed,
        findings=_findings(extremes),
    )
    full = find_full_moons(sky, window, extremes, family=NAME, definition_id=FAMILY.definition_id)
    return window.sorted_inside([*apsides, *full])


def _findings(extremes: RangeExtremes) -> list[Finding]:
    days, nearest = extremes.confirmed.days, extremes.nearest
    numbers = ANOMALISTIC_MONTH.numbers(days, 0.5 * ~nearest)
    uncertainty_s = apsis_uncertainty_s(extremes, BODIES["moon"].uncertainty_arcsec)
    kinds = [_KINDS[0] if near else _KINDS[1] for near in nearest]
    return [
        Finding(
            key=f"lunar-apsides-moon-{numbers[at]}-{kinds[at]}",
            kind=kinds[at],
            uncertainty_s=float(uncertainty_s[at]),
            details=LunarApsisDetails(
                distance_km=round(float(extremes.distance_au[at]) * AU_KM, 1),
                anomalistic_month=int(numbers[at]),
            ),
        )
        for at in range(len(days))
    ]


KEYS: Final[tuple[KeyRule, ...]] = (
    key_rule(
        NAME,
        r"moon-(?P<number>\d{1,6})-(?P<kind>perigee|apogee)",
        lambda found: ANOMALISTIC_MONTH.days(int(found["number"]), _phase(found["kind"])),
        6.0,
    ),
    FULL_MOON_RULE,
)


def _phase(kind: str) -> float:
    return 0.5 if kind == _KINDS[1] else 0.0


FAMILY: Final = FamilyDefinition(
    name=NAME,
    kinds=(*_KINDS, *FULL_MOON_KINDS),
    bodies=("moon",),
    definition_id="lunar_apsides/1",
    text=(
        "Perigee and apogee: the instant at which the geometric distance between the centres of "
        "Earth and Moon is least or greatest. Supermoon and micromoon: the instant of a full "
        "moon near perigee or apogee by at least one of two published rules. Nolle's 90 % rule: "
        "the distance at full moon is within the nearest (micromoon: farthest) tenth of the range "
        "between the perigee and the apogee on both sides of the full moon. Distance rule: the "
        "geocentric distance is below 360,000 km (micromoon: above 405,000 km). Blue moon: the "
        "second full moon in a calendar month of UTC (UT1 before 1972)."
    ),
    frame="geocentric; geometric distances, apparent ecliptic longitudes of date for full moons",
    scale="TT; labelled in UTC from 1972 and in UT1",
    source=(
        "Meeus, Astronomical Algorithms (1998), ch. 50; Nolle, Supermoon, Horoscope (1979), as "
        "computed by Espenak, Full Moon at Perigee (Super Moon), astropixels.com; timeanddate.com "
        "for the distance rule; Sky & Telescope, March 1946, for blue moons"
    ),
    finder=find_lunar_apsides,
)
