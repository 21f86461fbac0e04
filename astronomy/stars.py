"""The bright stars that the Moon passes, from the Hipparcos Catalogue."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Final

import numpy as np
from skyfield.api import Star

from astronomy.timescales import Floats

# Epoch of the Hipparcos Catalogue, J1991.25, as a Julian date and in days from J2000.0.
_EPOCH_JD: Final = 2_448_349.0625
_EPOCH_DAYS: Final = _EPOCH_JD - 2_451_545.0
# Typical standard errors of the catalogue's bright stars (ESA SP-1200, vol. 1, table 3.2.3).
_PLACE_ERROR_ARCSEC: Final = 0.001
_MOTION_ERROR_ARCSEC: Final = 0.001  # a year
# Samples of a star hold the light deflection of none and the aberration of the Earth's year.
BLOCK_DAYS: Final = 8
BLOCK_NODES: Final = 10
_OBLIQUITY_RAD: Final = float(np.radians(23.4393))


@dataclass(frozen=True, slots=True)
class CatalogueStar:
    """A star with its Hipparcos number and where it is."""

    code: str
    hip: int
    star: Star
    longitude_deg: float

    def uncertainty_arcsec(self, days: Floats) -> Floats:
        """Return the error of place and of the proper motion since the catalogue's epoch."""
        years = (days - _EPOCH_DAYS) / 365.25
        return np.hypot(_PLACE_ERROR_ARCSEC, _MOTION_ERROR_ARCSEC * years)


def _catalogue_star(row: Mapping[str, str]) -> CatalogueStar:
    numbers = {name: float(value) for name, value in row.items() if name not in ("code", "hip")}
    star = Star(
        ra_hours=numbers["ra_deg"] / 15.0,
        dec_degrees=numbers["dec_deg"],
        ra_mas_per_year=numbers["ra_mas_per_year"],
        dec_mas_per_year=numbers["dec_mas_per_year"],
        parallax_mas=numbers["parallax_mas"],
        epoch=_EPOCH_JD,
    )
    ra, dec = np.radians(numbers["ra_deg"]), np.radians(numbers["dec_deg"])
    east = np.sin(ra) * np.cos(_OBLIQUITY_RAD) + np.tan(dec) * np.sin(_OBLIQUITY_RAD)
    longitude_deg = float(np.degrees(np.arctan2(east, np.cos(ra)))) % 360.0
    return CatalogueStar(row["code"], int(row["hip"]), star, longitude_deg)


def _read() -> dict[str, CatalogueStar]:
    text = files("astronomy").joinpath("data/stars.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines()[1:])
    return {row["code"]: _catalogue_star(row) for row in rows}


STARS: Final[Mapping[str, CatalogueStar]] = MappingProxyType(_read())
