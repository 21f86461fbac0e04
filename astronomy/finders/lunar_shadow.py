"""The Earth's shadow at the Moon's distance, enlarged by 1/50.

The radii of umbra and penumbra are 1.02 (0.998340 p + q -+ s), with p and q the equatorial
horizontal parallaxes of Moon and Sun and s the Sun's semidiameter: Chauvenet's enlargement by
1/50 for the atmosphere over an Earth of the radius at 45 degrees of latitude. It is the model of
the Astronomical Almanac and of the tables this family is checked against.

Source: Espenak and Meeus, Five Millennium Canon of Lunar Eclipses, NASA/TP-2009-214172, section
1.6, equations 1-3 and 1-4; there too the rule of Danjon, here only to flag borderline cases.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from astronomy.constants import MOON_RADIUS_PENUMBRA
from astronomy.ephemeris import ApparentSky
from astronomy.finders.besselian import EARTH_RADIUS_AU, SUN_RADIUS, equatorial
from astronomy.sampling import Sky
from astronomy.timescales import Floats

SHADOW_MODEL: Final = "chauvenet-1/50"
_ENLARGEMENT: Final = 1.02
_MEAN_EARTH: Final = 0.998340
# Danjon enlarges the Earth, not the shadow: 1 + 1/85 - 1/594, rounded in the canon.
_DANJON_EARTH: Final = 1.01


@dataclass(frozen=True)
class LunarShadow:
    """Moon and shadow at n instants; angles are geocentric, in radians.

    ``apart`` is the distance of the Moon's centre from the axis of the shadow; ``gamma`` is
    that distance in equatorial radii of the Earth, positive where the Moon passes north.
    """

    apart: Floats
    gamma: Floats
    moon: Floats
    umbra: Floats
    penumbra: Floats
    danjon_umbra: Floats
    danjon_penumbra: Floats

    def magnitude(self, shadow: Floats) -> Floats:
        """Return the fraction of the Moon's diameter inside a shadow of that radius."""
        return np.asarray((shadow + self.moon - self.apart) / (2.0 * self.moon))


def sampled_shadow(sky: Sky, days: Floats) -> LunarShadow:
    """Return Moon and shadow from the samples, to search in."""
    obliquity_rad = sky.obliquity_rad(days)
    return _shadow(sky.vector_au("sun", days), sky.vector_au("moon", days), obliquity_rad)


def direct_shadow(sky: Sky, days: Floats) -> LunarShadow:
    """Return Moon and shadow of a direct Skyfield evaluation, without the cost of nutation."""
    vectors = sky.direct_vectors_au(("sun", "moon"), days)
    return _shadow(vectors["sun"], vectors["moon"], sky.obliquity_rad(days))


def confirmed_shadow(apparent: ApparentSky) -> LunarShadow:
    """Return Moon and shadow of a direct Skyfield evaluation."""
    vectors = apparent.vectors_au
    return _shadow(vectors["sun"], vectors["moon"], apparent.obliquity_rad)


def _shadow(sun_au: Floats, moon_au: Floats, obliquity_rad: Floats) -> LunarShadow:
    sun_distance = np.linalg.norm(sun_au, axis=0) / EARTH_RADIUS_AU
    moon_distance = np.linalg.norm(moon_au, axis=0) / EARTH_RADIUS_AU
    sun = equatorial(sun_au, obliquity_rad) / (sun_distance * EARTH_RADIUS_AU)
    moon = equatorial(moon_au, obliquity_rad) / EARTH_RADIUS_AU
    across = moon - np.sum(moon * sun, axis=0) * sun
    from_axis = np.linalg.norm(across, axis=0)
    earth, small = np.arcsin(1.0 / moon_distance), np.arcsin(1.0 / sun_distance)
    disc = np.arcsin(SUN_RADIUS / sun_distance)
    return LunarShadow(
        apart=np.arcsin(from_axis / moon_distance),
        gamma=np.copysign(from_axis, across[2]),
        moon=np.arcsin(MOON_RADIUS_PENUMBRA / moon_distance),
        umbra=_ENLARGEMENT * (_MEAN_EARTH * earth + small - disc),
        penumbra=_ENLARGEMENT * (_MEAN_EARTH * earth + small + disc),
        danjon_umbra=_DANJON_EARTH * earth + small - disc,
        danjon_penumbra=_DANJON_EARTH * earth + small + disc,
    )
