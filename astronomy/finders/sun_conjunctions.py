"""Conjunctions, oppositions and quadratures of the planets with the Sun."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

import numpy as np

from astronomy.finders.build import Finding, build_occurrences
from astronomy.finders.family import FamilyDefinition
from astronomy.finders.pairs import (
    Pair,
    PairAngles,
    PairEvents,
    find_pair_crossings,
    pair_turns,
)
from astronomy.finders.separation import separation_deg
from astronomy.finders.turns import INNER_PLANETS, PLANETS, synodic_counts
from astronomy.finders.window import open_window
from astronomy.occurrence import Occurrence, SunConjunctionDetails
from astronomy.sampling import Sky, latitude_deg, longitude_deg
from astronomy.timescales import Floats

KINDS: Final = (
    "conjunction",
    "inferior_conjunction",
    "superior_conjunction",
    "opposition",
    "east_quadrature",
    "west_quadrature",
)
# The Sun's longitude minus the planet's, in quarters of a turn. Only an outer planet is ever more
# than 48 degrees away.
_OUTER_KINDS: Final[Mapping[int, str]] = MappingProxyType(
    {0: "conjunction", 90: "west_quadrature", 180: "opposition", 270: "east_quadrature"}
)
PAIRS: Final[tuple[Pair, ...]] = tuple(("sun", planet) for planet in PLANETS)


def find_sun_conjunctions(sky: Sky, start: datetime, end: datetime) -> list[Occurrence]:
    """Return the configurations of the planets with the Sun in ``[start, end)``, oldest first.

    A configuration is the instant at which the apparent ecliptic longitudes of the planet and
    the Sun differ by 0 (conjunction), 180 (opposition), or 90 degrees (quadrature: east when
    the planet is 90 degrees east of the Sun and seen in the evening). Mercury and Venus have
    conjunctions only: inferior on the Earth's side of the Sun, superior beyond it.

    Frame: geocentric, apparent, true ecliptic and equinox of date.
    Time scale in: UTC (UT1 before 1972). Time scale out: TT, with UTC and UT1 labels.
    Units: in the names of SunConjunctionDetails.    Shape: one occurrence a configuration.
    Tolerance: 1 ms, for nutation is common to both.
    Raises: EphemerisRangeError outside the span; ValueError if start >= end.
    Source: Explanatory Supplement (2013), ch. 11 and glossary.
    """
    window = open_window(sky.ephemeris, start, end)
    angles = PairAngles(sky, PAIRS)
    found = find_pair_crossings(angles, window, spacing_deg=90.0, multiples=range(4))
    return window.sorted_inside(
        build_occurrences(
            sky,
            family=FAMILY.name,
            definition_id=FAMILY.definition_id,
            bodies=(),
            confirmed=found.confirmed,
            findings=_findings(sky, found),
        )
    )


def _findings(sky: Sky, found: PairEvents) -> list[Finding]:
    days, which = found.confirmed.days, found.which
    turn = pair_turns(PAIRS, days, which, found.level_deg)
    findings: dict[int, Finding] = {}
    for at, (_, planet) in enumerate(PAIRS):
        mine = np.flatnonzero(which == at)
        if planet is None or not len(mine):
            continue
        names = (
            _inner_names(sky, planet, days[mine])
            if planet in INNER_PLANETS
            else _outer_names(turn[mine].tolist(), found.level_deg[mine].tolist())
        )
        details = _details(sky, planet, days[mine], found.level_deg[mine])
        for event, (kind, index), detail in zip(mine.tolist(), names, details, strict=True):
            findings[event] = Finding(
                key=f"sun-conjunctions-{planet}-{index}",
                kind=kind,
                uncertainty_s=float(found.uncertainty_s[event]),
                details=detail,
                bodies=(planet, "sun"),
            )
    return [findings[event] for event in range(len(days))]


def _inner_names(sky: Sky, planet: str, days: Floats) -> list[tuple[str, str]]:
    """Return kind and index: a count of cycles is whole at inferior conjunctions."""
    counts = synodic_counts(sky, planet, days)
    near = np.abs(counts - np.rint(counts)) < 0.25
    return [
        ("inferior_conjunction", f"{round(count)}-000")
        if inferior
        else ("superior_conjunction", f"{int(count)}-180")
        for count, inferior in zip(counts.tolist(), near.tolist(), strict=True)
    ]


def _outer_names(turn: list[int], level_deg: list[float]) -> list[tuple[str, str]]:
    """Return kind and index: the turns that the Sun has gained, and by how much more."""
    return [
        (_OUTER_KINDS[int(level)], f"{number}-{int(level):03d}")
        for number, level in zip(turn, level_deg, strict=True)
    ]


def _details(sky: Sky, planet: str, days: Floats, level_deg: Floats) -> list[SunConjunctionDetails]:
    vector, sun = sky.vector_au(planet, days), sky.vector_au("sun", days)
    columns = zip(
        ((180.0 - level_deg) % 360.0 - 180.0).tolist(),
        np.round(separation_deg(vector, sun), 5).tolist(),
        np.round(longitude_deg(vector) % 360.0, 5).tolist(),
        np.round(latitude_deg(vector), 5).tolist(),
        np.round(np.linalg.norm(vector, axis=0), 7).tolist(),
        strict=True,
    )
    return [
        SunConjunctionDetails(
            elongation_deg=abs(elongation) if abs(elongation) == 180.0 else elongation,
            separation_deg=separation,
            planet_longitude_deg=longitude,
            planet_latitude_deg=latitude,
            planet_distance_au=distance,
        )
        for elongation, separation, longitude, latitude, distance in columns
    ]


FAMILY: Final = FamilyDefinition(
    name="sun_conjunctions",
    kinds=KINDS,
    bodies=("sun", *PLANETS),
    definition_id="sun_conjunctions/1",
    text=(
        "The instant at which the apparent geocentric ecliptic longitudes of a planet and the Sun "
        "differ by 0 degrees (conjunction; of Mercury and Venus inferior between Earth and Sun, "
        "superior beyond the Sun), 180 degrees (opposition), or 90 degrees (quadrature: east "
        "when the planet is east of the Sun, west when it is west)."
    ),
    frame="geocentric, apparent, true ecliptic and equinox of date",
    scale="TT; labelled in UTC from 1972 and in UT1",
    source="Explanatory Supplement to the Astronomical Almanac (2013), ch. 11 and glossary",
    finder=find_sun_conjunctions,
)
