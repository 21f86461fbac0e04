"""The Chinese lunisolar calendar: months, leap months and festivals, from new moons and terms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, zip_longest
from typing import Final

import numpy as np

from astronomy.constants import J2000_JD
from astronomy.finders.build import Confirmed, confirmed_roots
from astronomy.finders.moon_phases import elongation_deg, elongation_rate_deg
from astronomy.finders.window import Window
from astronomy.sampling import Sky, longitude_deg
from astronomy.search import find_crossings, slope, wrapped_deg
from astronomy.timescales import Floats, utc_milliseconds

# Civil day of the calendar: UTC+8 (120 E) from 1929 on, the local mean time of Beijing
# (116 25' E) before. GB/T 33661-2017; Aslaksen, The Mathematics of the Chinese Calendar (2010).
ZONE_CHANGE: Final = date(1929, 1, 1)
ZONE: Final = timedelta(hours=8)
OLD_ZONE: Final = timedelta(hours=7, minutes=45, seconds=40)
# A month is named by the winter solstices on both sides of it.
_REACH_DAYS: Final = 400.0
_EPOCH: Final = datetime(2000, 1, 1, 12, tzinfo=UTC)
_COVER_DAYS: Final = 20.0

FESTIVALS: Final = (
    ("chinese_new_year", 1, 1),
    ("lantern_festival", 1, 15),
    ("dragon_boat_festival", 5, 5),
    ("qixi_festival", 7, 7),
    ("ghost_festival", 7, 15),
    ("mid_autumn_festival", 8, 15),
    ("double_ninth_festival", 9, 9),
    ("laba_festival", 12, 8),
)
NEW_YEARS_EVE: Final = "chinese_new_years_eve"
# Festivals on the civil day of a solar term, by its longitude in units of 15 degrees.
TERM_FESTIVALS: Final = {1: "qingming_festival", 18: "winter_solstice_festival"}


@dataclass(frozen=True, slots=True)
class ChineseMonth:
    """A month: its year (that of its new year's day), number, and first and next first day.

    ``margin_s`` is how far its new moon is from the nearest midnight of the civil zone;
    ``ends_year`` tells whether a new year begins after it.
    """

    year: int
    number: int
    leap: bool
    first: date
    next_first: date
    margin_s: float
    ends_year: bool = False

    @property
    def length_days(self) -> int:
        """Return 29 or 30."""
        return (self.next_first - self.first).days


def civil_start(day: date) -> datetime:
    """Return the instant at which ``day`` begins in China."""
    zone = ZONE if day >= ZONE_CHANGE else OLD_ZONE
    return datetime(day.year, day.month, day.day, tzinfo=UTC) - zone


def find_chinese_months(sky: Sky, window: Window) -> list[ChineseMonth]:
    """Return the months of the years that the window touches, in order.

    Month 11 holds the winter solstice. Between two of them there are 12 or 13 months; of 13 the
    first without a major term (longitude a multiple of 30 degrees) is a leap month.

    Frame: as moon_phases and seasons.    Time scale: civil days of the stated zone.
    Source: GB/T 33661-2017.
    """
    start, end = _reach(sky, window)
    moons = _new_moons(sky, start, end)
    days, margins_s = civil_days(sky, moons.days)
    terms, multiples = _major_terms(sky, start, end)
    majors, _ = civil_days(sky, terms)
    solstices = [day for day, multiple in zip(majors, multiples, strict=True) if multiple == 9]
    months: list[ChineseMonth] = []
    for one, other in pairwise(solstices):
        first = _last_at(days, one)
        if first >= 0:
            months += _named(days, margins_s, set(majors), (first, _last_at(days, other)))
    return [
        replace(month, ends_year=after is not None and after.year != month.year)
        for month, after in zip_longest(months, months[1:])
    ]


def term_days(sky: Sky, window: Window, index: int) -> list[date]:
    """Return the civil days in China of one solar term, by its longitude in units of 15 degrees.

    The days reach a little past both ends of the window.
    """
    target_deg = 15.0 * index

    def off_deg(days: Floats) -> Floats:
        return wrapped_deg(sky.longitude_deg("sun", days) - target_deg)

    start_days, end_days = window.start_days - 1.0, window.end_days + 1.0
    found = find_crossings(off_deg, start_days, end_days, step_days=4.0, spacing_deg=360.0).days
    direct_deg = longitude_deg(sky.confirmed(("sun",), found).vectors_au["sun"])
    confirmed = confirmed_roots(found, wrapped_deg(direct_deg - target_deg), slope(off_deg, found))
    return civil_days(sky, confirmed.days)[0]


def _reach(sky: Sky, window: Window) -> tuple[float, float]:
    covered = sky.ephemeris.covered_start - J2000_JD, sky.ephemeris.covered_end - J2000_JD
    return (
        max(window.start_days - _REACH_DAYS, covered[0] + _COVER_DAYS),
        min(window.end_days + _REACH_DAYS, covered[1] - _COVER_DAYS),
    )


def _last_at(days: list[date], limit: date) -> int:
    return sum(day <= limit for day in days) - 1


def _named(
    days: list[date], margins_s: list[float], terms: set[date], span: tuple[int, int]
) -> Iterator[ChineseMonth]:
    first, last = span
    has_leap, number, year = last - first == 13, 11, days[first].year
    for at in range(first, last):
        leap = has_leap and at > first and not _holds(terms, days[at], days[at + 1])
        if leap:
            has_leap = False
        elif at > first:
            number = number % 12 + 1
            year += number == 1
        yield ChineseMonth(year, number, leap, days[at], days[at + 1], margins_s[at])


def _holds(terms: set[date], first: date, next_first: date) -> bool:
    return any(first <= term < next_first for term in terms)


def _new_moons(sky: Sky, start: float, end: float) -> Confirmed:
    found = find_crossings(
        lambda days: elongation_deg(sky, days), start, end, step_days=2.0, spacing_deg=360.0
    )
    vectors = sky.direct_vectors_au(("sun", "moon"), found.days)
    off_deg = wrapped_deg(longitude_deg(vectors["moon"]) - longitude_deg(vectors["sun"]))
    return confirmed_roots(found.days, off_deg, elongation_rate_deg(sky, found.days))


def _major_terms(sky: Sky, start: float, end: float) -> tuple[Floats, list[int]]:
    found = find_crossings(
        lambda days: sky.longitude_deg("sun", days), start, end, step_days=4.0, spacing_deg=30.0
    )
    off_deg = wrapped_deg(
        longitude_deg(sky.confirmed(("sun",), found.days).vectors_au["sun"]) - found.target_deg
    )
    rate = slope(
        lambda at: wrapped_deg(sky.longitude_deg("sun", at) - found.target_deg), found.days
    )
    confirmed = confirmed_roots(found.days, off_deg, rate)
    return confirmed.days, [int(multiple) for multiple in found.multiple]


def civil_days(sky: Sky, days: Floats) -> tuple[list[date], list[float]]:
    """Return the civil day in China of each instant, and how far it is from midnight."""
    found, margins_s = [], []
    for label in utc_milliseconds(sky.timescale, np.asarray(days)):
        moment = _EPOCH + timedelta(milliseconds=int(label))
        old = (moment + OLD_ZONE).date() < ZONE_CHANGE
        local = moment + (OLD_ZONE if old else ZONE)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        since_s = (local - midnight).total_seconds()
        found.append(local.date())
        margins_s.append(min(since_s, 86_400.0 - since_s))
    return found, margins_s
