"""Perihelia and aphelia of the Earth and the planets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

import numpy as np

from astronomy.bodies import BODIES
from astronomy.constants import J2000_JD
from astronomy.finders.build import Finding, build_occurrences
from astronomy.finders.counts import KeyRule, MeanCount, key_rule
from astronomy.finders.family import FamilyDefinition
from astronomy.finders.ranges import RangeExtremes, apsis_uncertainty_s, find_range_extremes
from astronomy.finders.window import open_window
from astronomy.occurrence import ApsisDetails, Occurrence
from astronomy.sampling import Sky
from astronomy.timescales import Bools

NAME: Final = "apsides"
_KINDS: Final = ("perihelion", "aphelion")
_STEP_DAYS: Final = 4.0


def _orbit(perihelion_jd: float, period_d: float) -> MeanCount:
    return MeanCount(perihelion_jd - J2000_JD, period_d, 2000)


# Mean anomalistic years: Meeus, Astronomical Algorithms (1998), ch. 38; for Pluto the perihelion
# of 1989 and its sidereal period. They only count. Number 2000 is the perihelion nearest to
# J2000.0, so that for the Earth the number is the year.
ORBITS: Final[Mapping[str, MeanCount]] = MappingProxyType(
    {
        "mercury": _orbit(2_451_590.257, 87.96934963),
        "venus": _orbit(2_451_738.233, 224.7008188),
        "earth": _orbit(2_451_547.507, 365.2596358),
        "mars": _orbit(2_452_195.026, 686.9957857),
        "jupiter": _orbit(2_455_636.936, 4332.897065),
        "saturn": _orbit(2_452_830.12, 10764.21676),
        "uranus": _orbit(2_470_213.5, 30694.8767),
        "neptune": _orbit(2_468_895.1, 60190.33),
        "pluto": _orbit(2_447_774.5, 90560.0),
    }
)
# How far an apsis strays from its mean, days: the pull of the others, and for the outermost the
# Sun's own path about the barycentre.
_REACH_D: Final[Mapping[str, float]] = MappingProxyType(
    {"mars": 6.0, "jupiter": 60.0, "saturn": 120.0, "uranus": 600.0, "neptune": 2500.0}
    | {"pluto": 400.0}
)
_NEAR_REACH_D: Final = 5.0

# The Sun swings about the barycentre so fast that the distance of Neptune has several extremes
# about each apsis, within 13 years. The widest of them is the apsis.
_SEVERAL: Final = "neptune"
_RIVALS_D: Final = 6000.0
_RIVALS_STEP_D: Final = 4.0


def find_apsides(sky: Sky, start: datetime, end: datetime) -> list[Occurrence]:
    """Return the perihelia and aphelia of the Earth and the planets in ``[start, end)``.

    An apsis is an extreme of the geometric distance of a planet from the Sun, one of each an
    orbit.

    Frame: heliocentric, geometric.
    Time scale in: UTC (UT1 before 1972). Time scale out: TT, with UTC and UT1 labels.
    Units: au.    Shape: one occurrence an apsis.    Tolerance: 1 ms.
    Raises: EphemerisRangeError outside the span; ValueError if start >= end.
    Source: the module's definition text; checked against Espenak's table for the Earth.
    """
    window = open_window(sky.ephemeris, start, end)
    found: list[Occurrence] = []
    for body in ORBITS:
        extremes = find_range_extremes(
            sky, "sun", body, window.start_days, window.end_days, step_days=_STEP_DAYS
        )
        findings = _findings(body, extremes)
        every = build_occurrences(
            sky,
            family=NAME,
            definition_id=FAMILY.definition_id,
            bodies=(body,),
            confirmed=extremes.confirmed,
            findings=findings,
        )
        chosen = _widest(sky, body, extremes)
        found += [each for each, is_apsis in zip(every, chosen, strict=True) if is_apsis]
    return window.sorted_inside(found)


def _findings(body: str, extremes: RangeExtremes) -> list[Finding]:
    days, far = extremes.confirmed.days, ~extremes.nearest
    numbers = ORBITS[body].numbers(days, 0.5 * far)
    arcsec = BODIES["sun" if body == "earth" else body].uncertainty_arcsec
    kinds = [_KINDS[int(is_far)] for is_far in far]
    uncertainty_s = apsis_uncertainty_s(extremes, arcsec)
    return [
        Finding(
            key=f"apsides-{body}-{numbers[at]}-{kinds[at]}",
            kind=kinds[at],
            uncertainty_s=float(uncertainty_s[at]),
            details=ApsisDetails(
                distance_au=round(float(extremes.distance_au[at]), 8),
                orbit_number=int(numbers[at]),
            ),
        )
        for at in range(len(days))
    ]


def _widest(sky: Sky, body: str, extremes: RangeExtremes) -> Bools:
    """Tell which extremes are those of their orbit."""
    if body != _SEVERAL:
        return np.ones(len(extremes.nearest), dtype=bool)
    return np.array(
        [
            _has_no_rival(sky, body, float(days), near=bool(near))
            for days, near in zip(extremes.confirmed.days, extremes.nearest, strict=True)
        ],
        dtype=bool,
    )


def _has_no_rival(sky: Sky, body: str, days: float, *, near: bool) -> bool:
    covered = sky.ephemeris.covered_start - J2000_JD, sky.ephemeris.covered_end - J2000_JD
    about = days + np.arange(-_RIVALS_D, _RIVALS_D + 1.0, _RIVALS_STEP_D)
    about = about[(about > covered[0]) & (about < covered[1])]
    position, _ = sky.ephemeris.geometric("sun", body, about)
    distance = np.linalg.norm(position, axis=0) * (1.0 if near else -1.0)
    return bool(abs(about[np.argmin(distance)] - days) <= _RIVALS_STEP_D)


def _rule(body: str) -> KeyRule:
    orbit = ORBITS[body]
    return key_rule(
        NAME,
        rf"{body}-(?P<number>\d{{1,6}})-(?P<kind>perihelion|aphelion)",
        lambda found: orbit.days(int(found["number"]), 0.5 * (found["kind"] == _KINDS[1])),
        _REACH_D.get(body, _NEAR_REACH_D),
    )


KEYS: Final[tuple[KeyRule, ...]] = tuple(_rule(body) for body in ORBITS)

FAMILY: Final = FamilyDefinition(
    name=NAME,
    kinds=_KINDS,
    bodies=tuple(ORBITS),
    definition_id="apsides/1",
    text=(
        "The instant at which the geometric distance of the Earth or a planet from the centre of "
        "the Sun is least (perihelion) or greatest (aphelion). From Mars outwards the planet is "
        "the barycentre of its system. The Sun's own path about the barycentre of the solar "
        "system gives Neptune several extremes about each apsis; the most extreme is taken, one "
        "an orbit."
    ),
    frame="heliocentric, geometric (no light time)",
    scale="TT; labelled in UTC from 1972 and in UT1",
    source="Meeus, Astronomical Algorithms (1998), ch. 38",
    finder=find_apsides,
)
