"""Numbers that name lunations, solar years and saros series: identity, never position."""

from __future__ import annotations

from typing import Final

import numpy as np

from astronomy.constants import J2000_JD, SYNODIC_MONTH_D, TROPICAL_YEAR_D
from astronomy.timescales import Floats, Ints

# Goldstine's count of new moons, 0 in January 1001 BC: 37105 is the new moon of 2000 January 6.
# H. H. Goldstine, New and Full Moons 1001 B.C. to A.D. 1651 (1973). Positive over all history.
GOLDSTINE_2000: Final = 37_105
NEW_MOON_2000_DAYS: Final = 2_451_550.1 - J2000_JD  # Meeus (1998), eq. 49.1; counts only
EQUINOX_2000_DAYS: Final = 2_451_623.8 - J2000_JD  # Meeus (1998), table 27.B; counts only

# 358 lunations (an inex) lead to the next saros series, 223 lunations (a saros) stay in the
# same one: G. van den Bergh, Periodicity and Variation of Solar (and Lunar) Eclipses (1955).
# So the series is the solution b of 223 a + 358 b = lunations, taken modulo 223, and 38 is the
# inverse of 358 modulo 223. One eclipse of the NASA canons anchors each of the two counts:
# the Sun's of 2017-08-21 in saros 145, the Moon's of 2015-04-04 in saros 132.
_SAROS_LUNATIONS: Final = 223
_INEX_INVERSE: Final = 38
_SOLAR_ANCHOR: Final = (GOLDSTINE_2000 + 218, 145)
_LUNAR_ANCHOR: Final = (GOLDSTINE_2000 + 188, 132)


def lunation_numbers(days: Floats, elongation_deg: Floats) -> Ints:
    """Return the number of the lunation that an instant at a known elongation belongs to."""
    since = (days - NEW_MOON_2000_DAYS) / SYNODIC_MONTH_D - elongation_deg / 360.0
    return GOLDSTINE_2000 + np.rint(since).astype(np.int64)


def solar_years(days: Floats, longitude_deg: Floats) -> Ints:
    """Return the year whose March equinox began the Sun's current turn of the ecliptic."""
    since = (days - EQUINOX_2000_DAYS) / TROPICAL_YEAR_D - longitude_deg / 360.0
    return 2000 + np.rint(since).astype(np.int64)


def solar_saros(lunations: Ints) -> Ints:
    """Return the saros series of solar eclipses at these new moons, 1 to 223."""
    return _saros(lunations, *_SOLAR_ANCHOR)


def lunar_saros(lunations: Ints) -> Ints:
    """Return the saros series of lunar eclipses at the full moons of these lunations."""
    return _saros(lunations, *_LUNAR_ANCHOR)


def _saros(lunations: Ints, anchor_lunation: int, anchor_series: int) -> Ints:
    series = anchor_series + _INEX_INVERSE * (lunations - anchor_lunation)
    return (series - 1) % _SAROS_LUNATIONS + 1
