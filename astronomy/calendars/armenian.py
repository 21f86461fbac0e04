"""The old Armenian calendar: years of 365 days without leap days, so that they wander."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from astronomy.calendars.churches import julian_day_number

# 1 Navasard of year 1 is 552 July 11 of the Julian calendar. Dulaurier, Recherches sur la
# chronologie arménienne (1859); Reingold and Dershowitz, Calendrical Calculations (2018), 1.11.
_EPOCH_JDN: Final = 1_922_868
_YEAR_DAYS: Final = 365
_MONTH_DAYS: Final = 30
MONTHS: Final = (
    "navasard",
    "hori",
    "sahmi",
    "tre",
    "kaloch",
    "arats",
    "mehekan",
    "areg",
    "ahekan",
    "mareri",
    "margats",
    "hrotits",
    "aveleats",
)


@dataclass(frozen=True, slots=True)
class ArmenianDate:
    """Year, month and day; month 13, Aveleats, has five days."""

    year: int
    month: int
    day: int


def armenian_date(day: date) -> ArmenianDate:
    """Return the date of the old Armenian calendar on a Gregorian day; arithmetic, no astronomy."""
    year, since = divmod(julian_day_number(day) - _EPOCH_JDN, _YEAR_DAYS)
    month, of_month = divmod(since, _MONTH_DAYS)
    return ArmenianDate(year + 1, month + 1, of_month + 1)
