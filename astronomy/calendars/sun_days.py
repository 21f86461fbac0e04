"""When the Sun rises and sets on many civil days, for calendars that begin the day with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from astronomy.observer.levels import horizon_level
from astronomy.observer.place import Place
from astronomy.observer.view import View
from astronomy.sampling import Sky
from astronomy.search import refine_roots, wrapped_deg
from astronomy.timescales import Floats, Ints

_EPOCH: Final = date(2000, 1, 1)
# TT minus UTC within a minute: it only says near which noon to look.
_TT_DAYS: Final = 0.0008


@dataclass(frozen=True, slots=True)
class SunDays:
    """Sunrise, sunset and the next sunrise; not a number where there is none."""

    rise: Floats
    set: Floats
    next_rise: Floats


def noon_days(days: Sequence[date], zone: timedelta) -> Floats:
    """Return about when it is noon in a zone on each day, TT days since J2000.0."""
    numbers = np.array([(day - _EPOCH).days for day in days], dtype=np.float64)
    return numbers - zone / timedelta(days=1) + _TT_DAYS


def sun_days(sky: Sky, place: Place, noons: Floats) -> SunDays:
    """Return rise and set about the solar noon nearest to each of the ``noons``.

    The Sun rises and sets with its upper limb on the horizon, 34 arcminutes of refraction.

    Frame: topocentric, apparent.    Time scale in and out: TT, days since J2000.0.
    Tolerance: 1 ms below 66 degrees of latitude.    Source: as observer.events.
    """
    view = View(sky, place)
    level_deg = horizon_level("sun", place).altitude_deg
    noon, following = _solar_noon(view, noons), _solar_noon(view, noons + 1.0)

    def clearance_deg(days: Floats, _which: Ints) -> Floats:
        return view.altitude_deg("sun", days) - level_deg

    def passages(left: Floats, right: Floats) -> Floats:
        passes = (clearance_deg(left, _NONE) > 0.0) != (clearance_deg(right, _NONE) > 0.0)
        found = np.full(len(left), np.nan)
        found[passes] = refine_roots(clearance_deg, left[passes], right[passes])
        return found

    return SunDays(
        passages(noon - 0.5, noon), passages(noon, noon + 0.5), passages(following - 0.5, following)
    )


_NONE: Final = np.empty(0, dtype=np.int64)


def _solar_noon(view: View, near: Floats) -> Floats:
    return np.asarray(near - wrapped_deg(view.hour_angle_deg("sun", near)) / 360.0)
