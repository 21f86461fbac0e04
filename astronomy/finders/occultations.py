"""Occultations of planets and bright stars by the Moon, for the Earth as a whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

import numpy as np

from astronomy.bodies import BODIES
from astronomy.constants import DAY_S, MOON_RADIUS_PENUMBRA
from astronomy.finders.besselian import EARTH_RADIUS_AU
from astronomy.finders.build import Confirmed, Finding, build_occurrences, utc_datetimes
from astronomy.finders.contacts import find_contacts
from astronomy.finders.counts import KeyRule, MeanCount, key_rule
from astronomy.finders.family import FamilyDefinition
from astronomy.finders.separations import Approach, approach, direct_approach
from astronomy.finders.syzygies import confirmed_minima
from astronomy.finders.window import Window, open_window
from astronomy.occurrence import OccultationDetails, Occurrence
from astronomy.sampling import Sky, latitude_deg
from astronomy.search import find_crossings, slope, wrapped_deg
from astronomy.stars import STARS
from astronomy.timescales import Floats

NAME: Final = "occultations"
_STEP_DAYS: Final = 2.0
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
    found = [each for body in PASSES for each in _occultations(sky, window, body)]
    return window.sorted_inside(found)


def _occultations(sky: Sky, window: Window, body: str) -> list[Occurrence]:
    sampled, direct = _sampled(body), _direct(body)
    near = _near_passes(sky, window, body)
    confirmed = confirmed_minima(
        near,
        lambda days: sampled(sky, days).apart ** 2,
        lambda days: direct(sky, days).apart ** 2,
        reach_days=_REACH_DAYS,
    )
    pair = sampled(sky, confirmed.days)
    confirmed = confirmed.chosen(_gap(pair) < 0.0)
    if not len(confirmed.days):
        return []
    return build_occurrences(
        sky,
        family=NAME,
        definition_id=FAMILY.definition_id,
        bodies=("moon", body),
        confirmed=confirmed,
        findings=_findings(sky, body, confirmed),
    )


def _near_passes(sky: Sky, window: Window, body: str) -> Floats:
    """Return when the Moon passes the longitude of ``body`` close enough to cover it."""
    found = find_crossings(
        lambda days: wrapped_deg(sky.longitude_deg("moon", days) - sky.longitude_deg(body, days)),
        window.start_days - _REACH_DAYS,
        window.end_days + _REACH_DAYS,
        step_days=_STEP_DAYS,
        spacing_deg=360.0,
    )
    moon, other = sky.vector_au("moon", found.days), sky.vector_au(body, found.days)
    apart_deg = np.abs(latitude_deg(moon) - latitude_deg(other))
    return np.asarray(found.days[apart_deg < _LATITUDE_LIMIT_DEG])


def _sampled(body: str) -> Callable[[Sky, Floats], Approach]:
    return lambda sky, days: approach(sky.vector_au("moon", days), sky.vector_au(body, days))


def _direct(body: str) -> Callable[[Sky, Floats], Approach]:
    return lambda sky, days: direct_approach(sky, "moon", body, days)


def _limit_rad(pair: Approach) -> Floats:
    """Return the geocentric separation beyond which no place sees the Moon cover the body."""
    disc = np.arcsin(MOON_RADIUS_PENUMBRA * EARTH_RADIUS_AU / pair.first_au)
    parallax = np.arcsin(EARTH_RADIUS_AU / pair.first_au) - np.arcsin(
        EARTH_RADIUS_AU / pair.second_au
    )
    return np.asarray(disc + parallax)


def _gap(pair: Approach) -> Floats:
    return np.asarray(pair.apart - _limit_rad(pair))


def _findings(sky: Sky, body: str, confirmed: Confirmed) -> list[Finding]:
    days = confirmed.days
    pair = _sampled(body)(sky, days)
    contacts = find_contacts(
        sky,
        days,
        pair,
        {("begins", "ends"): _gap},
        sampled=_sampled(body),
        confirmed=_direct(body),
        half_span_days=_HALF_SPAN_DAYS,
    )
    begins, ends = utc_datetimes(sky, contacts["begins"]), utc_datetimes(sky, contacts["ends"])
    numbers = PASSES[body].numbers(days)
    elongation = approach(sky.vector_au("sun", days), sky.vector_au("moon", days)).apart
    uncertainty_s = _uncertainty_s(sky, body, days)
    return [
        Finding(
            key=f"occultations-moon-{body}-{numbers[at]}",
            kind=FAMILY.kinds[0],
            uncertainty_s=float(uncertainty_s[at]),
            details=OccultationDetails(
                separation_deg=round(float(np.degrees(pair.apart[at])), 5),
                limit_deg=round(float(np.degrees(_limit_rad(pair)[at])), 5),
                sun_elongation_deg=round(float(np.degrees(elongation[at])), 2),
                moon_pass=int(numbers[at]),
            ),
            begins_utc=begins[at],
            ends_utc=ends[at],
        )
        for at in range(len(numbers))
    ]


def _uncertainty_s(sky: Sky, body: str, days: Floats) -> Floats:
    def ahead_deg(at: Floats) -> Floats:
        return wrapped_deg(sky.longitude_deg("moon", at) - sky.longitude_deg(body, at))

    arcsec = np.hypot(BODIES["moon"].uncertainty_arcsec, _own_arcsec(body, days))
    return np.asarray(arcsec / 3600.0 / slope(ahead_deg, days) * DAY_S)


def _own_arcsec(body: str, days: Floats) -> Floats:
    if body in STARS:
        return STARS[body].uncertainty_arcsec(days)
    return np.full(len(days), BODIES[body].uncertainty_arcsec)


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
