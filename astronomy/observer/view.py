"""The sampled sky seen from a place, and Skyfield's own view of it to confirm with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from skyfield.constants import C_AUDAY

from astronomy.bodies import BODIES
from astronomy.constants import AU_KM
from astronomy.ephemeris import CHUNK, quick_time
from astronomy.finders.besselian import equatorial
from astronomy.finders.solar_circumstances import EARTH_ROTATION_RAD
from astronomy.observer.place import Place
from astronomy.sampling import Sky
from astronomy.stars import STARS
from astronomy.timescales import Floats

# Mean radius of the Moon, IAU 2015 WGCCRE: what Skyfield's rising and setting use.
MOON_RADIUS_AU: Final = 1737.4 / AU_KM
# So far that the place of the observer on the Earth makes no difference.
_FAR_AU: Final = 1e9


@dataclass(frozen=True, slots=True)
class Seen:
    """Where a body stands at n instants, from one direct Skyfield evaluation.

    ``vector_au`` (3, n) is topocentric, apparent, east, north and up; no refraction.
    """

    vector_au: Floats
    hour_angle_deg: Floats

    @property
    def altitude_deg(self) -> Floats:
        """Return the geometric altitude of the centre."""
        return altitude_deg(self.vector_au)

    @property
    def azimuth_deg(self) -> Floats:
        """Return the azimuth from north over east, 0 to 360."""
        return np.asarray(np.degrees(np.arctan2(self.vector_au[0], self.vector_au[1])) % 360.0)


class View:
    """The sky over one place. Topocentric vectors are (3, n): east, north and up, in au.

    Frame: topocentric, apparent (light time and aberration, no deflection, no refraction), WGS 84.
    Time scale: days of TT since J2000.0.    Tolerance of samples against Skyfield: 2 mas, and
    0.4 arcseconds for the Moon, whose parallax is taken after the aberration instead of before.
    """

    def __init__(self, sky: Sky, place: Place) -> None:
        self.sky = sky
        self.place = place
        self._site = place.geographic()
        self._site_au = np.asarray(self._site.itrs_xyz.au, dtype=np.float64)
        # Aberration by the Earth's rotation: the speed of the place over that of light.
        from_axis_au = float(np.hypot(self._site_au[0], self._site_au[1]))
        self._eastward = from_axis_au * EARTH_ROTATION_RAD / float(C_AUDAY)

    @cached_property
    def _axes(self) -> Floats:
        """Return east, north and up as rows in the Earth-fixed frame."""
        latitude, longitude = np.radians((self.place.lat_deg, self.place.lon_deg))
        sine, cosine = np.sin(longitude), np.cos(longitude)
        east = (-sine, cosine, 0.0)
        north = (-np.sin(latitude) * cosine, -np.sin(latitude) * sine, np.cos(latitude))
        up = (np.cos(latitude) * cosine, np.cos(latitude) * sine, np.sin(latitude))
        return np.array((east, north, up))

    def vector_au(self, body: str, days: Floats) -> Floats:
        """Return the sampled topocentric vectors of ``body``."""
        return np.asarray(self._axes @ self._earth_fixed_au(body, days))

    def altitude_deg(self, body: str, days: Floats) -> Floats:
        """Return the sampled altitude of the centre of ``body``."""
        return altitude_deg(self.vector_au(body, days))

    def hour_angle_deg(self, body: str, days: Floats) -> Floats:
        """Return the sampled hour angle of ``body``, west positive."""
        x, y, _ = self._earth_fixed_au(body, days)
        return np.asarray(self.place.lon_deg - np.degrees(np.arctan2(y, x)))

    def confirmed(self, body: str, days: Floats) -> Seen:
        """Return where Skyfield itself sees ``body``, as its own search for risings does.

        Light time, aberration and IAU 2000B nutation are in, deflection is not.
        """
        starts = range(0, max(len(days), 1), CHUNK)
        parts = [self._confirmed_chunk(body, days[at : at + CHUNK]) for at in starts]
        return Seen(
            np.concatenate([part.vector_au for part in parts], axis=1),
            np.concatenate([part.hour_angle_deg for part in parts]),
        )

    def _confirmed_chunk(self, body: str, days: Floats) -> Seen:
        ephemeris = self.sky.ephemeris
        moment = quick_time(ephemeris.timescale, days)
        observer = ephemeris.kernel["earth"] + self._site
        observed = observer.at(moment).observe(self._target(body))
        apparent = observed.apparent(deflectors=())
        north, east, up = apparent.frame_xyz(self._site).au
        hour_angle, _, _ = apparent.hadec()
        return Seen(np.stack((east, north, up)), np.asarray(hour_angle.degrees))

    def fixed_vector_au(self, icrs: Floats, days: Floats) -> Floats:
        """Return the vectors of a direction among the stars: a unit vector (3,) on ICRS axes.

        For a radiant, whose place is known to a degree: its aberration is left out.
        """
        geocentric = np.einsum("ijn,j->in", self.sky.frame(days), icrs * _FAR_AU)
        return np.asarray(self._axes @ self._turned(geocentric, days))

    def _target(self, body: str) -> Any:  # Skyfield is untyped
        if body in STARS:
            return STARS[body].star
        return self.sky.ephemeris.kernel[BODIES[body].kernel_name]

    def _earth_fixed_au(self, body: str, days: Floats) -> Floats:
        """Return topocentric vectors in the frame that turns with the Earth."""
        return self._turned(self.sky.vector_au(body, days), days)

    def _turned(self, geocentric_au: Floats, days: Floats) -> Floats:
        obliquity, turn = self.sky.orientation_rad(days)
        x, y, z = equatorial(geocentric_au, obliquity)
        cosine, sine = np.cos(turn), np.sin(turn)
        fixed = np.stack((x * cosine + y * sine, y * cosine - x * sine, z))
        fixed -= self._site_au[:, None]
        aberration = np.linalg.norm(fixed, axis=0) * self._eastward
        return np.asarray(fixed + aberration * self._axes[0][:, None])


def altitude_deg(vectors: Floats) -> Floats:
    """Return the altitude of vectors (3, n): east, north and up."""
    return np.asarray(np.degrees(np.arctan2(vectors[2], np.hypot(vectors[0], vectors[1]))))
