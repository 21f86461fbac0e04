"""What the clocks show: Julian dates and sidereal time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from skyfield.timelib import Time

from astronomy.constants import DAY_MS, J2000_JD
from astronomy.observer.place import Place
from astronomy.timescales import Floats, delta_t_seconds, utc_milliseconds

HOUR_DEG: Final = 15.0


@dataclass(frozen=True, slots=True)
class Clocks:
    """Julian dates and sidereal times at n instants, each an array (n,).

    ``jd_utc`` is UTC from 1972 and UT1 before; ``last_deg`` is local apparent sidereal time, None
    without a place.
    """

    jd_tt: Floats
    jd_utc: Floats
    jd_ut1: Floats
    delta_t_s: Floats
    gmst_deg: Floats
    gast_deg: Floats
    last_deg: Floats | None


def clocks_at(moment: Time, days: Floats, place: Place | None = None) -> Clocks:
    """Return the clocks at ``moment``, which Skyfield made from ``days`` (TT since J2000.0).

    Sidereal time: GMST by the IAU 2006 precession, GAST with the equation of the equinoxes
    (IAU 2000A), both as Skyfield computes them.    Units: degrees; seconds of Delta T.
    """
    timescale = moment.ts
    utc_days = utc_milliseconds(timescale, days) / DAY_MS
    return Clocks(
        jd_tt=J2000_JD + days,
        jd_utc=J2000_JD + utc_days,
        jd_ut1=np.asarray(moment.ut1, dtype=np.float64),
        delta_t_s=delta_t_seconds(timescale, days),
        gmst_deg=np.asarray(moment.gmst * HOUR_DEG),
        gast_deg=np.asarray(moment.gast * HOUR_DEG),
        last_deg=None if place is None else _local_sidereal_deg(place, moment),
    )


def _local_sidereal_deg(place: Place, moment: Time) -> Floats:
    return np.asarray(place.geographic().lst_hours_at(moment) * HOUR_DEG)
