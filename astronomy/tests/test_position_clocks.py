"""Julian dates and sidereal time against published values."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from skyfield.api import load

from astronomy.constants import J2000_JD
from astronomy.ephemeris import Ephemeris
from astronomy.positions import Clocks, Place, clocks_at
from astronomy.timescales import days_from_datetime, time_at


def at(ephemeris: Ephemeris, days: float, place: Place | None = None) -> Clocks:
    several = np.array([days])
    return clocks_at(time_at(ephemeris.timescale, several), several, place)


def test_sidereal_time_is_that_of_sofa() -> None:
    # The validation of iauGmst06 and iauGst06a in the IAU's SOFA library (t_sofa_c.c):
    # both at Julian date 2453736.0 + 0.5... of UT1 and of TT alike, so with Delta T = 0.
    timescale = load.timescale(delta_t=0.0)
    days = np.array([2_400_000.5 - J2000_JD + 53_736.0])
    clocks = clocks_at(timescale.tt_jd(J2000_JD + days), days)
    assert np.radians(clocks.gmst_deg[0]) == pytest.approx(1.754174971870091203, abs=5e-9)
    assert np.radians(clocks.gast_deg[0]) == pytest.approx(1.754166137675019159, abs=5e-9)


def test_sidereal_time_is_that_of_the_almanac(ephemeris: Ephemeris) -> None:
    # Astronomical Almanac for 1987, in Meeus, Astronomical Algorithms (1998), example 12.a:
    # 1987 April 10, 0h UT1: mean 13h 10m 46.3668s, apparent 13h 10m 46.1351s.
    timescale = ephemeris.timescale
    clocks = at(ephemeris, float(timescale.ut1_jd(2_446_895.5).tt - J2000_JD))
    hours = 13.0 + 10.0 / 60.0
    assert clocks.jd_ut1[0] == pytest.approx(2_446_895.5, abs=1e-8)
    assert (clocks.gmst_deg[0] / 15.0 - hours) * 3600.0 == pytest.approx(46.3668, abs=0.02)
    assert (clocks.gast_deg[0] / 15.0 - hours) * 3600.0 == pytest.approx(46.1351, abs=0.02)


def test_local_sidereal_time_is_greenwich_and_the_longitude(ephemeris: Ephemeris) -> None:
    clocks = at(ephemeris, 9000.0, Place(0.0, 90.0))
    assert clocks.last_deg is not None
    east = (clocks.last_deg[0] - clocks.gast_deg[0]) % 360.0
    assert east == pytest.approx(90.0, abs=1e-6)


def test_no_place_has_no_local_sidereal_time(ephemeris: Ephemeris) -> None:
    assert at(ephemeris, 9000.0).last_deg is None


@pytest.mark.parametrize(
    ("moment", "tt_minus_utc_s"),
    [
        # IERS Bulletin C: TAI - UTC, and TT - TAI = 32.184 s.
        (datetime(1999, 1, 1, tzinfo=UTC), 64.184),
        (datetime(2017, 1, 1, tzinfo=UTC), 69.184),
    ],
)
def test_the_scales_are_apart_as_published(
    ephemeris: Ephemeris, moment: datetime, tt_minus_utc_s: float
) -> None:
    clocks = at(ephemeris, days_from_datetime(ephemeris.timescale, moment))
    apart_s = (clocks.jd_tt[0] - clocks.jd_utc[0]) * 86_400.0
    assert apart_s == pytest.approx(tt_minus_utc_s, abs=1e-4)
    assert abs(clocks.jd_ut1[0] - clocks.jd_utc[0]) * 86_400.0 < 0.9
    assert clocks.delta_t_s[0] == pytest.approx(tt_minus_utc_s, abs=0.9)
