"""Stations of the planets."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import numpy as np

from astronomy.bodies import BODIES
from astronomy.constants import DAY_S
from astronomy.finders.build import Finding, build_occurrences, settled
from astronomy.finders.family import FamilyDefinition
from astronomy.finders.pairs import Pair, PairAngles, find_turning_points
from astronomy.finders.turns import PLANETS, fastest_mean_motion_rad, synodic_counts
from astronomy.finders.window import open_window
from astronomy.occurrence import Occurrence, StationDetails
from astronomy.sampling import Sky, latitude_deg, longitude_deg
from astronomy.search import slope, wrapped_deg
from astronomy.timescales import Floats, Ints

KINDS: Final = ("station_retrograde", "station_direct")
PAIRS: Final[tuple[Pair, ...]] = tuple((planet, None) for planet in PLANETS)
_STENCIL_DAYS: Final = 1.0 / 1440.0
_BEND_DAYS: Final = 0.25
_RESOLUTION_S: Final = 0.1


def find_stations(sky: Sky, start: datetime, end: datetime) -> list[Occurrence]:
    """Return the stations of the planets in ``[start, end)``, oldest first.

    A station is the instant at which the rate of the planet's apparent ecliptic longitude
    changes its sign: from direct to retrograde motion or back. The longitude counts from the
    true equinox, so that nutation is in it: it moves stations of Pluto by up to hours.

    Frame: geocentric, apparent, true ecliptic and equinox of date.
    Time scale in: UTC (UT1 before 1972). Time scale out: TT, with UTC and UT1 labels.
    Units: degrees, au.    Shape: one occurrence a station.    Tolerance: 0.1 s.
    Raises: EphemerisRangeError outside the span; ValueError if start >= end.
    Source: Explanatory Supplement (2013), glossary (stationary point), taken in longitude.
    """
    window = open_window(sky.ephemeris, start, end)
    angles = PairAngles(sky, PAIRS)
    searched, which = find_turning_points(angles, window)
    bend = slope(lambda days: angles.rate(days, which), searched, _BEND_DAYS)
    step_days = -_direct_rate(sky, searched, which) / bend
    confirmed = settled(searched, step_days, _RESOLUTION_S)
    return window.sorted_inside(
        build_occurrences(
            sky,
            family=FAMILY.name,
            definition_id=FAMILY.definition_id,
            bodies=(),
            confirmed=confirmed,
            findings=_findings(sky, confirmed.days, which, bend),
        )
    )


def _direct_rate(sky: Sky, days: Floats, which: Ints) -> Floats:
    """Return the rate of the standard longitude, with IAU 2000A, in degrees a day."""
    rates = np.zeros(len(days))
    for at, planet in enumerate(PLANETS):
        mine = np.flatnonzero(which == at)
        both = np.concatenate((days[mine] - _STENCIL_DAYS, days[mine] + _STENCIL_DAYS))
        vectors = sky.confirmed((planet,), both).vectors_au[planet]
        before, after = longitude_deg(vectors).reshape(2, -1)
        rates[mine] = wrapped_deg(after - before) / (2.0 * _STENCIL_DAYS)
    return rates


def _findings(sky: Sky, days: Floats, which: Ints, bend: Floats) -> list[Finding]:
    findings: dict[int, Finding] = {}
    for at, planet in enumerate(PLANETS):
        mine = np.flatnonzero(which == at)
        vector = sky.vector_au(planet, days[mine])
        counts = np.rint(synodic_counts(sky, planet, days[mine])).astype(np.int64)
        sigma_deg = BODIES[planet].uncertainty_arcsec / 3600.0 * fastest_mean_motion_rad(planet)
        columns = zip(
            mine.tolist(),
            counts.tolist(),
            (bend[mine] > 0.0).tolist(),
            (sigma_deg / np.abs(bend[mine]) * DAY_S).tolist(),
            np.round(longitude_deg(vector) % 360.0, 5).tolist(),
            np.round(latitude_deg(vector), 5).tolist(),
            np.round(np.linalg.norm(vector, axis=0), 7).tolist(),
            strict=True,
        )
        for event, count, direct, uncertainty_s, longitude, latitude, distance in columns:
            findings[event] = Finding(
                key=f"stations-{planet}-{count}-{'direct' if direct else 'retrograde'}",
                kind=KINDS[direct],
                uncertainty_s=uncertainty_s,
                details=StationDetails(
                    longitude_deg=longitude, latitude_deg=latitude, distance_au=distance
                ),
                bodies=(planet,),
            )
    return [findings[event] for event in range(len(days))]


FAMILY: Final = FamilyDefinition(
    name="stations",
    kinds=KINDS,
    bodies=PLANETS,
    definition_id="stations/1",
    text=(
        "The instant at which the rate of a planet's apparent geocentric ecliptic longitude, "
        "from the true equinox of date, changes its sign: from direct to retrograde motion "
        "(retrograde station) or from retrograde to direct motion (direct station)."
    ),
    frame="geocentric, apparent, true ecliptic and equinox of date",
    scale="TT; labelled in UTC from 1972 and in UT1",
    source="Explanatory Supplement to the Astronomical Almanac (2013), glossary",
    finder=find_stations,
)
