"""The five limbs of the Hindu day, panchanga: tithi, nakshatra, yoga, karana and the month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Protocol

import numpy as np

from astronomy.calendars.ayanamsa import TRUE_CHITRA, ayanamsa_deg
from astronomy.calendars.hindu_festivals import CENTRAL_STATION, INDIA, find_festivals
from astronomy.calendars.hindu_months import TITHI_DEG, HinduMonths, hindu_months
from astronomy.calendars.sun_days import noon_days, sun_days
from astronomy.finders.build import utc_datetimes
from astronomy.limits import require_moments
from astronomy.observer.place import Place
from astronomy.sampling import Sky, longitude_deg
from astronomy.search import refine_roots, wrapped_deg
from astronomy.timescales import Floats, Ints

EKADASHI: Final = "ekadashi"
_OBSERVED: Final = {11: EKADASHI, 26: EKADASHI, 15: "purnima", 30: "amavasya"}
_NAKSHATRA_DEG: Final = 360.0 / 27.0
_KARANA_DEG: Final = 6.0
_STEP_DAYS: Final = 1.0 / 1440.0
# No tithi or nakshatra lasts 27.5 hours, no yoga 26, no karana 14.
_LONGEST_DAYS: Final = 1.15
_HALF: Final = 15
_VIKRAM: Final = 135  # years that the era of Vikram is ahead of the Saka era
KARANAS: Final = ("bava", "balava", "kaulava", "taitila", "gara", "vanija", "vishti")
_FIXED_KARANAS: Final = ("shakuni", "chatushpada", "naga")


@dataclass(frozen=True, slots=True)
class Limb:
    """What prevails at sunrise: its number from 1, and when it ends."""

    number: int
    ends: datetime


@dataclass(frozen=True, slots=True)
class HinduDay:
    """A civil day at a place, by what prevails at its sunrise.

    ``month`` is the amanta month (from new moon), ``full_month`` the purnimanta one (from full
    moon). ``skipped_tithi`` begins after this sunrise and ends before the next.
    """

    day: date
    sunrise: datetime
    tithi: Limb
    nakshatra: Limb
    yoga: Limb
    karana: Limb
    month: int
    full_month: int
    leap: bool
    full_leap: bool
    saka_year: int
    skipped_tithi: int | None
    observances: tuple[str, ...]
    festivals: tuple[str, ...]
    ayanamsa_deg: float

    @property
    def paksha(self) -> str:
        """Return the half of the month: bright or dark."""
        return "shukla" if self.tithi.number <= _HALF else "krishna"

    @property
    def vikram_year(self) -> int:
        """Return the year of the Vikram era that begins with Chaitra."""
        return self.saka_year + _VIKRAM


def karana_code(number: int) -> str:
    """Return the name of a half tithi, 1 to 60."""
    if number == 1:
        return "kimstughna"
    return KARANAS[(number - 2) % 7] if number <= 57 else _FIXED_KARANAS[number - 58]


def hindu_days(
    sky: Sky,
    days: Sequence[date],
    *,
    place: Place = CENTRAL_STATION,
    zone: timedelta | Sequence[timedelta] = INDIA,
    ayanamsa: str = TRUE_CHITRA,
) -> list[HinduDay | None]:
    """Return consecutive civil ``days`` at a place; None where the Sun does not rise.

    ``zone`` is the offset from UTC, one for all days or one a day; it says which noon is meant.

    Frame: geocentric, apparent, true ecliptic of date; sunrise topocentric.
    Time scale out: UTC (UT1 before 1972).    Tolerance: 0.1 s.
    Raises: EphemerisRangeError outside what the kernel covers.
    Source: Calendar Reform Committee, Report (1955); Explanatory Supplement (2013), ch. 15.
    """
    midnights = (datetime.combine(day, time(), UTC) for day in (days[0], days[-1]))
    require_moments(sky.ephemeris, midnights)
    offsets = [zone] * len(days) if isinstance(zone, timedelta) else list(zone)
    noons = np.concatenate(
        [noon_days([day], offset) for day, offset in zip(days, offsets, strict=True)]
    )
    rises = sun_days(sky, place, np.concatenate((noons[:1] - 1.0, noons, noons[-1:] + 1.0))).rise
    return _Almanac(sky, ayanamsa, rises).days(
        list(days), _festivals(sky, noons, ayanamsa, place, offsets[0])
    )


def _festivals(
    sky: Sky, noons: Floats, ayanamsa: str, place: Place, zone: timedelta
) -> dict[date, list[str]]:
    found: dict[date, list[str]] = {}
    for each in find_festivals(sky, noons[0], noons[-1], ayanamsa=ayanamsa, place=place, zone=zone):
        found.setdefault(each.day, []).append(each.festival)
    return found


class _Angle(Protocol):
    def __call__(self, days: Floats, *, direct: bool = False) -> Floats: ...


class _Almanac:
    """The limbs at many sunrises, the first and the last of which only surround the others."""

    def __init__(self, sky: Sky, ayanamsa: str, rises: Floats) -> None:
        self.sky = sky
        self.ayanamsa = ayanamsa
        self.seen = np.isfinite(rises)
        self.rises = np.where(self.seen, rises, 0.0)
        self.tithis = 1 + np.floor(self._elongation(self.rises) / TITHI_DEG).astype(np.int64)

    def days(self, days: list[date], festivals: dict[date, list[str]]) -> list[HinduDay | None]:
        inner = np.flatnonzero(self.seen[1:-1])
        rises = self.rises[1 + inner]
        if not len(rises):
            return [None] * len(days)
        months = hindu_months(self.sky, rises[0], rises[-1], self.ayanamsa)
        limbs = [
            self._limbs(rises, self._elongation, TITHI_DEG),
            self._limbs(rises, self._moon, _NAKSHATRA_DEG),
            self._limbs(rises, self._sum, _NAKSHATRA_DEG),
            self._limbs(rises, self._elongation, _KARANA_DEG),
        ]
        sunrises = utc_datetimes(self.sky, rises)
        offsets = ayanamsa_deg(self.sky, self.ayanamsa, rises)
        which = months.at(rises)
        found: list[HinduDay | None] = [None] * len(days)
        for nth, at in enumerate(inner):
            tithi, nakshatra, yoga, karana = (limb[nth] for limb in limbs)
            month, full_month, leap, full_leap = _month(months, int(which[nth]), tithi.number)
            found[at] = HinduDay(
                days[at], sunrises[nth], tithi, nakshatra, yoga, karana,
                month=month, full_month=full_month, leap=leap, full_leap=full_leap,
                saka_year=int(months.saka_year[which[nth]]),
                skipped_tithi=self._skipped(int(at) + 1),
                observances=self._observances(int(at) + 1),
                festivals=tuple(festivals.get(days[at], ())),
                ayanamsa_deg=round(float(offsets[nth]), 5),
            )  # fmt: skip
        return found

    def _elongation(self, days: Floats, *, direct: bool = False) -> Floats:
        sun, moon = self._longitudes(days, direct=direct)
        return np.asarray((moon - sun) % 360.0)

    def _moon(self, days: Floats, *, direct: bool = False) -> Floats:
        _, moon = self._longitudes(days, direct=direct)
        return np.asarray((moon - ayanamsa_deg(self.sky, self.ayanamsa, days)) % 360.0)

    def _sum(self, days: Floats, *, direct: bool = False) -> Floats:
        sun, moon = self._longitudes(days, direct=direct)
        return np.asarray((sun + moon - 2.0 * ayanamsa_deg(self.sky, self.ayanamsa, days)) % 360.0)

    def _longitudes(self, days: Floats, *, direct: bool) -> tuple[Floats, Floats]:
        vector = self.sky.direct_vector_au if direct else self.sky.vector_au
        return longitude_deg(vector("sun", days)), longitude_deg(vector("moon", days))

    def _limbs(self, rises: Floats, angle: _Angle, width_deg: float) -> list[Limb]:
        numbers = np.floor(angle(rises) / width_deg).astype(np.int64)
        target_deg = (numbers + 1) * width_deg

        def residual_deg(days: Floats, which: Ints) -> Floats:
            return wrapped_deg(angle(days) - target_deg[which])

        ends = refine_roots(residual_deg, rises, rises + _LONGEST_DAYS)
        rate = wrapped_deg(angle(ends + _STEP_DAYS) - angle(ends - _STEP_DAYS)) / (2 * _STEP_DAYS)
        ends = ends - wrapped_deg(angle(ends, direct=True) - target_deg) / rate
        moments = utc_datetimes(self.sky, ends)
        return [Limb(int(n) + 1, moment) for n, moment in zip(numbers, moments, strict=True)]

    def _skipped(self, at: int) -> int | None:
        if not self.seen[at + 1] or (self.tithis[at + 1] - self.tithis[at]) % 30 != 2:
            return None
        return int(self.tithis[at]) % 30 + 1

    def _observances(self, at: int) -> tuple[str, ...]:
        """Return what the day's tithis are kept for; a tithi of two sunrises counts once."""
        tithi = int(self.tithis[at])
        repeated = bool(self.seen[at - 1]) and int(self.tithis[at - 1]) == tithi
        named = (0 if repeated else tithi, self._skipped(at) or 0)
        return tuple(_OBSERVED[each] for each in named if each in _OBSERVED)


def _month(months: HinduMonths, at: int, tithi: int) -> tuple[int, int, bool, bool]:
    """Return the amanta and the purnimanta month, and whether either is a leap month."""
    number, leap = int(months.number[at]), bool(months.adhika[at])
    if tithi <= _HALF or leap:
        return number, number, leap, leap
    return number, number % 12 + 1, leap, False
