"""The lunar months of India: named by the Sun's sidereal sign, leap months included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from astronomy.calendars.ayanamsa import ayanamsa_deg
from astronomy.finders.moon_phases import elongation_deg
from astronomy.sampling import Sky
from astronomy.search import find_crossings, refine_roots, wrapped_deg
from astronomy.timescales import Bools, Floats, Ints

TITHI_DEG: Final = 12.0
MONTHS: Final = (
    "chaitra",
    "vaishakha",
    "jyeshtha",
    "ashadha",
    "shravana",
    "bhadrapada",
    "ashvina",
    "kartika",
    "margashirsha",
    "pausha",
    "magha",
    "phalguna",
)
_SIGN_DEG: Final = 30.0
_MEAN_TITHI_D: Final = 29.530588861 / 30.0
# Between a new moon and a tithi after it the Moon may gain or lose 28 hours on its mean motion.
_REACH_DAYS: Final = 1.5
_EPOCH: Final = date(2000, 1, 1)
_MONTH_DAYS: Final = 30.4


@dataclass(frozen=True, slots=True)
class HinduMonths:
    """Amanta months, from new moon to new moon: number 1 is Chaitra.

    A leap month (adhika) is one in which the Sun enters no sign; it bears the name of the month
    after it. ``loses`` marks a month in which the Sun enters two signs, so that a name is left
    out (kshaya).
    """

    start: Floats
    end: Floats
    number: Ints
    adhika: Bools
    loses: Bools
    saka_year: Ints

    def at(self, days: Floats) -> Ints:
        """Return the index of the month of each instant."""
        return np.asarray(np.searchsorted(self.start, days, side="right") - 1)


def hindu_months(sky: Sky, start_days: float, end_days: float, ayanamsa: str) -> HinduMonths:
    """Return the months that touch a span of TT days since J2000.0.

    Frame: as moon_phases; sidereal by ``ayanamsa``.    Tolerance of the new moons: 1 ms.
    Source: Calendar Reform Committee, Report (1955); Sewell and Dikshit (1896).
    """
    moons = find_crossings(
        lambda days: elongation_deg(sky, days),
        start_days - 32.0,
        end_days + 32.0,
        step_days=2.0,
        spacing_deg=360.0,
    ).days
    sun_deg = (sky.longitude_deg("sun", moons) - ayanamsa_deg(sky, ayanamsa, moons)) % 360.0
    sign = np.floor(sun_deg / _SIGN_DEG).astype(np.int64)
    passed = np.diff(sign) % 12
    number = (sign[:-1] + 1) % 12 + 1
    return HinduMonths(
        start=moons[:-1],
        end=moons[1:],
        number=number,
        adhika=passed == 0,
        loses=passed == 2,
        saka_year=_saka_years(moons[:-1], number),
    )


def _saka_years(starts: Floats, number: Ints) -> Ints:
    """Return the Saka year, which begins with Chaitra, in March or April."""
    years = [
        (_EPOCH + timedelta(days=float(start - _MONTH_DAYS * (month - 1)))).year - 78
        for start, month in zip(starts, number, strict=True)
    ]
    return np.array(years, dtype=np.int64)


def tithi_begins(sky: Sky, new_moons: Floats, tithi: Ints) -> Floats:
    """Return when a tithi (1 to 31, 31 being the next month's first) begins after its new moon."""
    target_deg = (tithi - 1) * TITHI_DEG
    near = new_moons + (tithi - 1) * _MEAN_TITHI_D

    def residual_deg(days: Floats, which: Ints) -> Floats:
        return wrapped_deg(elongation_deg(sky, days) - target_deg[which])

    return refine_roots(residual_deg, near - _REACH_DAYS, near + _REACH_DAYS)
