"""Transits of Mercury and Venus before the Sun."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

import numpy as np

from astronomy.bodies import BODIES
from astronomy.constants import AU_KM, DAY_S, J2000_JD, PLANET_RADIUS_KM, SUN_SEMIDIAMETER_ARCSEC
from astronomy.finders.build import (
    Confirmed,
    Finding,
    build_occurrences,
    contact_labels,
    optional,
    utc_datetimes,
)
from astronomy.finders.contacts import find_contacts
from astronomy.finders.counts import KeyRule, MeanCount, key_rule
from astronomy.finders.family import FamilyDefinition
from astronomy.finders.separation import Approach, approach
from astronomy.finders.syzygies import confirmed_minima
from astronomy.finders.window import Window, open_window
from astronomy.occurrence import Occurrence, TransitDetails
from astronomy.sampling import Sky, latitude_deg
from astronomy.search import find_crossings, wrapped_deg
from astronomy.timescales import Floats

NAME: Final = "transits"
PLANETS: Final = ("mercury", "venus")
_STEP_DAYS: Final = 4.0
# Greatest transit is within half a day of the conjunction; no transit lasts longer than 8.5 hours.
_REACH_DAYS: Final = 1.0
_HALF_SPAN_DAYS: Final = 0.3
# The Sun's disc is within 16.3' of its centre; the orbits are steep by 9 degrees at most.
_LATITUDE_LIMIT_DEG: Final = 0.4
_SUN_RADIUS_AU: Final = float(np.sin(np.radians(SUN_SEMIDIAMETER_ARCSEC / 3600.0)))

# Mean inferior conjunctions: Meeus, Astronomical Algorithms (1998), ch. 36; they only count.
# Number 10000 is that of 2000 March 1 for Mercury and of 2001 March 30 for Venus.
CONJUNCTIONS: Final[Mapping[str, MeanCount]] = MappingProxyType(
    {
        "mercury": MeanCount(2_451_612.023 - J2000_JD, 115.8774771, 10_000),
        "venus": MeanCount(2_451_996.706 - J2000_JD, 583.921361, 10_000),
    }
)
_REACH_D: Final[Mapping[str, float]] = MappingProxyType({"mercury": 24.0, "venus": 8.0})


def find_transits(sky: Sky, start: datetime, end: datetime) -> list[Occurrence]:
    """Return the transits of Mercury and Venus in ``[start, end)``, oldest first.

    A transit happens when the planet's disc touches the Sun's, as seen from the Earth's centre.
    Its instant, greatest transit, is the least separation of the centres.

    Frame: geocentric, apparent, true ecliptic and equinox of date.
    Time scale in: UTC (UT1 before 1972). Time scale out: TT, with UTC and UT1 labels.
    Units: in the names of TransitDetails.    Shape: one occurrence a transit.    Tolerance: 1 ms.
    Raises: EphemerisRangeError outside the span; ValueError if start >= end.
    Source: Explanatory Supplement (2013), ch. 11; checked against NASA tables (Espenak).
    """
    window = open_window(sky.ephemeris, start, end)
    found = [each for planet in PLANETS for each in _transits(sky, window, planet)]
    return window.sorted_inside(found)


def _transits(sky: Sky, window: Window, planet: str) -> list[Occurrence]:
    candidates = confirmed_minima(
        _near_conjunctions(sky, window, planet),
        lambda days, _which: _sampled(sky, planet, days).apart ** 2,
        lambda days, _which: _direct(sky, planet, days).apart ** 2,
        reach_days=_REACH_DAYS,
    )
    touching = disc_gap(planet, 1.0)(_sampled(sky, planet, candidates.days)) < 0.0
    confirmed = candidates.chosen(touching)
    return build_occurrences(
        sky,
        family=NAME,
        definition_id=FAMILY.definition_id,
        bodies=(planet, "sun"),
        confirmed=confirmed,
        findings=_findings(sky, planet, confirmed) if len(confirmed.days) else [],
    )


def _near_conjunctions(sky: Sky, window: Window, planet: str) -> Floats:
    """Return the conjunctions at which the planet is before the Sun and close to the ecliptic."""
    found = find_crossings(
        lambda days: wrapped_deg(sky.longitude_deg(planet, days) - sky.longitude_deg("sun", days)),
        window.start_days - _REACH_DAYS,
        window.end_days + _REACH_DAYS,
        step_days=_STEP_DAYS,
        spacing_deg=360.0,
    )
    vectors, sun = sky.vector_au(planet, found.days), sky.vector_au("sun", found.days)
    before = np.linalg.norm(vectors, axis=0) < np.linalg.norm(sun, axis=0)
    return np.asarray(found.days[before & (np.abs(latitude_deg(vectors)) < _LATITUDE_LIMIT_DEG)])


def _sampled(sky: Sky, planet: str, days: Floats) -> Approach:
    return approach(sky.vector_au("sun", days), sky.vector_au(planet, days))


def _direct(sky: Sky, planet: str, days: Floats) -> Approach:
    vectors = sky.ephemeris.apparent_directions(("sun", planet), days)
    return approach(vectors["sun"], vectors[planet])


def disc_gap(planet: str, side: float) -> Callable[[Approach], Floats]:
    """Return the gap of the discs: outer contact for ``side`` 1, inner for -1."""
    radius_au = PLANET_RADIUS_KM[planet] / AU_KM

    def gap(pair: Approach) -> Floats:
        sun = np.arcsin(_SUN_RADIUS_AU / pair.first_au)
        return np.asarray(pair.apart - sun - side * np.arcsin(radius_au / pair.second_au))

    return gap


def _findings(sky: Sky, planet: str, confirmed: Confirmed) -> list[Finding]:
    pair = _direct(sky, planet, confirmed.days)
    contacts = find_contacts(
        confirmed.days,
        pair,
        {("c1", "c4"): disc_gap(planet, 1.0), ("c2", "c3"): disc_gap(planet, -1.0)},
        sampled=lambda days, _which: _sampled(sky, planet, days),
        direct=lambda days, _which: _direct(sky, planet, days),
        half_span_days=_HALF_SPAN_DAYS,
    )
    numbers = CONJUNCTIONS[planet].numbers(confirmed.days)
    uncertainty_s = _uncertainty_s(sky, planet, confirmed.days)
    labels = contact_labels(sky, contacts)
    begins, ends = utc_datetimes(sky, contacts["c1"]), utc_datetimes(sky, contacts["c4"])
    return [
        Finding(
            key=f"transits-{planet}-{numbers[at]}",
            kind=FAMILY.kinds[0],
            uncertainty_s=float(uncertainty_s[at]),
            details=TransitDetails(
                separation_arcsec=round(float(np.degrees(pair.apart[at])) * 3600.0, 2),
                contacts_utc=labels[at],
                duration_s=round(float(contacts["c4"][at] - contacts["c1"][at]) * DAY_S, 1),
                internal_duration_s=optional((contacts["c3"][at] - contacts["c2"][at]) * DAY_S, 1),
                conjunction_number=int(numbers[at]),
            ),
            begins_utc=begins[at],
            ends_utc=ends[at],
        )
        for at in range(len(numbers))
    ]


def _uncertainty_s(sky: Sky, planet: str, days: Floats) -> Floats:
    """Return the uncertainty of the direction over the motion of the planet past the Sun."""
    shift = 1.0 / 24.0
    relative = [
        sky.vector_au(planet, at) / np.linalg.norm(sky.vector_au(planet, at), axis=0)
        - sky.vector_au("sun", at) / np.linalg.norm(sky.vector_au("sun", at), axis=0)
        for at in (days - shift, days + shift)
    ]
    rate = np.degrees(np.linalg.norm(relative[1] - relative[0], axis=0)) * 3600.0 / (2.0 * shift)
    arcsec = np.hypot(BODIES[planet].uncertainty_arcsec, BODIES["sun"].uncertainty_arcsec)
    return np.asarray(arcsec / rate * DAY_S)


def _rule(planet: str) -> KeyRule:
    count = CONJUNCTIONS[planet]
    return key_rule(
        NAME,
        rf"{planet}-(?P<number>\d{{1,6}})",
        lambda found: count.days(int(found["number"])),
        _REACH_D[planet],
    )


KEYS: Final[tuple[KeyRule, ...]] = tuple(_rule(planet) for planet in PLANETS)

FAMILY: Final = FamilyDefinition(
    name=NAME,
    kinds=("transit",),
    bodies=("sun", *PLANETS),
    definition_id="transits/1",
    text=(
        "The instant at which the centres of Mercury or Venus and of the Sun are least apart, "
        "when the planet is before the Sun and its disc touches the Sun's, as seen from the "
        "centre of the Earth. Contacts are geocentric too: outer (c1, c4) and inner (c2, c3); a "
        "grazing transit has no inner ones. From a place on the Earth they differ by minutes."
    ),
    frame="geocentric, apparent, true ecliptic and equinox of date",
    scale="TT; labelled in UTC from 1972 and in UT1",
    source="Explanatory Supplement to the Astronomical Almanac (2013), ch. 11",
    finder=find_transits,
)
