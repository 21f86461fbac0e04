"""Occultations of planets and bright stars by the Moon, for the Earth as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

import numpy as np

from astronomy.constants import DAY_S, MOON_RADIUS_PENUMBRA
from astronomy.finders.approaches import Vectors, pair_vectors
from astronomy.finders.besselian import EARTH_RADIUS_AU, equatorial
from astronomy.finders.build import Finding, build_occurrences, utc_datetimes
from astronomy.finders.contacts import find_contacts
from astronomy.finders.counts import KeyRule, MeanCount, key_rule
from astronomy.finders.family import FamilyDefinition
from astronomy.finders.pairs import (
    Pair,
    PairAngles,
    pair_uncertainties_deg,
    search_pair_crossings,
)
from astronomy.finders.separation import Approach, approach, sides_of_sun
from astronomy.finders.syzygies import confirmed_minima
from astronomy.finders.window import Window, open_window
from astronomy.occurrence import OccultationDetails, Occurrence
from astronomy.sampling import Sky, latitude_deg, longitude_deg
from astronomy.search import wrapped_deg
from astronomy.timescales import Floats, Ints

NAME: Final = "occultations"
_REACH_DAYS: Final = 0.1
# The shadow of the Moon crosses the Earth in less than 5 hours.
_HALF_SPAN_DAYS: Final = 3.0 / 24.0
# Moon's radius and parallax make 1.30 degrees at most.
_LATITUDE_LIMIT_DEG: Final = 1.5

_MOON_DEG: Final = (218.3164477, 13.17639648)
_PRECESSION_DEG_D: Final = 1.3969713 / 36525.0
_SUN_DEG: Final = (280.46646, 0.98564736)
# Mean ecliptic longitude at J2000.0 and its daily motion, degrees: Meeus, Astronomical Algorithms
# (1998), ch. 31 and 47; for Mercury and Venus those of the Sun. They only count the Moon's passes.
_MEAN_DEG: Final[Mapping[str, tuple[float, float]]] = MappingProxyType(
    {
        "mercury": _SUN_DEG,
        "venus": _SUN_DEG,
        "mars": (355.433, 0.52407109),
        "jupiter": (34.351519, 0.08312942),
        "saturn": (50.077444, 0.03349790),
        "uranus": (314.055005, 0.01176904),
        "neptune": (304.348665, 0.00602008),
        "pleiades": (60.0, _PRECESSION_DEG_D),
        "aldebaran": (69.8, _PRECESSION_DEG_D),
        "regulus": (149.8, _PRECESSION_DEG_D),
        "spica": (203.8, _PRECESSION_DEG_D),
        "antares": (249.8, _PRECESSION_DEG_D),
    }
)


def _passes(longitude_deg: float, motion_deg_d: float) -> MeanCount:
    rate = _MOON_DEG[1] - motion_deg_d
    ahead_deg = (longitude_deg - _MOON_DEG[0]) % 360.0
    return MeanCount(ahead_deg / rate, 360.0 / rate, 10_000)


PASSES: Final[Mapping[str, MeanCount]] = MappingProxyType(
    {body: _passes(*mean) for body, mean in _MEAN_DEG.items()}
)
_PAIRS: Final[tuple[tuple[str, str], ...]] = tuple(("moon", body) for body in PASSES)
_ANGLE_PAIRS: Final[tuple[Pair, ...]] = _PAIRS
_KEY_REACH_D: Final = 8.0


def find_occultations(sky: Sky, start: datetime, end: datetime) -> list[Occurrence]:
    """Return the occultations by the Moon in ``[start, end)`` that some place can see.

    An occultation happens when the Moon's disc covers the centre of the planet or the star from
    some place of the Earth. Its instant is the least geocentric separation of the centres.

    Frame: geocentric, apparent, true ecliptic and equinox of date.
    Time scale in: UTC (UT1 before 1972). Time scale out: TT, with UTC and UT1 labels.
    Units: degrees.    Shape: one occurrence an occultation.    Tolerance: 1 ms.
    Raises: EphemerisRangeError outside the span; ValueError if start >= end.
    Source: Explanatory Supplement (2013), ch. 11; the Earth is a sphere of its equatorial radius.
    """
    window = open_window(sky.ephemeris, start, end)
    near, which = _near_passes(sky, window)
    minima = confirmed_minima(
        near,
        lambda days, at: _approach(sky.vector_au, days, which[at]).apart ** 2,
        lambda days, at: _approach(sky.ephemeris.direct_icrs_au, days, which[at]).apart ** 2,
        reach_days=_REACH_DAYS,
    )
    seen = _gap(_approach(sky.vector_au, minima.days, which)) < 0.0
    confirmed, which = minima.chosen(seen), which[seen]
    if not len(which):
        return []
    return window.sorted_inside(
        build_occurrences(
            sky,
            family=NAME,
            definition_id=FAMILY.definition_id,
            bodies=(),
            confirmed=confirmed,
            findings=_findings(sky, confirmed.days, which),
        )
    )


def _near_passes(sky: Sky, window: Window) -> tuple[Floats, Ints]:
    """Return when the Moon passes the longitude of which body close enough to cover it."""
    passes = search_pair_crossings(
        PairAngles(sky, _ANGLE_PAIRS), window, spacing_deg=180.0, multiples=(0,)
    )
    moon, other = pair_vectors(sky.vector_au, _PAIRS, passes.days, passes.which)
    close = np.abs(latitude_deg(moon) - latitude_deg(other)) < _LATITUDE_LIMIT_DEG
    return passes.days[close], passes.which[close]


def _approach(vectors: Vectors, days: Floats, which: Ints) -> Approach:
    return approach(*pair_vectors(vectors, _PAIRS, days, which))


def _limit_rad(pair: Approach) -> Floats:
    """Return the geocentric separation beyond which no place sees the Moon cover the body."""
    disc = np.arcsin(MOON_RADIUS_PENUMBRA * EARTH_RADIUS_AU / pair.first_au)
    parallax = np.arcsin(EARTH_RADIUS_AU / pair.first_au) - np.arcsin(
        EARTH_RADIUS_AU / pair.second_au
    )
    return np.asarray(disc + parallax)


def _gap(pair: Approach) -> Floats:
    return np.asarray(pair.apart - _limit_rad(pair))


def _findings(sky: Sky, days: Floats, which: Ints) -> list[Finding]:
    pair = _approach(sky.vector_au, days, which)
    contacts = find_contacts(
        days,
        pair,
        {("begins", "ends"): _gap},
        sampled=lambda days, at: _approach(sky.vector_au, days, which[at]),
        direct=lambda days, at: _approach(sky.ephemeris.direct_icrs_au, days, which[at]),
        half_span_days=_HALF_SPAN_DAYS,
    )
    sun, moon = sky.vector_au("sun", days), sky.vector_au("moon", days)
    centre_deg = _centres_deg(sky, days, which)
    columns = zip(
        which.tolist(),
        _pass_numbers(days, which).tolist(),
        _uncertainty_s(sky, days, which).tolist(),
        np.round(np.degrees(pair.apart), 5).tolist(),
        np.round(np.degrees(_limit_rad(pair)), 5).tolist(),
        np.round(np.degrees(approach(sun, moon).apart), 2).tolist(),
        sides_of_sun(longitude_deg(moon) - longitude_deg(sun)),
        *np.round(centre_deg, 2).tolist(),
        utc_datetimes(sky, contacts["begins"]),
        utc_datetimes(sky, contacts["ends"]),
        strict=True,
    )
    return [
        Finding(
            key=f"occultations-moon-{_PAIRS[at][1]}-{number}",
            kind=FAMILY.kinds[0],
            uncertainty_s=uncertainty_s,
            details=OccultationDetails(
                separation_deg=apart_deg,
                limit_deg=limit_deg,
                sun_elongation_deg=elongation_deg,
                side=side,
                centre_lat_deg=centre_lat_deg,
                centre_lon_deg=centre_lon_deg,
                moon_pass=number,
            ),
            begins_utc=begins,
            ends_utc=ends,
            bodies=_PAIRS[at],
        )
        for (
            at, number, uncertainty_s, apart_deg, limit_deg, elongation_deg, side,
            centre_lat_deg, centre_lon_deg, begins, ends,
        ) in columns
    ]  # fmt: skip


def _centres_deg(sky: Sky, days: Floats, which: Ints) -> tuple[Floats, Floats]:
    """Return latitude and longitude of the places from which the centres stand closest together.

    The line from the body through the Moon's centre meets the Earth there; where it passes by, the
    place is the one nearest to it. The Earth is a sphere of its equatorial radius.
    """
    moon, body = pair_vectors(sky.vector_au, _PAIRS, days, which)
    towards = (body - moon) / np.linalg.norm(body - moon, axis=0)
    foot = (moon - np.einsum("in,in->n", moon, towards) * towards) / EARTH_RADIUS_AU
    beside = np.linalg.norm(foot, axis=0)
    height = np.sqrt(np.clip(1.0 - beside**2, 0.0, None))
    obliquity_rad, gast_rad = sky.orientation_rad(days)
    x, y, z = equatorial(foot / np.maximum(beside, 1.0) + height * towards, obliquity_rad)
    longitude = wrapped_deg(np.degrees(np.arctan2(y, x) - gast_rad))
    return np.degrees(np.arctan2(z, np.hypot(x, y))), longitude


def _pass_numbers(days: Floats, which: Ints) -> Ints:
    numbers = np.zeros(len(days), dtype=np.int64)
    for at, count in enumerate(PASSES.values()):
        mine = which == at
        numbers[mine] = count.numbers(days[mine])
    return numbers


def _uncertainty_s(sky: Sky, days: Floats, which: Ints) -> Floats:
    sigma_deg = pair_uncertainties_deg(_PAIRS, which, days)
    return sigma_deg / PairAngles(sky, _ANGLE_PAIRS).rate(days, which) * DAY_S


def _rule(body: str) -> KeyRule:
    count = PASSES[body]
    return key_rule(
        NAME,
        rf"moon-{body}-(?P<number>\d{{1,6}})",
        lambda found: count.days(int(found["number"])),
        _KEY_REACH_D,
    )


KEYS: Final[tuple[KeyRule, ...]] = tuple(_rule(body) for body in PASSES)

FAMILY: Final = FamilyDefinition(
    name=NAME,
    kinds=("occultation",),
    bodies=("moon", *PASSES),
    definition_id="occultations/1",
    text=(
        "The instant at which the centres of the Moon and of a planet (Mercury to Neptune) or a "
        "bright star (Aldebaran, Regulus, Spica, Antares, and Alcyone of the Pleiades) are least "
        "apart for the centre of the Earth, when that separation is below the Moon's radius "
        "(0.2725076 equatorial radii of the Earth) plus the difference of the horizontal "
        "parallaxes: then the Moon covers the centre of the body for some place. Beginning and "
        "end are those for the Earth as a whole, taken as a sphere of its equatorial radius. "
        "Whether the Sun is up there is not asked; the elongation from it is given."
    ),
    frame="geocentric, apparent, true ecliptic and equinox of date",
    scale="TT; labelled in UTC from 1972 and in UT1",
    source=(
        "Explanatory Supplement to the Astronomical Almanac (2013), ch. 11; star positions from "
        "the Hipparcos Catalogue (ESA 1997, SP-1200)"
    ),
    finder=find_occultations,
)
