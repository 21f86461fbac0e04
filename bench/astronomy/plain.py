"""Positions as Skyfield's documentation asks for them, and its searches over functions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from skyfield import almanac
from skyfield.framelib import ecliptic_frame
from skyfield.searchlib import EPSILON, find_maxima, find_minima

from astronomy.bodies import BODIES
from astronomy.ephemeris import Ephemeris
from astronomy.stars import STARS
from astronomy.timescales import Floats
from bench.astronomy.shared import J2000_JD

_ALONE_DAYS: Final = 1.0
HALF_TURN_DEG: Final = 180.0


class Plain:
    """A kernel, a window and the searches of `almanac` and `searchlib` in it."""

    def __init__(self, ephemeris: Ephemeris, first: int, last: int) -> None:
        self.kernel: Any = ephemeris.kernel
        self.start: Any = ephemeris.timescale.utc(first)
        self.end: Any = ephemeris.timescale.utc(last)

    def target(self, body: str) -> Any:
        """Return what Skyfield observes for one of our names."""
        return STARS[body].star if body in STARS else self.kernel[BODIES[body].kernel_name]

    def apparent(self, body: str, time: Any) -> Any:
        """Return the apparent place from the geocentre."""
        return self.kernel["earth"].at(time).observe(self.target(body)).apparent()

    def longitude_deg(self, body: str, time: Any) -> Floats:
        """Return the longitude in the true ecliptic of date."""
        degrees: Floats = self.apparent(body, time).frame_latlon(ecliptic_frame)[1].degrees
        return degrees

    def right_ascension_deg(self, body: str, time: Any) -> Floats:
        """Return the right ascension of date."""
        ra, _, _ = self.apparent(body, time).radec("date")
        degrees: Floats = ra._degrees  # noqa: SLF001 - its public name insists on hours
        return degrees

    def ahead_deg(self, first: str, second: str, time: Any) -> Floats:
        """Return how far ``first`` is ahead of ``second`` in longitude, 0 to 360."""
        return (self.longitude_deg(first, time) - self.longitude_deg(second, time)) % 360.0

    def separation_deg(self, first: str, second: str, time: Any) -> Floats:
        """Return the angle between two bodies."""
        degrees: Floats = (
            self.apparent(first, time).separation_from(self.apparent(second, time)).degrees
        )
        return degrees

    def declination_deg(self, body: str, time: Any) -> Floats:
        """Return the declination of date."""
        degrees: Floats = self.apparent(body, time).radec("date")[1].degrees
        return degrees

    def astrometric(self, body: str, time: Any) -> Any:
        """Return the place from the geocentre without aberration."""
        return self.kernel["earth"].at(time).observe(self.target(body))

    def time(self, days: float) -> Any:
        """Return Skyfield's time of days of TT since J2000.0."""
        return self.start.ts.tt_jd(J2000_JD, days)

    def changes(
        self, function: Any, step_days: float, epsilon_days: float = EPSILON
    ) -> Iterator[tuple[float, int]]:
        """Return when a whole-numbered function changes, and what it then is."""
        function.step_days = step_days
        times, values = almanac.find_discrete(self.start, self.end, function, epsilon_days)
        return zip(days_of(times), np.asarray(values).tolist(), strict=True)

    def extremes(
        self, function: Any, step_days: float, *, greatest: bool
    ) -> Iterator[tuple[float, float]]:
        """Return when a function is greatest or least, and how great it then is."""
        function.step_days = step_days
        search = find_maxima if greatest else find_minima
        times, values = search(self.start, self.end, function)
        # Where a function is flat, the search may return several instants of one extreme.
        alone = np.diff(times.tt, prepend=-np.inf) > _ALONE_DAYS if len(times) else []
        found = zip(days_of(times), np.asarray(values).tolist(), alone, strict=True)
        return ((days, value) for days, value, is_alone in found if is_alone)


def days_of(times: Any) -> list[float]:
    """Return days of TT since J2000.0."""
    days: list[float] = (np.atleast_1d(times.tt) - J2000_JD).tolist() if len(times) else []
    return days
