"""The bright stars that the Moon can cover: catalogue positions, observed by Skyfield."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from skyfield.api import Star

# Right ascension (hours) and declination (degrees), ICRS at epoch J2000.0, proper motions (mas a
# year) and parallax (mas): Hipparcos Catalogue (ESA 1997, SP-1200). Alcyone stands for the
# Pleiades.
STARS: Final[Mapping[str, Any]] = MappingProxyType(  # Skyfield is untyped
    {
        code: Star(
            ra_hours=ra_hours,
            dec_degrees=dec_degrees,
            ra_mas_per_year=ra_mas,
            dec_mas_per_year=dec_mas,
            parallax_mas=parallax_mas,
        )
        for code, ra_hours, dec_degrees, ra_mas, dec_mas, parallax_mas in (
            ("alcyone", 3.7914102, 24.1051372, 19.35, -43.11, 8.87),
            ("aldebaran", 4.598677406768, 16.509301389940, 62.78, -189.36, 50.09),
            ("regulus", 10.139530740153, 11.967207063348, -249.40, 4.91, 42.09),
            ("spica", 13.419883133996, -11.161322031509, -42.50, -31.73, 12.44),
            ("antares", 16.490128030848, -26.432002493192, -10.16, -23.21, 5.40),
        )
    }
)
# How finely a star's apparent direction is sampled: aberration and nutation move it slowly.
STAR_BLOCK_DAYS: Final = 32
STAR_BLOCK_NODES: Final = 16
# Of a Hipparcos position a century from its epoch.
STAR_UNCERTAINTY_ARCSEC: Final = 0.1
