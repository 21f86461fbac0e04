"""A place on the Earth, checked: the one that positions and the local sky share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple

from skyfield.toposlib import GeographicPosition, wgs84


class Limits(NamedTuple):
    """The least and the greatest value that is allowed."""

    least: float
    most: float


# The elevation: from the shore of the Dead Sea, with a margin, to the summit of Everest.
LIMITS: Final[Mapping[str, Limits]] = MappingProxyType(
    {
        "lat_deg": Limits(-90.0, 90.0),
        "lon_deg": Limits(-180.0, 180.0),
        "elevation_m": Limits(-500.0, 9000.0),
        "horizon_deg": Limits(-10.0, 45.0),
    }
)


@dataclass(frozen=True, slots=True)
class Place:
    """A place on WGS 84: latitude north positive, longitude east positive, height
    above the ellipsoid in metres.

    ``horizon_deg`` is the apparent altitude of the visible horizon: positive behind mountains,
    negative for a sea seen from above. The elevation moves the observer, not the horizon.

    Raises: ValueError naming the limits.
    """

    lat_deg: float
    lon_deg: float
    elevation_m: float = 0.0
    horizon_deg: float = 0.0

    def __post_init__(self) -> None:
        for name, (least, most) in LIMITS.items():
            value = getattr(self, name)
            if not least <= value <= most:  # not a number is outside as well
                raise ValueError(f"{name} is {value}; it must be from {least:g} to {most:g}.")

    def geographic(self) -> GeographicPosition:
        """Return the place as Skyfield has it."""
        return wgs84.latlon(self.lat_deg, self.lon_deg, elevation_m=self.elevation_m)
