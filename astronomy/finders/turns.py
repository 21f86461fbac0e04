"""Counts of turns and of synodic cycles: identity, never position.

An event of a longitude is named by the turn it belongs to, one of a moving planet also by the
synodic cycle. Both are the nearest whole number of a mean count, from which the true one strays by
far less than half, so that neither a window nor a newer kernel changes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from astronomy.constants import TROPICAL_YEAR_D
from astronomy.sampling import Sky, longitude_deg
from astronomy.search import wrapped_deg
from astronomy.stars import STARS
from astronomy.timescales import Bools, Floats, Ints

# The count that J2000.0 falls in; so that counts are positive over all history.
COUNT_2000: Final = 10_000

_CENTURY_D: Final = 36_525.0
_SUN_RATE: Final = 360.0 / TROPICAL_YEAR_D

# Mean longitudes at J2000.0 in degrees and their rates in degrees a Julian century, mean equinox of
# date: Meeus, Astronomical Algorithms (1998), table 31.A; Pluto: Standish, Keplerian elements for
# approximate positions of the major planets (JPL), with precession added. They only count.
_HELIOCENTRIC: Final[Mapping[str, tuple[float, float]]] = MappingProxyType(
    {
        "mercury": (252.2509, 149474.0722),
        "venus": (181.9798, 58519.2130),
        "earth": (100.4665, 36000.7698),
        "mars": (355.4330, 19141.6964),
        "jupiter": (34.3515, 3036.3028),
        "saturn": (50.0774, 1223.5111),
        "uranus": (314.0550, 429.8641),
        "neptune": (304.3487, 219.8833),
        "pluto": (238.9290, 146.6050),
    }
)
INNER_PLANETS: Final = ("mercury", "venus")
PLANETS: Final = tuple(body for body in _HELIOCENTRIC if body != "earth")
# Those that the Earth sees go round with the Sun: none ever gains a turn on another.
WITH_THE_SUN: Final = ("sun", *INNER_PLANETS)


def mean_longitude_deg(body: str) -> tuple[float, float]:
    """Return the mean geocentric longitude of ``body`` at J2000.0 and its rate a day.

    Units: degrees, degrees a day; a star stands still, which is good enough to count turns.
    """
    if body == "moon":
        return 218.3165, 13.17639648  # Meeus (1998), eq. 47.1
    if body in WITH_THE_SUN:
        return 280.4665, _SUN_RATE
    if body in STARS:
        return STARS[body].longitude_deg, 0.0
    start_deg, century_deg = _HELIOCENTRIC[body]
    return start_deg, century_deg / _CENTURY_D


def turns(days: Floats, angle_deg: Floats, start_deg: Floats, rate_deg: Floats) -> Ints:
    """Return which turn of a mean angle an instant at a known true angle belongs to."""
    since = (start_deg + rate_deg * days - angle_deg) / 360.0
    return COUNT_2000 + np.rint(since).astype(np.int64)


def synodic_rate(body: str) -> tuple[float, float]:
    """Return the mean synodic count of a planet at J2000.0 and its rate a day."""
    planet, earth = _HELIOCENTRIC[body], _HELIOCENTRIC["earth"]
    sign = 1.0 if body in INNER_PLANETS else -1.0
    start = COUNT_2000 + sign * (planet[0] - earth[0]) / 360.0
    return start, sign * (planet[1] - earth[1]) / 360.0 / _CENTURY_D


def synodic_counts(sky: Sky, body: str, days: Floats) -> Floats:
    """Return the synodic cycles that ``body`` has run, as a number that grows steadily.

    It is whole where Sun, Earth and planet are in line with the planet on the Earth's side of the
    Sun: at the inferior conjunctions of Mercury and Venus, the oppositions of the others. There
    the planet goes backwards; half-way between it goes forwards.
    """
    sun, planet = sky.vector_au("sun", days), sky.vector_au(body, days)
    ahead_deg = wrapped_deg(longitude_deg(planet - sun) - longitude_deg(-sun))
    phase = (ahead_deg if body in INNER_PLANETS else -ahead_deg) / 360.0
    start, rate = synodic_rate(body)
    return np.asarray(np.rint(start + rate * days - phase) + phase)


def passes(sky: Sky, body: str, days: Floats, retrograde: Bools) -> Ints:
    """Return the number of the arc of the planet's path that each instant belongs to.

    Even arcs ``2 n`` are the retrograde ones about the n-th opposition or inferior conjunction,
    odd arcs ``2 n + 1`` the direct ones that follow.
    """
    counts = synodic_counts(sky, body, days)
    arcs = np.where(retrograde, 2.0 * np.rint(counts), 2.0 * np.floor(counts) + 1.0)
    return arcs.astype(np.int64)


def fastest_mean_motion_rad(body: str) -> float:
    """Return the larger of the mean motions of a planet and the Earth, in radians a day.

    The error of a direction varies no faster: times this, it is an error of the rate.
    """
    rates = (_HELIOCENTRIC[body][1], _HELIOCENTRIC["earth"][1])
    return float(np.radians(max(rates) / _CENTURY_D))
