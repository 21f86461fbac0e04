"""Plain Skyfield, evaluated at our instants: an independent route over the same ephemeris."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from skyfield.framelib import ecliptic_frame
from skyfield.timelib import Time

from astronomy.bodies import BODIES
from astronomy.occurrence import Occurrence
from astronomy.sampling import Sky
from astronomy.stars import STARS
from astronomy.timescales import Floats


def times_of(sky: Sky, found: Sequence[Occurrence], shift_s: float = 0.0) -> Time:
    """Return the instants of occurrences, shifted."""
    jd1, jd2 = np.array([(each.tt_jd1, each.tt_jd2) for each in found]).T
    return sky.timescale.tt_jd(jd1, jd2 + shift_s / 86400.0)


def apparent(sky: Sky, body: str, time: Time) -> object:
    """Return Skyfield's apparent geocentric position."""
    kernel = sky.ephemeris.kernel
    target = STARS[body].star if body in STARS else kernel[BODIES[body].kernel_name]
    return kernel["earth"].at(time).observe(target).apparent()


def longitude_deg(sky: Sky, body: str, time: Time) -> Floats:
    """Return the longitude in the true ecliptic and equinox of date."""
    position = apparent(sky, body, time)
    return np.asarray(position.frame_latlon(ecliptic_frame)[1].degrees)  # type: ignore[attr-defined]


def right_ascension_deg(sky: Sky, body: str, time: Time) -> Floats:
    """Return the right ascension in the true equator and equinox of date."""
    return np.asarray(apparent(sky, body, time).radec("date")[0].degrees)  # type: ignore[attr-defined]


def separation_deg(sky: Sky, first: str, second: str, time: Time) -> Floats:
    """Return the angle between two bodies."""
    one, other = apparent(sky, first, time), apparent(sky, second, time)
    return np.asarray(one.separation_from(other).degrees)  # type: ignore[attr-defined]


def wrapped(angle_deg: Floats) -> Floats:
    return np.asarray((angle_deg + 180.0) % 360.0 - 180.0)
