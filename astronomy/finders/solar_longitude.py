"""Where the Sun's longitude passes given multiples: seasons, solar terms and the Sun's signs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from astronomy.bodies import BODIES
from astronomy.constants import DAY_S
from astronomy.finders.build import Confirmed, Finding, build_occurrences, confirmed_roots
from astronomy.finders.family import FamilyDefinition
from astronomy.finders.lunation import solar_years
from astronomy.finders.window import Window, open_window
from astronomy.occurrence import Occurrence
from astronomy.sampling import Sky, longitude_deg
from astronomy.search import find_crossings, slope, wrapped_deg
from astronomy.timescales import Floats, Ints

_STEP_DAYS: Final = 4.0


@dataclass(frozen=True, slots=True)
class SolarCrossings:
    """Instants at which the Sun's longitude passed a multiple of the spacing.

    ``years`` are those whose March equinox began the Sun's turn.
    """

    confirmed: Confirmed
    multiple: Ints
    longitude_deg: Floats
    distance_au: Floats
    uncertainty_s: Floats
    years: Ints


def solar_occurrences(
    sky: Sky,
    start: datetime,
    end: datetime,
    *,
    family: FamilyDefinition,
    spacing_deg: float,
    findings: Callable[[SolarCrossings], list[Finding]],
) -> list[Occurrence]:
    """Return a family of crossings in ``[start, end)``; ``findings`` tells what each of them is."""
    window = open_window(sky.ephemeris, start, end)
    found = find_solar_crossings(sky, window, spacing_deg)
    return window.sorted_inside(
        build_occurrences(
            sky,
            family=family.name,
            definition_id=family.definition_id,
            bodies=("sun",),
            confirmed=found.confirmed,
            findings=findings(found),
        )
    )


def find_solar_crossings(sky: Sky, window: Window, spacing_deg: float) -> SolarCrossings:
    """Return the crossings, confirmed with IAU 2000A nutation: 1 mas of it is 25 ms."""
    found = find_crossings(
        lambda days: sky.longitude_deg("sun", days),
        window.start_days,
        window.end_days,
        step_days=_STEP_DAYS,
        spacing_deg=spacing_deg,
    )
    sun_au = sky.confirmed(("sun",), found.days).vectors_au["sun"]
    off_deg = wrapped_deg(longitude_deg(sun_au) - found.target_deg)
    rate_deg = _rate_deg(sky, found.days, found.target_deg)
    confirmed = confirmed_roots(found.days, off_deg, rate_deg)
    return SolarCrossings(
        confirmed=confirmed,
        multiple=found.multiple,
        longitude_deg=found.target_deg,
        distance_au=np.linalg.norm(sun_au, axis=0),
        uncertainty_s=BODIES["sun"].uncertainty_arcsec / 3600.0 / np.abs(rate_deg) * DAY_S,
        years=solar_years(confirmed.days, found.target_deg),
    )


def _rate_deg(sky: Sky, days: Floats, target_deg: Floats) -> Floats:
    return slope(lambda at: wrapped_deg(sky.longitude_deg("sun", at) - target_deg), days)
