"""Reference frames, all right-handed: x to the equinox, z to the north pole, y a quarter east."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from skyfield.framelib import (
    ICRS,
    ecliptic_frame,
    ecliptic_J2000_frame,
    true_equator_and_equinox_of_date,
)
from skyfield.functions import mxv, to_spherical
from skyfield.timelib import Time

from astronomy.timescales import Floats

HANDEDNESS: Final = "right"


class Frame(StrEnum):
    """The frame of the vectors.

    The equatorial frame of J2000 has the axes of the ICRF, which lie within 0.02 arcseconds of
    the mean equator and equinox of J2000.0; the ecliptic one is turned from it about x by
    84381.448 arcseconds (IAU 1976), as in JPL Horizons. Those of date are true: precession and
    IAU 2000A nutation are in.
    """

    ECLIPTIC_J2000 = "ecliptic_j2000"
    EQUATORIAL_J2000 = "equatorial_j2000"
    ECLIPTIC_DATE = "ecliptic_date"
    EQUATORIAL_DATE = "equatorial_date"

    @property
    def equatorial(self) -> Frame:
        """Return the equatorial frame of the same epoch."""
        return Frame.EQUATORIAL_DATE if self.of_date else Frame.EQUATORIAL_J2000

    @property
    def ecliptic(self) -> Frame:
        """Return the ecliptic frame of the same epoch."""
        return Frame.ECLIPTIC_DATE if self.of_date else Frame.ECLIPTIC_J2000

    @property
    def of_date(self) -> bool:
        """Say whether the frame turns with the Earth's axis."""
        return self in {Frame.ECLIPTIC_DATE, Frame.EQUATORIAL_DATE}


_SKYFIELD: Final[Mapping[Frame, Any]] = MappingProxyType(
    {
        Frame.ECLIPTIC_J2000: ecliptic_J2000_frame,
        Frame.EQUATORIAL_J2000: ICRS(),
        Frame.ECLIPTIC_DATE: ecliptic_frame,
        Frame.EQUATORIAL_DATE: true_equator_and_equinox_of_date(),
    }
)


def rotation(frame: Frame, moment: Time) -> Floats:
    """Return the matrix, (3, 3) or (3, 3, n), that turns ICRF vectors into ``frame``."""
    return np.asarray(_SKYFIELD[frame].rotation_at(moment), dtype=np.float64)


def rotated(icrf_au: Floats, frame: Frame, moment: Time) -> Floats:
    """Return ICRF vectors (3, n) in ``frame``."""
    return np.asarray(mxv(rotation(frame, moment), icrf_au), dtype=np.float64)


def direction_deg(vectors: Floats) -> tuple[Floats, Floats]:
    """Return longitude (0 to 360) and latitude (-90 to 90 degrees) of vectors (3, n)."""
    _distance, latitude_rad, longitude_rad = to_spherical(vectors)
    return np.degrees(longitude_rad) % 360.0, np.degrees(latitude_rad)


def flipped_z(vectors: Floats) -> Floats:
    """Return vectors (3, n) for a left-handed scene: z is negated, once, and nothing else.

    It is its own inverse. The service itself never answers in a left-handed frame.
    """
    return np.asarray(vectors * np.array([1.0, 1.0, -1.0]).reshape(3, *[1] * (vectors.ndim - 1)))
