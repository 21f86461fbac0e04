"""The festivals of India: which civil day holds the tithi at the time of day that counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Final

import numpy as np

from astronomy.calendars.hindu_months import hindu_months, tithi_begins
from astronomy.calendars.sun_days import SunDays, noon_days, sun_days
from astronomy.finders.build import utc_datetimes
from astronomy.observer.place import Place
from astronomy.sampling import Sky
from astronomy.timescales import Floats

# The central station of the calendar of India: 82 30' E, 23 11' N, and the time of India.
# Calendar Reform Committee, Report (1955).
CENTRAL_STATION: Final = Place(23.183, 82.5)
INDIA: Final = timedelta(hours=5, minutes=30)
_MARGIN_DAYS: Final = 35.0
# The day on which the tithi begins, and the two after it.
_CANDIDATES: Final = (0, 1, 2)


@dataclass(frozen=True, slots=True)
class FestivalRule:
    """An amanta month, a tithi of it, when on a day it must prevail, and days after that day.

    Parts of the day: ``sunrise``; ``forenoon`` up to half of the time from sunrise to sunset;
    ``midday`` and ``afternoon``, its third and its fourth fifth; ``evening``, the first fifth of
    the night; ``midnight``, the eighth of its fifteen parts.
    """

    month: int
    tithi: int
    part: str
    later_days: int = 0


FESTIVALS: Final[Mapping[str, FestivalRule]] = MappingProxyType(
    {
        "ugadi": FestivalRule(1, 1, "sunrise"),
        "rama_navami": FestivalRule(1, 9, "midday"),
        "buddha_purnima": FestivalRule(2, 15, "sunrise"),
        "guru_purnima": FestivalRule(4, 15, "sunrise"),
        "janmashtami": FestivalRule(5, 23, "sunrise"),
        "ganesha_chaturthi": FestivalRule(6, 4, "midday"),
        "navaratri": FestivalRule(7, 1, "sunrise"),
        "vijayadashami": FestivalRule(7, 10, "afternoon"),
        "diwali": FestivalRule(7, 30, "evening"),
        "vasant_panchami": FestivalRule(11, 5, "forenoon"),
        "maha_shivaratri": FestivalRule(11, 29, "midnight"),
        "holi": FestivalRule(12, 15, "evening", 1),
    }
)


@dataclass(frozen=True, slots=True)
class FestivalDay:
    """A festival on its civil day."""

    festival: str
    day: date
    saka_year: int
    month: int
    tithi: int


def find_festivals(
    sky: Sky,
    start_days: float,
    end_days: float,
    *,
    ayanamsa: str,
    place: Place = CENTRAL_STATION,
    zone: timedelta = INDIA,
) -> list[FestivalDay]:
    """Return the festivals of a span of TT days since J2000.0 and of a month about it, in order.

    A festival falls on the day on which its tithi fills most of its part of the day; where it
    touches that part on no day, on the day on which it begins. Leap months have no festivals.

    Frame: geocentric for the tithi, topocentric for the Sun.    Shape: one a festival and year.
    Source: Calendar Reform Committee, Report (1955); Kane, History of Dharmasastra V (1958).
    """
    months = hindu_months(sky, start_days - _MARGIN_DAYS, end_days + _MARGIN_DAYS, ayanamsa)
    pairs = [
        (name, at)
        for name, rule in FESTIVALS.items()
        for at in np.flatnonzero((months.number == rule.month) & ~months.adhika)
    ]
    if not pairs:
        return []
    which = np.array([at for _, at in pairs])
    tithis = np.array([FESTIVALS[name].tithi for name, _ in pairs])
    begins = tithi_begins(sky, months.start[which], tithis)
    ends = tithi_begins(sky, months.start[which], tithis + 1)
    first = [label.date() for label in _local(sky, begins, zone)]
    chosen = _chosen(sky, place, zone, [name for name, _ in pairs], first, (begins, ends))
    found = [
        FestivalDay(
            name,
            first[at] + timedelta(days=int(chosen[at]) + FESTIVALS[name].later_days),
            int(months.saka_year[month]),
            FESTIVALS[name].month,
            FESTIVALS[name].tithi,
        )
        for at, (name, month) in enumerate(pairs)
    ]
    return sorted(found, key=lambda each: (each.day, each.festival))


def _local(sky: Sky, days: Floats, zone: timedelta) -> list[datetime]:
    return [moment.astimezone(UTC) + zone for moment in utc_datetimes(sky, days)]


def _chosen(
    sky: Sky,
    place: Place,
    zone: timedelta,
    names: list[str],
    first: list[date],
    span: tuple[Floats, Floats],
) -> Floats:
    """Return how many days after its tithi's first each festival falls."""
    shares = []
    for later in _CANDIDATES:
        noons = noon_days([day + timedelta(days=later) for day in first], zone)
        left, right = _parts(names, sun_days(sky, place, noons))
        held = np.minimum(right, span[1]) - np.maximum(left, span[0])
        shares.append(np.where(np.isfinite(held), np.clip(held, 0.0, None), 0.0))
    return np.asarray(np.argmax(np.round(np.stack(shares), 6), axis=0))


_MOMENT_DAYS: Final = 1e-3  # sunrise as an interval that can be compared


def _parts(names: list[str], sun: SunDays) -> tuple[Floats, Floats]:
    day, night = sun.set - sun.rise, sun.next_rise - sun.set
    parts = {
        "sunrise": (sun.rise, sun.rise + _MOMENT_DAYS),
        "forenoon": (sun.rise, sun.rise + 0.5 * day),
        "midday": (sun.rise + 0.4 * day, sun.rise + 0.6 * day),
        "afternoon": (sun.rise + 0.6 * day, sun.rise + 0.8 * day),
        "evening": (sun.set, sun.set + 0.2 * night),
        "midnight": (sun.set + 7.0 / 15.0 * night, sun.set + 8.0 / 15.0 * night),
    }
    chosen = [parts[FESTIVALS[name].part] for name in names]
    left = np.array([each[0][at] for at, each in enumerate(chosen)])
    right = np.array([each[1][at] for at, each in enumerate(chosen)])
    return left, right
