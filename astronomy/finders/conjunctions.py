"""Conjunctions and closest approaches of planets, Moon and bright stars."""

from __future__ import annotations

from datetime import datetime
from itertools import combinations
from typing import Final

import numpy as np

from astronomy.finders.approaches import find_approaches, pair_vectors
from astronomy.finders.besselian import equatorial
from astronomy.finders.build import Confirmed, Finding, build_occurrences
from astronomy.finders.family import FamilyDefinition
from astronomy.finders.pairs import (
    Coordinate,
    Pair,
    PairAngles,
    ecliptic_longitude,
    find_pair_crossings,
    index_texts,
    looping_planet,
    pair_passes,
    pair_turns,
    right_ascension,
)
from astronomy.finders.separation import separation_deg, sides_of_sun
from astronomy.finders.turns import PLANETS, synodic_counts
from astronomy.finders.window import Window, open_window
from astronomy.occurrence import ConjunctionDetails, Occurrence
from astronomy.sampling import Sky, latitude_deg, longitude_deg
from astronomy.stars import STARS
from astronomy.timescales import Floats, Ints

KINDS: Final = ("conjunction_longitude", "conjunction_right_ascension", "closest_approach")
PAIRS: Final[tuple[tuple[str, str], ...]] = (
    *combinations(PLANETS, 2),
    *(("moon", planet) for planet in PLANETS),
    *(("moon", star) for star in STARS),
)
_ANGLE_PAIRS: Final[tuple[Pair, ...]] = PAIRS
# A minimum of the separation is an approach only below this.
APPROACH_LIMIT_DEG: Final = 10.0
# Approaches may happen at a station, where direct and retrograde do not differ, and two may
# follow each other by a twenty-fourth of a synodic cycle: a finer count keeps them apart. With 29
# arcs to a cycle none of 1900-2100 is within 2 minutes, or 100 times its uncertainty, of a border.
APPROACH_ARCS: Final = 29


def find_conjunctions(sky: Sky, start: datetime, end: datetime) -> list[Occurrence]:
    """Return conjunctions and closest approaches in ``[start, end)``, oldest first.

    Pairs are planet and planet, Moon and planet, Moon and bright star. A conjunction in
    longitude is the instant at which their apparent ecliptic longitudes are equal, one in right
    ascension that at which their apparent right ascensions are; a closest approach is a minimum
    of their apparent angular separation, below 10 degrees. The three are never mixed.

    Frame: geocentric, apparent; true ecliptic or true equator and equinox of date.
    Time scale in: UTC (UT1 before 1972). Time scale out: TT, with UTC and UT1 labels.
    Units: degrees.    Shape: one occurrence an event.    Tolerance: 1 ms; of the right
    ascensions 1.6 mas of nutation turn the equator, at most 1 mas times the latitude difference.
    Raises: EphemerisRangeError outside the span; ValueError if start >= end.
    Source: Explanatory Supplement (2013), glossary; stars: Hipparcos Catalogue (1997).
    """
    window = open_window(sky.ephemeris, start, end)
    return window.sorted_inside(
        [
            *_crossings(sky, window, KINDS[0], "lon", ecliptic_longitude),
            *_crossings(sky, window, KINDS[1], "ra", right_ascension),
            *_approaches(sky, window),
        ]
    )


def _crossings(
    sky: Sky, window: Window, kind: str, short: str, coordinate: Coordinate
) -> list[Occurrence]:
    angles = PairAngles(sky, _ANGLE_PAIRS, coordinate)
    # Opposite directions are searched for too: half a turn is the widest spacing there is.
    found = find_pair_crossings(angles, window, spacing_deg=180.0, multiples=(0,))
    days, which = found.confirmed.days, found.which
    passed = pair_passes(angles, days, which, found.rate_deg)
    return _built(sky, found.confirmed, which, found.uncertainty_s, passed, (kind, short))


def _approaches(sky: Sky, window: Window) -> list[Occurrence]:
    found = find_approaches(sky, PAIRS, window, limit_deg=APPROACH_LIMIT_DEG)
    arcs = _synodic_arcs(sky, found.confirmed.days, found.which)
    return _built(sky, found.confirmed, found.which, found.uncertainty_s, arcs, (KINDS[2], "near"))


def _synodic_arcs(sky: Sky, days: Floats, which: Ints) -> Ints:
    arcs = np.zeros(len(days), dtype=np.int64)
    for planet in PLANETS:
        mine = np.array([looping_planet(pair) == planet for pair in PAIRS])[which]
        counts = synodic_counts(sky, planet, days[mine])
        arcs[mine] = np.floor(APPROACH_ARCS * counts).astype(np.int64)
    return arcs


def _built(
    sky: Sky,
    confirmed: Confirmed,
    which: Ints,
    uncertainty_s: Floats,
    arcs: Ints,
    names: tuple[str, str],
) -> list[Occurrence]:
    turn = pair_turns(_ANGLE_PAIRS, confirmed.days, which, np.zeros(len(which)))
    columns = zip(
        which.tolist(),
        index_texts(_ANGLE_PAIRS, which, turn, arcs),
        uncertainty_s.tolist(),
        _details(sky, confirmed.days, which),
        strict=True,
    )
    findings = [
        Finding(
            key=f"conjunctions-{'-'.join(PAIRS[pair])}-{names[1]}-{index}",
            kind=names[0],
            uncertainty_s=uncertainty,
            details=details,
            bodies=PAIRS[pair],
        )
        for pair, index, uncertainty, details in columns
    ]
    return build_occurrences(
        sky,
        family=FAMILY.name,
        definition_id=FAMILY.definition_id,
        bodies=(),
        confirmed=confirmed,
        findings=findings,
    )


def _details(sky: Sky, days: Floats, which: Ints) -> list[ConjunctionDetails]:
    first, second = pair_vectors(sky.vector_au, PAIRS, days, which)
    obliquity_rad = sky.obliquity_rad(days)
    declinations = [latitude_deg(equatorial(each, obliquity_rad)) for each in (first, second)]
    sun = sky.vector_au("sun", days)
    columns = zip(
        np.round(separation_deg(first, second), 5).tolist(),
        np.round(latitude_deg(first) - latitude_deg(second), 5).tolist(),
        np.round(declinations[0] - declinations[1], 5).tolist(),
        np.round(separation_deg(second, sun), 3).tolist(),
        sides_of_sun(longitude_deg(second) - longitude_deg(sun)),
        strict=True,
    )
    return [
        ConjunctionDetails(
            separation_deg=separation,
            latitude_difference_deg=latitude,
            declination_difference_deg=declination,
            sun_elongation_deg=elongation,
            side=side,
        )
        for separation, latitude, declination, elongation, side in columns
    ]


FAMILY: Final = FamilyDefinition(
    name="conjunctions",
    kinds=KINDS,
    bodies=tuple(dict.fromkeys(body for pair in PAIRS for body in pair)),
    definition_id="conjunctions/1",
    text=(
        "For two planets, the Moon and a planet, or the Moon and one of Spica, Regulus, Antares, "
        "Aldebaran, Pollux and the Pleiades (Alcyone): conjunction in longitude, the instant of "
        "equal apparent geocentric ecliptic longitudes; conjunction in right ascension, that of "
        "equal apparent right ascensions; closest approach, a minimum of the apparent angular "
        "separation, below 10 degrees."
    ),
    frame="geocentric, apparent; true ecliptic or true equator and equinox of date",
    scale="TT; labelled in UTC from 1972 and in UT1",
    source=(
        "Explanatory Supplement to the Astronomical Almanac (2013), glossary; stars: the Hipparcos "
        "Catalogue, ESA SP-1200 (1997)"
    ),
    finder=find_conjunctions,
)
