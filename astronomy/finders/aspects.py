"""Major aspects between the ten bodies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import combinations
from types import MappingProxyType
from typing import Final

import numpy as np

from astronomy.bodies import BODIES
from astronomy.finders.build import Finding, build_occurrences
from astronomy.finders.family import FamilyDefinition
from astronomy.finders.pairs import (
    Pair,
    PairAngles,
    PairEvents,
    find_pair_crossings,
    index_texts,
    pair_passes,
    pair_turns,
)
from astronomy.finders.window import open_window
from astronomy.occurrence import AspectDetails, Occurrence
from astronomy.sampling import Sky, latitude_deg, longitude_deg
from astronomy.timescales import Floats, Ints

_KIND_BY_ANGLE: Final[Mapping[int, str]] = MappingProxyType(
    {
        0: "aspect_conjunction",
        60: "aspect_sextile",
        90: "aspect_square",
        120: "aspect_trine",
        180: "aspect_opposition",
    }
)
KINDS: Final = tuple(_KIND_BY_ANGLE.values())
_ANGLES_DEG: Final[Mapping[int, float]] = {angle: float(angle) for angle in _KIND_BY_ANGLE}
PAIRS: Final[tuple[tuple[str, str], ...]] = tuple(combinations(BODIES, 2))
_ANGLE_PAIRS: Final[tuple[Pair, ...]] = PAIRS
_SPACING_DEG: Final = 30.0
# Multiples of 30 degrees, of the longitude of the first body minus that of the second.
_MULTIPLES: Final = (0, 2, 3, 4, 6, 8, 9, 10)


def find_aspects(sky: Sky, start: datetime, end: datetime) -> list[Occurrence]:
    """Return the major aspects between any two of the ten bodies in ``[start, end)``.

    An aspect is the instant at which the apparent ecliptic longitudes of two bodies differ by
    exactly 0, 60, 90, 120 or 180 degrees, to either side; there are no orbs.

    Frame: geocentric, apparent, true ecliptic and equinox of date.
    Time scale in: UTC (UT1 before 1972). Time scale out: TT, with UTC and UT1 labels.
    Units: degrees.    Shape: one occurrence an aspect, oldest first.
    Tolerance: 1 ms, for nutation is common to both.
    Raises: EphemerisRangeError outside the span; ValueError if start >= end.
    Source: Ptolemy, Tetrabiblos I.13, for the five angles.
    """
    window = open_window(sky.ephemeris, start, end)
    angles = PairAngles(sky, _ANGLE_PAIRS)
    found = find_pair_crossings(angles, window, spacing_deg=_SPACING_DEG, multiples=_MULTIPLES)
    return window.sorted_inside(
        build_occurrences(
            sky,
            family=FAMILY.name,
            definition_id=FAMILY.definition_id,
            bodies=(),
            confirmed=found.confirmed,
            findings=_findings(angles, found),
        )
    )


def _findings(angles: PairAngles, found: PairEvents) -> list[Finding]:
    days, which = found.confirmed.days, found.which
    indices = index_texts(
        _ANGLE_PAIRS,
        which,
        pair_turns(_ANGLE_PAIRS, days, which, found.level_deg),
        pair_passes(angles, days, which, found.rate_deg),
    )
    columns = zip(
        which.tolist(),
        found.level_deg.astype(np.int64).tolist(),
        indices,
        found.uncertainty_s.tolist(),
        *_places(angles.sky, days, which),
        strict=True,
    )
    findings = []
    for pair_at, level, index, uncertainty_s, longitudes, latitudes in columns:
        pair = PAIRS[pair_at]
        angle = min(level, 360 - level)
        findings.append(
            Finding(
                key=f"aspects-{pair[0]}-{pair[1]}-{level:03d}-{index}",
                kind=_KIND_BY_ANGLE[angle],
                uncertainty_s=uncertainty_s,
                details=AspectDetails(
                    angle_deg=_ANGLES_DEG[angle], longitudes_deg=longitudes, latitudes_deg=latitudes
                ),
                bodies=pair,
            )
        )
    return findings


def _places(sky: Sky, days: Floats, which: Ints) -> tuple[list[list[float]], list[list[float]]]:
    """Return the longitudes and the latitudes of both bodies of each event."""
    places = np.zeros((2, len(days), 2))
    members = np.array([[list(BODIES).index(body) for body in pair] for pair in PAIRS])[which]
    for at, body in enumerate(BODIES):
        event, side = np.nonzero(members == at)
        vector = sky.vector_au(body, days[event])
        places[0, event, side] = longitude_deg(vector) % 360.0
        places[1, event, side] = latitude_deg(vector)
    longitudes, latitudes = np.round(places, 5).tolist()
    return longitudes, latitudes


FAMILY: Final = FamilyDefinition(
    name="aspects",
    kinds=KINDS,
    bodies=tuple(BODIES),
    definition_id="aspects/1",
    text=(
        "The instant at which the apparent geocentric ecliptic longitudes of two of the ten bodies "
        "(Sun, Moon and planets with Pluto) differ by exactly 0, 60, 90, 120 or 180 degrees."
    ),
    frame="geocentric, apparent, true ecliptic and equinox of date",
    scale="TT; labelled in UTC from 1972 and in UT1",
    source="Ptolemy, Tetrabiblos I.13, for the five angles",
    finder=find_aspects,
)
