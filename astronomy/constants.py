"""Physical constants, each with its unit and its source."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from skyfield.constants import AU_KM as _AU_KM
from skyfield.constants import DAY_S as _DAY_S

AU_KM: Final = float(_AU_KM)  # IAU 2012 resolution B2
DAY_S: Final = float(_DAY_S)
DAY_MS: Final = 86_400_000

# Julian date (TT) of the epoch J2000.0, 2000 January 1, 12h.
J2000_JD: Final = 2_451_545.0

# Equatorial radius and flattening of the Earth: WGS 84 (NIMA TR8350.2, 2000).
EARTH_RADIUS_KM: Final = 6378.137
EARTH_FLATTENING: Final = 1.0 / 298.257223563

# Apparent semidiameter of the Sun at 1 au: Auwers (1891), as in the Astronomical Almanac and in
# Espenak and Meeus, Five Millennium Canon of Solar Eclipses, NASA/TP-2006-214141, section 1.
SUN_SEMIDIAMETER_ARCSEC: Final = 959.63

# Mean radii of planets: IAU Working Group on Cartographic Coordinates (Archinal et al. 2018).
PLANET_RADIUS_KM: Final[Mapping[str, float]] = MappingProxyType(
    {
        "mercury": 2439.4,
        "venus": 6051.8,
    }
)

# Radius of the Moon in equatorial radii of the Earth. The mean radius (IAU 1982) bounds the
# penumbra; the radius to the bottom of the valleys of the limb bounds the umbra. Espenak and
# Meeus, NASA/TP-2006-214141, section 1.
MOON_RADIUS_PENUMBRA: Final = 0.2725076
MOON_RADIUS_UMBRA: Final = 0.272281

# Mean distance of the Moon, km: the constant term of Meeus, Astronomical Algorithms (1998), ch. 47.
# It only says what is near and far; it places nothing.
MOON_MEAN_DISTANCE_KM: Final = 385_000.56

# Mean synodic month, days: Meeus, Astronomical Algorithms (1998), ch. 49. It only counts
# lunations; it places nothing in time.
SYNODIC_MONTH_D: Final = 29.530588861
# Mean tropical year, days: Meeus, Astronomical Algorithms (1998), ch. 27. It only counts years.
TROPICAL_YEAR_D: Final = 365.24219

# The span of the product: civil dates, start inclusive, end exclusive.
SPAN_START: Final = "1900-01-01"
SPAN_END: Final = "2101-01-01"
