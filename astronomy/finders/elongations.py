"""Greatest elongations of Mercury and Venus, and the greatest brilliancy of Venus."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Final, TypeAlias

import numpy as np
from skyfield.magnitudelib import planetary_magnitude

from astronomy.bodies import BODIES
from astronomy.constants import DAY_S
from astronomy.finders.build import Confirmed, Finding, build_occurrences, settled
from astronomy.finders.family import FamilyDefinition
from astronomy.finders.separation import separation_deg
from astronomy.finders.turns import INNER_PLANETS, fastest_mean_motion_rad, synodic_counts
from astronomy.finders.window import Window, open_window
from astronomy.occurrence import BrilliancyDetails, ElongationDetails, Occurrence
from astronomy.sampling import Sky
from astronomy.search import find_minima
from astronomy.timescales import Floats

KINDS: Final = (
    "greatest_elongation_east",
    "greatest_elongation_west",
    "venus_greatest_brilliancy",
)
_STEP_DAYS: Final = 2.0
_STENCIL_DAYS: Final = 0.05
_RESOLUTION_S: Final = 0.1
_NAIF: Final = {"mercury": 199, "venus": 299}
# Venus is brightest as a crescent, at phase angles about 120 degrees. The formula of the magnitude
# has other extremes at full phase and where the atmosphere scatters forwards.
_CRESCENT_DEG: Final = (90.0, 150.0)

Vectors: TypeAlias = Callable[[str, Floats], Floats]


def find_elongations(sky: Sky, start: datetime, end: datetime) -> list[Occurrence]:
    """Return greatest elongations and brilliancies in ``[start, end)``, oldest first.

    A greatest elongation is the instant at which the apparent angular separation of Mercury or
    Venus from the Sun is a maximum: east in the evening, west in the morning. The greatest
    brilliancy of Venus is the instant of its least magnitude, as a crescent.

    Frame: geocentric, apparent; the angles need no axes.
    Time scale in: UTC (UT1 before 1972). Time scale out: TT, with UTC and UT1 labels.
    Units: degrees, magnitudes, au.    Shape: one occurrence a maximum.    Tolerance: 0.1 s.
    Raises: EphemerisRangeError outside the span; ValueError if start >= end.
    Source: Explanatory Supplement (2013), glossary; magnitudes by Mallama and Hilton (2018),
    Astronomy and Computing 25, 10, as Skyfield has them.
    """
    window = open_window(sky.ephemeris, start, end)
    found = [_elongations(sky, window, planet) for planet in INNER_PLANETS]
    return window.sorted_inside([*found[0], *found[1], *_brilliancies(sky, window)])


def elongation_from(vectors: Vectors, planet: str, days: Floats) -> Floats:
    """Return the angle in degrees between ``planet`` and the Sun."""
    return separation_deg(vectors(planet, days), vectors("sun", days))


def magnitude_from(vectors: Vectors, planet: str, days: Floats) -> Floats:
    """Return the visual magnitude of ``planet`` as Skyfield computes it, from the true Sun.

    Skyfield's own call takes the barycentre of the solar system for the Sun.
    """
    position = SimpleNamespace(
        target=_NAIF[planet],
        center_barycentric=SimpleNamespace(xyz=SimpleNamespace(au=-vectors("sun", days))),
        xyz=SimpleNamespace(au=vectors(planet, days)),
    )
    return np.asarray(planetary_magnitude(position), dtype=np.float64)


def phase_angle_deg(sky: Sky, planet: str, days: Floats) -> Floats:
    """Return the angle at the planet between the Sun and the Earth."""
    vector = sky.vector_au(planet, days)
    return separation_deg(vector, vector - sky.vector_au("sun", days))


def _minima(
    sky: Sky, window: Window, function: Callable[[Vectors, Floats], Floats]
) -> tuple[Confirmed, Floats]:
    """Return confirmed minima of a function of positions, and how it bends there (a day²)."""
    days = find_minima(
        lambda at: function(sky.vector_au, at),
        window.start_days,
        window.end_days,
        step_days=_STEP_DAYS,
    )
    stencil = days[None, :] + np.array([[-1.0], [0.0], [1.0]]) * _STENCIL_DAYS
    before, middle, after = function(_direct(sky), stencil.ravel()).reshape(3, -1)
    sampled = function(sky.vector_au, stencil.ravel()).reshape(3, -1)
    bend = (after - 2.0 * middle + before) / _STENCIL_DAYS**2
    # What bends the parabola bends it for samples too: only the difference of slopes is a step.
    slopes = (after - before) - (sampled[2] - sampled[0])
    step_days = -slopes / (2.0 * _STENCIL_DAYS) / bend
    return settled(days, step_days, _RESOLUTION_S), bend


def _direct(sky: Sky) -> Vectors:
    return sky.ephemeris.direct_icrs_au


def _elongations(sky: Sky, window: Window, planet: str) -> list[Occurrence]:
    confirmed, bend = _minima(
        sky, window, lambda vectors, days: -elongation_from(vectors, planet, days)
    )
    days = confirmed.days
    counts = synodic_counts(sky, planet, days)
    sigma_deg = BODIES[planet].uncertainty_arcsec / 3600.0 * fastest_mean_motion_rad(planet)
    columns = zip(
        np.rint(counts).astype(np.int64).tolist(),
        (counts < np.rint(counts)).tolist(),
        (sigma_deg / bend * DAY_S).tolist(),
        np.round(elongation_from(sky.vector_au, planet, days), 5).tolist(),
        np.round(magnitude_from(sky.vector_au, planet, days), 2).tolist(),
        np.round(np.linalg.norm(sky.vector_au(planet, days), axis=0), 7).tolist(),
        strict=True,
    )
    findings = [
        Finding(
            key=f"elongations-{planet}-{count}-{'east' if east else 'west'}",
            kind=KINDS[0] if east else KINDS[1],
            uncertainty_s=uncertainty_s,
            details=ElongationDetails(
                elongation_deg=elongation, magnitude=magnitude, distance_au=distance
            ),
        )
        for count, east, uncertainty_s, elongation, magnitude, distance in columns
    ]
    return _built(sky, planet, confirmed, findings)


def _brilliancies(sky: Sky, window: Window) -> list[Occurrence]:
    candidates, bends = _minima(
        sky, window, lambda vectors, days: magnitude_from(vectors, "venus", days)
    )
    phase_deg = phase_angle_deg(sky, "venus", candidates.days)
    crescent = (phase_deg > _CRESCENT_DEG[0]) & (phase_deg < _CRESCENT_DEG[1])
    confirmed, phase_deg = candidates.chosen(crescent), phase_deg[crescent]
    days = confirmed.days
    counts = synodic_counts(sky, "venus", days)
    columns = zip(
        np.rint(counts).astype(np.int64).tolist(),
        (counts < np.rint(counts)).tolist(),
        (_magnitude_slope_error() / bends[crescent] * DAY_S).tolist(),
        np.round(magnitude_from(sky.vector_au, "venus", days), 3).tolist(),
        np.round(elongation_from(sky.vector_au, "venus", days), 5).tolist(),
        np.round(phase_deg, 4).tolist(),
        np.round(0.5 + 0.5 * np.cos(np.radians(phase_deg)), 5).tolist(),
        np.round(np.linalg.norm(sky.vector_au("venus", days), axis=0), 7).tolist(),
        strict=True,
    )
    findings = [
        Finding(
            key=f"elongations-venus-{count}-bright-{'east' if east else 'west'}",
            kind=KINDS[2],
            uncertainty_s=uncertainty_s,
            details=BrilliancyDetails(
                magnitude=magnitude,
                elongation_deg=elongation,
                side="east" if east else "west",
                phase_angle_deg=phase,
                illuminated_fraction=fraction,
                distance_au=distance,
            ),
        )
        for count, east, uncertainty_s, magnitude, elongation, phase, fraction, distance in columns
    ]
    return _built(sky, "venus", confirmed, findings)


def _magnitude_slope_error() -> float:
    """Return how far the slope of the formula may be wrong near the maximum, magnitudes a day.

    Mallama and Hilton give residuals of 0.01 magnitudes; the formula's error varies over the
    weeks in which the phase does, here taken as 60 days.
    """
    return 0.01 / 60.0


def _built(
    sky: Sky, planet: str, confirmed: Confirmed, findings: list[Finding]
) -> list[Occurrence]:
    return build_occurrences(
        sky,
        family=FAMILY.name,
        definition_id=FAMILY.definition_id,
        bodies=(planet,),
        confirmed=confirmed,
        findings=findings,
    )


FAMILY: Final = FamilyDefinition(
    name="elongations",
    kinds=KINDS,
    bodies=tuple(_NAIF),
    definition_id="elongations/1",
    text=(
        "Greatest elongation: the instant at which the apparent geocentric angle between Mercury "
        "or Venus and the Sun is a maximum, east (evening) or west (morning) of the Sun. "
        "Greatest brilliancy of Venus: the instant of its least visual magnitude as a crescent, "
        "by the formula of Mallama and Hilton (2018)."
    ),
    frame="geocentric, apparent; independent of axes",
    scale="TT; labelled in UTC from 1972 and in UT1",
    source=(
        "Explanatory Supplement to the Astronomical Almanac (2013), glossary; Mallama and Hilton "
        "(2018), Astronomy and Computing 25, 10"
    ),
    finder=find_elongations,
)
