"""The way of the Moon through the shadow of the Earth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from astronomy.finders.lunar_shadow import confirmed_shadow
from astronomy.geometry.tangent import equator_vectors, offsets_deg
from astronomy.sampling import Sky
from astronomy.timescales import Floats

_BODIES: Final = ("sun", "moon")


@dataclass(frozen=True, slots=True)
class MoonInShadow:
    """Places of the Moon's centre, east and north of the axis of the shadow, in degrees.

    Radii are those at greatest eclipse. ``east`` and ``north`` (n,) are at the instants asked for.
    """

    east: Floats
    north: Floats
    moon: float
    umbra: float
    penumbra: float


def moon_in_shadow(sky: Sky, greatest: float, days: Floats) -> MoonInShadow:
    """Return where the Moon stands in the shadow at ``days``.

    Frame: geocentric, apparent, true equator of date; the centre is opposite the Sun.
    Time scale in: TT.    Units: degrees.    Source: as astronomy.finders.lunar_shadow.
    """
    shadow = confirmed_shadow(sky.confirmed(_BODIES, np.array([greatest])))
    opposite = -equator_vectors(sky, "sun", days)
    east, north = offsets_deg(opposite, equator_vectors(sky, "moon", days))
    moon, umbra, penumbra = (
        float(np.degrees(radius[0])) for radius in (shadow.moon, shadow.umbra, shadow.penumbra)
    )
    return MoonInShadow(east, north, moon, umbra, penumbra)
