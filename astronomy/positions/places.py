"""A place on the Earth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from skyfield.toposlib import GeographicPosition, wgs84

LATITUDE_LIMIT_DEG: Final = 90.0
LONGITUDE_LIMIT_DEG: Final = 180.0
# From the shore of the Dead Sea, with a margin, to the summit of Everest.
ELEVATION_LEAST_M: Final = -500.0
ELEVATION_MOST_M: Final = 9000.0


@dataclass(frozen=True, slots=True)
class Place:
    """A place by WGS 84 latitude and longitude (east positive), and height above the ellipsoid.

    Raises: ValueError, also for NaN, naming the limits.
    """

    lat_deg: float
    lon_deg: float
    elevation_m: float = 0.0

    def __post_init__(self) -> None:
        _within("latitude", self.lat_deg, -LATITUDE_LIMIT_DEG, LATITUDE_LIMIT_DEG, "degrees")
        _within("longitude", self.lon_deg, -LONGITUDE_LIMIT_DEG, LONGITUDE_LIMIT_DEG, "degrees")
        _within("elevation", self.elevation_m, ELEVATION_LEAST_M, ELEVATION_MOST_M, "metres")

    def geographic(self) -> GeographicPosition:
        """Return the place as Skyfield has it."""
        return wgs84.latlon(self.lat_deg, self.lon_deg, elevation_m=self.elevation_m)


def _within(name: str, value: float, least: float, most: float, unit: str) -> None:
    if not least <= value <= most:
        raise ValueError(f"The {name} must be from {least:g} to {most:g} {unit}, not {value:g}.")
