"""Where sidereal longitudes begin: named zero points, each by its own definition."""

from __future__ import annotations

from typing import Final

import numpy as np

from astronomy.sampling import Sky, longitude_deg
from astronomy.search import wrapped_deg
from astronomy.timescales import Floats

TRUE_CHITRA: Final = "true_chitra"
LAHIRI: Final = "lahiri"
AYANAMSAS: Final = (TRUE_CHITRA, LAHIRI)
# Calendar Reform Committee (1955): the point of the ecliptic whose true longitude was 23 15' on
# 1956-03-21, 0h UT; that is 0h 0m 31s TT. The point stays where it is among the stars.
_LAHIRI_DAYS: Final = -15_991.5 + 31.4 / 86_400.0
_LAHIRI_DEG: Final = 23.25


def ayanamsa_deg(sky: Sky, name: str, days: Floats) -> Floats:
    """Return the longitude at which the sidereal zodiac begins.

    ``true_chitra`` puts Spica, as it appears, at 180 sidereal degrees. ``lahiri`` keeps the point
    that the Calendar Reform Committee of India fixed in 1956.

    Frame: geocentric, apparent, true ecliptic and equinox of date.
    Time scale in: TT, days since J2000.0.    Units: degrees.    Shape: (n,).
    Source: Calendar Reform Committee, Report (1955); Hipparcos Catalogue for Spica.
    """
    if name == TRUE_CHITRA:
        return wrapped_deg(sky.longitude_deg("spica", days) - 180.0)
    angle = np.radians(_LAHIRI_DEG)
    of_1956 = np.array((np.cos(angle), np.sin(angle), 0.0))
    icrs = sky.frame(np.array([_LAHIRI_DAYS]))[:, :, 0].T @ of_1956
    return longitude_deg(np.einsum("ijn,j->in", sky.frame(days), icrs))
