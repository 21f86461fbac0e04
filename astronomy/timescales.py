"""Time scales: TT inside, UTC and UT1 at the border.

Inside the core an instant is a float: days of TT since J2000.0. Near the present that
resolves half a microsecond, where a Julian date in one float resolves 40 microseconds.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray
from skyfield.api import load
from skyfield.earthlib import earth_rotation_angle
from skyfield.timelib import Time, Timescale

from astronomy.constants import DAY_MS, DAY_S, J2000_JD

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

TT_MINUS_TAI_MS: Final = 32_184
# UTC with whole leap seconds begins on 1972-01-01; Julian date of that midnight.
UTC_START_JD: Final = 2_441_317.5

_EPOCH: Final = datetime(2000, 1, 1, 12, tzinfo=UTC)
_UTC_START: Final = datetime(1972, 1, 1, tzinfo=UTC)

# One standard uncertainty of Delta T, seconds, by year: IERS observations up to the present;
# afterwards the spread of published extrapolations (Morrison et al. 2021, Proc. R. Soc. A 477).
_DELTA_T_YEARS: Final = (1900.0, 2027.0, 2030.0, 2050.0, 2100.0)
_DELTA_T_SIGMA_S: Final = (0.1, 0.1, 1.0, 23.0, 107.0)


def open_timescale() -> Timescale:
    """Return a time scale built from the tables that Skyfield carries; it never downloads."""
    return load.timescale(builtin=True)


def time_at(timescale: Timescale, days: Floats) -> Time:
    """Return the Skyfield time of ``days`` (TT since J2000.0) without losing precision."""
    whole = np.floor(days)
    return timescale.tt_jd(J2000_JD + whole, days - whole)


def days_from_datetime(timescale: Timescale, moment: datetime) -> float:
    """Return the days of TT since J2000.0 of an aware ``moment``.

    Time scale in: UTC from 1972 on, UT1 before. Time scale out: TT.    Tolerance: 1 µs.
    """
    since_epoch = (moment - _EPOCH) / timedelta(days=1)
    if moment >= _UTC_START:
        offset_s = (TT_MINUS_TAI_MS / 1000.0) + float(_leap_seconds(timescale, since_epoch))
    else:
        offset_s = float(timescale.ut1_jd(J2000_JD + since_epoch).delta_t)
    return since_epoch + offset_s / DAY_S


def tt_milliseconds(days: Floats) -> Ints:
    """Return ``days`` rounded, once, to whole milliseconds of TT since J2000.0."""
    return np.rint(days * DAY_MS).astype(np.int64)


def ut1_milliseconds(timescale: Timescale, days: Floats) -> Ints:
    """Return the UT1 label of ``days`` in whole milliseconds since 2000-01-01 12h UT1."""
    delta_t_s = np.asarray(timescale.delta_t_function(J2000_JD + days), dtype=np.float64)
    return np.rint(days * DAY_MS - delta_t_s * 1000.0).astype(np.int64)


def utc_milliseconds(timescale: Timescale, days: Floats) -> Ints:
    """Return the UTC label of ``days``; before 1972, when UTC had no such form, the UT1 label.

    An instant inside a leap second gets the label of the second that follows it.
    """
    tai_ms = tt_milliseconds(days) - TT_MINUS_TAI_MS
    first_guess = tai_ms / DAY_MS
    leap = _leap_seconds(timescale, first_guess - _leap_seconds(timescale, first_guess) / DAY_S)
    utc_ms = tai_ms - (leap * 1000.0).astype(np.int64)
    start_ms = round((UTC_START_JD - J2000_JD) * DAY_MS)
    return np.where(utc_ms >= start_ms, utc_ms, ut1_milliseconds(timescale, days))


def delta_t_seconds(timescale: Timescale, days: Floats) -> Floats:
    """Return TT minus UT1 in seconds."""
    return np.asarray(timescale.delta_t_function(J2000_JD + days), dtype=np.float64)


def earth_turns(timescale: Timescale, days: Floats) -> Floats:
    """Return the Earth rotation angle (IAU 2000) in turns, 0 to 1."""
    ut1_days = days - delta_t_seconds(timescale, days) / DAY_S
    whole = np.floor(ut1_days)
    return np.asarray(earth_rotation_angle(J2000_JD + whole, ut1_days - whole))


def delta_t_uncertainty_s(days: Floats) -> Floats:
    """Return one standard uncertainty of Delta T in seconds."""
    return np.interp(2000.0 + days / 365.25, _DELTA_T_YEARS, _DELTA_T_SIGMA_S)


def datetime_from_milliseconds(milliseconds: int) -> datetime:
    """Return the aware datetime ``milliseconds`` after 2000-01-01 12h of a civil scale."""
    return _EPOCH + timedelta(milliseconds=int(milliseconds))


def datetimes_from_milliseconds(milliseconds: Ints) -> list[datetime]:
    """Return what :func:`datetime_from_milliseconds` does, of many at once."""
    days, rest = np.divmod(milliseconds, DAY_MS)
    parts = zip(days.tolist(), (rest * 1000).tolist(), strict=True)
    return [_EPOCH + timedelta(day, 0, microseconds) for day, microseconds in parts]


def format_utc(moment: datetime) -> str:
    """Return ``YYYY-MM-DDTHH:MM:SS.mmmZ``; the moment is whole milliseconds already."""
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def format_tt(tt_jd1: float, tt_jd2: float) -> str:
    """Return a two-part Julian date of TT as ``YYYY-MM-DDTHH:MM:SS.mmm``, without a zone."""
    milliseconds = round((tt_jd1 - J2000_JD) * DAY_MS) + round(tt_jd2 * DAY_MS)
    return format_utc(datetime_from_milliseconds(milliseconds)).removesuffix("Z")


def _leap_seconds(timescale: Timescale, utc_days: float | Floats) -> Floats:
    """Return TAI minus UTC in seconds at days of UTC since 2000-01-01 12h."""
    index = np.searchsorted(timescale.leap_dates, J2000_JD + np.asarray(utc_days), side="right")
    # The table begins with the leap second of 1972-07-01; until then TAI - UTC was 10 s.
    return np.concatenate(([10.0], timescale.leap_offsets))[index]
