"""Ingresses: into the tropical signs, and of Sun and Moon into the constellations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import numpy as np

from astronomy.bodies import BODIES
from astronomy.finders.build import Confirmed, Finding, build_occurrences
from astronomy.finders.constellations import (
    BorderCrossings,
    find_border_crossings,
    middle_longitudes_deg,
)
from astronomy.finders.family import FamilyDefinition
from astronomy.finders.lunation import solar_years
from astronomy.finders.pairs import (
    Pair,
    PairAngles,
    PairEvents,
    find_pair_crossings,
    index_texts,
    pair_passes,
    pair_turns,
)
from astronomy.finders.solar_longitude import SolarCrossings, find_solar_crossings
from astronomy.finders.turns import PLANETS, mean_longitude_deg, turns
from astronomy.finders.window import Window, open_window
from astronomy.occurrence import ConstellationIngressDetails, IngressDetails, Occurrence
from astronomy.sampling import Sky, latitude_deg, longitude_deg
from astronomy.timescales import Floats, Ints

KINDS: Final = ("ingress", "constellation_ingress")
SIGNS: Final = (
    "aries",
    "taurus",
    "gemini",
    "cancer",
    "leo",
    "virgo",
    "libra",
    "scorpio",
    "sagittarius",
    "capricorn",
    "aquarius",
    "pisces",
)
_SPACING_DEG: Final = 30.0
PAIRS: Final[tuple[Pair, ...]] = (("moon", None), *((planet, None) for planet in PLANETS))
_BORDER_STEP_DAYS: Final = {"sun": 2.0, "moon": 0.25}
# A constellation may be left and entered again in one turn; the Moon crosses the widest in 4 days.
_REENTRY_DAYS: Final = 6.0


def find_ingresses(sky: Sky, start: datetime, end: datetime) -> list[Occurrence]:
    """Return the ingresses in ``[start, end)``, oldest first.

    An ingress is the instant at which the apparent ecliptic longitude of the Sun, the Moon or
    a planet passes a multiple of 30 degrees, in either direction: the body enters the sign that
    it moves into. A constellation ingress is the instant at which the apparent place of the Sun
    or the Moon crosses a boundary of the IAU constellations.

    Frame: geocentric, apparent, true ecliptic and equinox of date; for constellations the mean
    equator and equinox of B1875.0.
    Time scale in: UTC (UT1 before 1972). Time scale out: TT, with UTC and UT1 labels.
    Units: degrees.    Shape: one occurrence an ingress.
    Tolerance: 1 ms; signs of Moon and planets 1.6 mas of nutation, 4 ms of the Moon.
    Raises: EphemerisRangeError outside the span; ValueError if start >= end.
    Source: IAU boundaries of Delporte (1930) as in Roman (1987), PASP 99, 695, by Skyfield.
    """
    window = open_window(sky.ephemeris, start, end)
    solar = find_solar_crossings(sky, window, _SPACING_DEG)
    angles = PairAngles(sky, PAIRS)
    others = find_pair_crossings(
        angles, window, spacing_deg=_SPACING_DEG, multiples=range(len(SIGNS))
    )
    return window.sorted_inside(
        [
            *_built(sky, ("sun",), solar.confirmed, _solar_findings(solar)),
            *_built(sky, (), others.confirmed, _sign_findings(angles, others)),
            *_constellation_ingresses(sky, window, "sun"),
            *_constellation_ingresses(sky, window, "moon"),
        ]
    )


def _built(
    sky: Sky, bodies: tuple[str, ...], confirmed: Confirmed, findings: list[Finding]
) -> list[Occurrence]:
    return build_occurrences(
        sky,
        family=FAMILY.name,
        definition_id=FAMILY.definition_id,
        bodies=bodies,
        confirmed=confirmed,
        findings=findings,
    )


def _solar_findings(found: SolarCrossings) -> list[Finding]:
    return [
        Finding(
            key=f"ingresses-sun-{int(found.longitude_deg[at]):03d}-{found.years[at]}",
            kind="ingress",
            uncertainty_s=float(found.uncertainty_s[at]),
            details=_sign_details(int(found.multiple[at]), retrograde=False),
        )
        for at in range(len(found.years))
    ]


def _sign_findings(angles: PairAngles, found: PairEvents) -> list[Finding]:
    days, which = found.confirmed.days, found.which
    turn = pair_turns(PAIRS, days, which, found.level_deg)
    indices = index_texts(PAIRS, which, turn, pair_passes(angles, days, which, found.rate_deg))
    columns = zip(
        which.tolist(),
        np.rint(found.level_deg / _SPACING_DEG).astype(np.int64).tolist(),
        indices,
        (found.rate_deg < 0.0).tolist(),
        found.uncertainty_s.tolist(),
        strict=True,
    )
    return [
        Finding(
            key=f"ingresses-{PAIRS[pair][0]}-{multiple * 30:03d}-{index}",
            kind="ingress",
            uncertainty_s=uncertainty_s,
            details=_sign_details(multiple, retrograde=retrograde),
            bodies=(PAIRS[pair][0],),
        )
        for pair, multiple, index, retrograde, uncertainty_s in columns
    ]


def _sign_details(multiple: int, *, retrograde: bool) -> IngressDetails:
    return IngressDetails(
        sign=SIGNS[multiple - 1 if retrograde else multiple],
        longitude_deg=multiple * _SPACING_DEG,
        retrograde=retrograde,
    )


def _constellation_ingresses(sky: Sky, window: Window, body: str) -> list[Occurrence]:
    found = find_border_crossings(
        sky,
        body,
        window.start_days - _REENTRY_DAYS,
        window.end_days,
        step_days=_BORDER_STEP_DAYS[body],
    )
    days = found.confirmed.days
    vector = sky.vector_au(body, days)
    columns = zip(
        found.entered,
        found.left,
        _entry_texts(found.entered, _constellation_turns(body, days, found)),
        found.uncertainty_s.tolist(),
        np.round(longitude_deg(vector) % 360.0, 5).tolist(),
        np.round(latitude_deg(vector), 5).tolist(),
        strict=True,
    )
    findings = [
        Finding(
            key=f"ingresses-{body}-{entered}-{index}",
            kind="constellation_ingress",
            uncertainty_s=uncertainty_s,
            details=ConstellationIngressDetails(
                constellation=entered,
                left_constellation=left,
                longitude_deg=longitude,
                latitude_deg=latitude,
            ),
        )
        for entered, left, index, uncertainty_s, longitude, latitude in columns
    ]
    return _built(sky, (body,), found.confirmed, findings)


def _constellation_turns(body: str, days: Floats, found: BorderCrossings) -> Ints:
    """Return the turn of each entry: of the Sun its year, from the constellation's middle."""
    middles = middle_longitudes_deg()
    middle_deg = np.array([middles[name] for name in found.entered], dtype=np.float64)
    if body == "sun":
        return solar_years(days, middle_deg)
    start_deg, rate_deg = mean_longitude_deg(body)
    start, rate = np.full(len(days), start_deg), np.full(len(days), rate_deg)
    return turns(days, middle_deg, start, rate)


def _entry_texts(entered: Sequence[str], turn: Ints) -> list[str]:
    """Return ``<turn>-<n>`` for the n-th entry into the same constellation in the same turn."""
    seen: dict[tuple[str, int], int] = {}
    texts = []
    for place in zip(entered, turn.tolist(), strict=True):
        seen[place] = seen.get(place, 0) + 1
        texts.append(f"{place[1]}-{seen[place]}")
    return texts


FAMILY: Final = FamilyDefinition(
    name="ingresses",
    kinds=KINDS,
    bodies=tuple(BODIES),
    definition_id="ingresses/1",
    text=(
        "Ingress: the instant at which the apparent geocentric ecliptic longitude of the Sun, the "
        "Moon or a planet passes a multiple of 30 degrees; the body enters the tropical sign "
        "that it moves into, also when it moves backwards. Constellation ingress: the instant "
        "at which the apparent geocentric place of the Sun or the Moon crosses a boundary of the "
        "IAU constellations."
    ),
    frame=(
        "geocentric, apparent, true ecliptic and equinox of date; constellations: mean equator and "
        "equinox of B1875.0"
    ),
    scale="TT; labelled in UTC from 1972 and in UT1",
    source="Delporte, Delimitation scientifique des constellations (IAU 1930), by Skyfield's map",
    finder=find_ingresses,
)
