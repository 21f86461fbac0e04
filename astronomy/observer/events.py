"""Rise, set, transit, twilights and golden hour at a place."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from astronomy.bodies import BODIES
from astronomy.finders.build import utc_datetimes
from astronomy.finders.window import Window, open_window
from astronomy.observer.crossings import find_passages
from astronomy.observer.levels import TRANSIT, body_levels, level_altitude_deg, limb_altitude_deg
from astronomy.observer.place import Place
from astronomy.observer.view import Seen, View
from astronomy.sampling import Sky
from astronomy.search import find_crossings, slope, wrapped_deg
from astronomy.timescales import Floats, format_utc

# Samples and Skyfield agree to milliarcseconds; only a body that grazes a level, and so has no
# definite instant, would be moved farther.
_MOST_STEP_DAYS: Final = 5.0 / 86_400.0
_TRANSIT_STEP_DAYS: Final = 0.25
# The sky turns once a day: degrees of hour angle a day, for a correction of microseconds.
_HOUR_ANGLE_RATE: Final = 360.0


@dataclass(frozen=True, slots=True)
class SkyEvent:
    """One rise, set, transit or twilight: when, and where in the sky the body then stands.

    Altitude and azimuth are those of the centre, without refraction.
    """

    utc: datetime
    body: str
    event: str
    altitude_deg: float
    azimuth_deg: float

    def to_json(self) -> dict[str, str]:
        """Return the event as the JSON object that ``python -m astronomy sky`` prints."""
        return {"utc": format_utc(self.utc), "body": self.body, "event": self.event}


def find_sky_events(
    sky: Sky, place: Place, start: datetime, end: datetime, bodies: Collection[str]
) -> list[SkyEvent]:
    """Return what ``bodies`` do over ``place`` in ``[start, end)``, oldest first.

    A body rises and sets when its upper limb (a planet: its centre) is on the horizon, with 34
    arcminutes of refraction and 16 of the Sun's semidiameter; the Moon's is that of the moment.
    It transits when its hour angle is zero. Twilights begin and end with the Sun's centre 6, 12
    and 18 degrees below the horizon, the golden hour with it 4 below and 6 above.

    Frame: topocentric, apparent, WGS 84.    Time scale in: UTC (UT1 before 1972), and out.
    Units: degrees.    Shape: one event a passage.    Tolerance: 1 ms, grazing apart.
    Raises: EphemerisRangeError outside the span; ValueError for an inverted window, a moment
    without zone or an unknown body.
    Source: Explanatory Supplement (2013), ch. 12; checked against the US Naval Observatory.
    """
    window = open_window(sky.ephemeris, start, end)
    unknown = sorted(set(bodies) - set(BODIES))
    if unknown:
        raise ValueError(f"Unknown body {', '.join(unknown)}; the bodies are {', '.join(BODIES)}.")
    view = View(sky, place)
    found = [
        event
        for body in BODIES
        if body in bodies
        for event in (*_passages(view, body, window), *_transits(view, body, window))
    ]
    inside = (event for event in found if window.start <= event.utc < window.end)
    return sorted(inside, key=lambda event: (event.utc, event.body, event.event))


def _passages(view: View, body: str, window: Window) -> Iterator[SkyEvent]:
    levels = body_levels(body, view.place)
    levels_deg = np.array([level.altitude_deg for level in levels])

    def altitude_deg(days: Floats) -> Floats:
        return level_altitude_deg(view, body, days)

    passages = find_passages(
        altitude_deg,
        levels_deg,
        window.start_days,
        window.end_days,
        lat_deg=view.place.lat_deg,
    )
    seen = view.confirmed(body, passages.days)
    clearance_deg = limb_altitude_deg(body, seen.vector_au) - levels_deg[passages.level]
    days = _corrected(passages.days, clearance_deg, slope(altitude_deg, passages.days))
    names = [
        levels[level].rising if rising else levels[level].falling
        for level, rising in zip(passages.level, passages.rising, strict=True)
    ]
    return _events(view, body, names, days, seen)


def _transits(view: View, body: str, window: Window) -> Iterator[SkyEvent]:
    found = find_crossings(
        lambda days: view.hour_angle_deg(body, days),
        window.start_days,
        window.end_days,
        step_days=_TRANSIT_STEP_DAYS,
        spacing_deg=360.0,
    )
    seen = view.confirmed(body, found.days)
    rate = np.full(len(found.days), _HOUR_ANGLE_RATE)
    days = _corrected(found.days, wrapped_deg(seen.hour_angle_deg), rate)
    return _events(view, body, [TRANSIT] * len(days), days, seen)


def _corrected(days: Floats, residual: Floats, rate_per_day: Floats) -> Floats:
    """Return the instants after one bounded Newton step from the direct evaluation."""
    moving = np.where(rate_per_day == 0.0, np.inf, rate_per_day)
    return days - np.clip(residual / moving, -_MOST_STEP_DAYS, _MOST_STEP_DAYS)


def _events(
    view: View, body: str, names: list[str], days: Floats, seen: Seen
) -> Iterator[SkyEvent]:
    moments = utc_datetimes(view.sky, days)
    altitudes = np.round(seen.altitude_deg, 3).tolist()
    azimuths = np.round(seen.azimuth_deg, 3).tolist()
    for moment, name, altitude, azimuth in zip(moments, names, altitudes, azimuths, strict=True):
        yield SkyEvent(moment, body, name, altitude, azimuth)
