"""Where the bodies of an event stand over a place at its instant, and how dark it is."""

from __future__ import annotations

from typing import Final

import numpy as np

from astronomy.bodies import BODIES
from astronomy.finders.build import utc_datetimes
from astronomy.observer.circumstances import BodyPlace, InstantCircumstances, Twilight
from astronomy.observer.levels import horizon_level
from astronomy.observer.sightings import Sighting
from astronomy.observer.view import View, altitude_deg
from astronomy.stars import STARS
from astronomy.timescales import Floats, format_utc

RADIANT: Final = "radiant"
_TWILIGHTS: Final[tuple[tuple[float, Twilight], ...]] = (
    (-6.0, "civil_twilight"),
    (-12.0, "nautical_twilight"),
    (-18.0, "astronomical_twilight"),
)


def instant_circumstances(view: View, sighting: Sighting) -> InstantCircumstances:
    """Return where the bodies of an event stand at its instant, and the Sun's altitude.

    Of a meteor shower it is the radiant. What has no place in the sky, as the Earth, is left out.

    Frame: topocentric, apparent, WGS 84; altitudes without refraction.    Units: degrees.
    Time scale out: UTC (UT1 before 1972).    Tolerance: 0.01 degree.
    """
    days = np.array([sighting.days])
    sun_deg = float(view.confirmed("sun", days).altitude_deg[0])
    bodies = [
        _placed(view, body, view.confirmed(body, days).vector_au)
        for body in sighting.bodies
        if body in BODIES or body in STARS
    ]
    if sighting.radiant is not None:
        bodies.append(_placed(view, RADIANT, view.fixed_vector_au(sighting.radiant, days)))
    return InstantCircumstances(
        utc=format_utc(utc_datetimes(view.sky, days)[0]),
        sun_altitude_deg=round(sun_deg, 2) + 0.0,  # no minus zero
        twilight=_twilight(view, sun_deg),
        bodies=bodies,
    )


def _placed(view: View, body: str, vector_au: Floats) -> BodyPlace:
    altitude = float(altitude_deg(vector_au)[0])
    azimuth = float(np.degrees(np.arctan2(vector_au[0], vector_au[1]))[0])
    return BodyPlace(
        body=body,
        altitude_deg=round(altitude, 2) + 0.0,
        azimuth_deg=round(azimuth % 360.0, 2) % 360.0,
        above_horizon=altitude >= horizon_level(body, view.place).altitude_deg,
    )


def _twilight(view: View, sun_deg: float) -> Twilight:
    if sun_deg >= horizon_level("sun", view.place).altitude_deg:
        return "day"
    return next((name for least, name in _TWILIGHTS if sun_deg >= least), "night")
