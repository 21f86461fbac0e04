"""Calendars of people, from the same sky: Chinese months, tithis and movable feasts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

import numpy as np

from astronomy.bodies import BODIES
from astronomy.calendars.ayanamsa import TRUE_CHITRA, ayanamsa_deg
from astronomy.calendars.churches import (
    ARMENIAN,
    CHURCHES,
    EASTER,
    FEASTS,
    Feast,
    church_feasts,
    typical_day,
)
from astronomy.calendars.hindu_festivals import FESTIVALS as HINDU_FESTIVALS
from astronomy.calendars.hindu_festivals import INDIA, FestivalDay, FestivalRule, find_festivals
from astronomy.constants import DAY_S, SYNODIC_MONTH_D
from astronomy.finders.build import (
    Confirmed,
    Finding,
    build_occurrences,
    confirmed_roots,
    utc_datetimes,
)
from astronomy.finders.chinese import (
    FESTIVALS,
    NEW_YEARS_EVE,
    TERM_FESTIVALS,
    ChineseMonth,
    civil_start,
    find_chinese_months,
    term_days,
)
from astronomy.finders.counts import KeyRule, key_rule
from astronomy.finders.family import FamilyDefinition
from astronomy.finders.lunation import GOLDSTINE_2000, NEW_MOON_2000_DAYS, lunation_numbers
from astronomy.finders.moon_phases import elongation_deg, elongation_rate_deg
from astronomy.finders.window import Window, open_window
from astronomy.occurrence import (
    ChineseDayDetails,
    ChineseMonthDetails,
    ChineseTermDayDetails,
    FeastDetails,
    HinduFestivalDetails,
    Occurrence,
    TithiDetails,
)
from astronomy.sampling import Sky, longitude_deg
from astronomy.search import find_crossings, wrapped_deg
from astronomy.timescales import Floats, days_from_datetime

NAME: Final = "cultural"
_EPOCH: Final = datetime(2000, 1, 1, 12, tzinfo=UTC)
_TITHI_DEG: Final = 12.0
_NAKSHATRA_DEG: Final = 360.0 / 27.0
_UNCERTAINTY_DEG: Final = (
    float(np.hypot(BODIES["moon"].uncertainty_arcsec, BODIES["sun"].uncertainty_arcsec)) / 3600.0
)
# Kind, and the number of its tithi in each half of the month.
_TITHIS: Final = ((11, ("ekadashi", "ekadashi")), (15, ("purnima", "amavasya")))
_ARMENIA: Final = timedelta(hours=4)
_LAST_MONTH: Final = 12
_FEAST_REACH_DAYS: Final = 26.0
_CHINESE_KINDS: Final = (
    "chinese_month",
    *(kind for kind, _, _ in FESTIVALS),
    NEW_YEARS_EVE,
    *TERM_FESTIVALS.values(),
)
_TITHI_KINDS: Final = ("ekadashi", "purnima", "amavasya")
_HINDU_KIND: Final = "hindu_festival"
_VARDAVAR: Final = "vardavar"
_FEAST_KINDS: Final = (
    *(f"{church}_{EASTER}" for church in CHURCHES),
    _VARDAVAR,
    *(f"{church}_feast" for church in CHURCHES),
)


def find_cultural(sky: Sky, start: datetime, end: datetime) -> list[Occurrence]:
    """Return Chinese months and festivals, tithis and movable feasts in ``[start, end)``.

    A day is given by the instant at which it begins in its civil zone, a tithi by the instant at
    which it begins.

    Frame: as moon_phases and seasons.
    Time scale in: UTC (UT1 before 1972). Time scale out: TT, with UTC and UT1 labels.
    Units: degrees.    Shape: one occurrence a day, month or tithi.    Tolerance: 1 ms.
    Raises: EphemerisRangeError outside the span; ValueError if start >= end.
    Source: the module's definition text.
    """
    window = open_window(sky.ephemeris, start, end)
    civil = [*_chinese(sky, window), *_term_festivals(sky, window), *_hindu(sky, window)]
    civil += _feasts(window)
    found = _built(sky, _civil_instants(sky, civil), [finding for _, finding in civil])
    for tithi, kinds in _TITHIS:
        found += _tithis(sky, window, tithi, kinds)
    return window.sorted_inside(found)


def _built(sky: Sky, confirmed: Confirmed, findings: list[Finding]) -> list[Occurrence]:
    return build_occurrences(
        sky,
        family=NAME,
        definition_id=FAMILY.definition_id,
        bodies=("sun", "moon"),
        confirmed=confirmed,
        findings=findings,
    )


def _civil_instants(sky: Sky, found: list[tuple[datetime, Finding]]) -> Confirmed:
    days = np.array([days_from_datetime(sky.timescale, at) for at, _ in found], dtype=np.float64)
    return Confirmed(days, np.zeros(len(days)))


def _day(
    kind: str, key: str, begins: datetime, ends: datetime, details: Mapping[str, Any]
) -> tuple[datetime, Finding]:
    return begins, Finding(f"cultural-{key}", kind, 0.0, details, begins, ends)


def _chinese(sky: Sky, window: Window) -> Iterator[tuple[datetime, Finding]]:
    margin = timedelta(days=40)
    for month in find_chinese_months(sky, window):
        begins = civil_start(month.first)
        if window.start - margin <= begins <= window.end:
            yield from _month_events(month)


def _term_festivals(sky: Sky, window: Window) -> Iterator[tuple[datetime, Finding]]:
    for index, kind in TERM_FESTIVALS.items():
        for civil in term_days(sky, window, index):
            yield _day(
                kind,
                f"chinese-{civil.year}-{kind.removesuffix('_festival').replace('_', '-')}",
                civil_start(civil),
                civil_start(civil + timedelta(days=1)),
                ChineseTermDayDetails(longitude_deg=15.0 * index, civil_date=civil.isoformat()),
            )


def _hindu(sky: Sky, window: Window) -> Iterator[tuple[datetime, Finding]]:
    days = window.start_days, window.end_days
    return (_festival(found) for found in find_festivals(sky, *days, ayanamsa=TRUE_CHITRA))


def _festival(found: FestivalDay) -> tuple[datetime, Finding]:
    begins = datetime(found.day.year, found.day.month, found.day.day, tzinfo=UTC) - INDIA
    details = HinduFestivalDetails(
        festival=found.festival,
        saka_year=found.saka_year,
        month=found.month,
        tithi=found.tithi,
        ayanamsa=TRUE_CHITRA,
        civil_date=found.day.isoformat(),
        zone_offset_s=int(INDIA.total_seconds()),
    )
    key = f"hindu-{found.saka_year}-{found.festival.replace('_', '-')}"
    return _day(_HINDU_KIND, key, begins, begins + timedelta(days=1), details)


def _month_events(month: ChineseMonth) -> Iterator[tuple[datetime, Finding]]:
    name = f"{month.year}-{month.number:02d}"
    yield _day(
        "chinese_month",
        f"chinese-{name}{'-leap' if month.leap else ''}",
        civil_start(month.first),
        civil_start(month.next_first),
        ChineseMonthDetails(
            chinese_year=month.year,
            month=month.number,
            leap=month.leap,
            length_days=month.length_days,
            civil_date=month.first.isoformat(),
            midnight_margin_s=round(month.margin_s),
        ),
    )
    if month.number == _LAST_MONTH and month.ends_year:
        yield _chinese_day(NEW_YEARS_EVE, f"chinese-{month.year}-eve", month, month.length_days)
    for kind, number, day in FESTIVALS:
        if number == month.number and not month.leap:
            yield _chinese_day(kind, f"chinese-{name}-{day:02d}", month, day)


def _chinese_day(kind: str, key: str, month: ChineseMonth, day: int) -> tuple[datetime, Finding]:
    civil = month.first + timedelta(days=day - 1)
    details = ChineseDayDetails(
        chinese_year=month.year, month=month.number, day=day, civil_date=civil.isoformat()
    )
    return _day(kind, key, civil_start(civil), civil_start(civil + timedelta(days=1)), details)


def _feasts(window: Window) -> Iterator[tuple[datetime, Finding]]:
    for year in range(window.start.year - 1, window.end.year + 2):
        for church in CHURCHES:
            yield from (_feast(found) for found in church_feasts(church, year))


def _feast(found: Feast) -> tuple[datetime, Finding]:
    zone = _ARMENIA if found.church == ARMENIAN else timedelta(0)
    begins = datetime(found.day.year, found.day.month, found.day.day, tzinfo=UTC) - zone
    details = FeastDetails(
        church=found.church,
        feast=found.feast,
        year=found.year,
        civil_date=found.day.isoformat(),
        zone_offset_s=int(zone.total_seconds()),
    )
    kind = f"{found.church}_feast"
    if found.feast == EASTER:
        kind = f"{found.church}_{EASTER}"
    elif found.feast == _VARDAVAR:
        kind = _VARDAVAR
    key = f"feast-{_feast_name(found.church, found.feast)}-{found.year}"
    return _day(kind, key, begins, begins + timedelta(days=1), details)


def _tithis(sky: Sky, window: Window, tithi: int, kinds: tuple[str, str]) -> list[Occurrence]:
    begin_deg = (tithi - 1) * _TITHI_DEG
    days, half = _crossed(sky, window.start_days, window.end_days, begin_deg)
    if not len(days):
        return []
    target_deg = begin_deg + 180.0 * half
    direct = sky.direct_vectors_au(("sun", "moon"), days)
    moon_deg = longitude_deg(direct["moon"])
    rate = elongation_rate_deg(sky, days)
    off_deg = wrapped_deg(moon_deg - longitude_deg(direct["sun"]) - target_deg)
    confirmed = confirmed_roots(days, off_deg, rate)
    ayanamsa = ayanamsa_deg(sky, TRUE_CHITRA, confirmed.days)
    numbers = lunation_numbers(confirmed.days, target_deg)
    begins = utc_datetimes(sky, confirmed.days)
    ends = utc_datetimes(sky, _ends(sky, window, begin_deg + _TITHI_DEG, confirmed.days))
    findings = [
        Finding(
            key=f"cultural-tithi-{numbers[at]}-{tithi + 15 * int(half[at]):02d}",
            kind=kinds[int(half[at])],
            uncertainty_s=float(_UNCERTAINTY_DEG / rate[at] * DAY_S),
            details=TithiDetails(
                tithi=tithi + 15 * int(half[at]),
                paksha=("shukla", "krishna")[int(half[at])],
                nakshatra=1 + int((moon_deg[at] - ayanamsa[at]) % 360.0 / _NAKSHATRA_DEG),
                ayanamsa=TRUE_CHITRA,
                ayanamsa_deg=round(float(ayanamsa[at]), 5),
                lunation_number=int(numbers[at]),
                civil_date=(begins[at] + INDIA).date().isoformat(),
                zone_offset_s=int(INDIA.total_seconds()),
            ),
            begins_utc=begins[at],
            ends_utc=ends[at],
            bodies=("moon",),
        )
        for at in range(len(numbers))
    ]
    return _built(sky, confirmed, findings)


def _crossed(
    sky: Sky, start_days: float, end_days: float, target_deg: float
) -> tuple[Floats, Floats]:
    """Return when the elongation passes a target (half 0) or the one opposite (half 1)."""
    found = find_crossings(
        lambda days: wrapped_deg(elongation_deg(sky, days) - target_deg),
        start_days,
        end_days,
        step_days=2.0,
        spacing_deg=180.0,
    )
    return found.days, found.multiple.astype(np.float64)


def _ends(sky: Sky, window: Window, target_deg: float, begins: Floats) -> Floats:
    """Return when the tithis end; none lasts longer than 27 hours."""
    ends, _ = _crossed(sky, window.start_days, window.end_days + 2.0, target_deg)
    return np.asarray(ends[np.searchsorted(ends, begins)])


def _chinese_days(year: int, month: int, day: int, *, leap: bool) -> float:
    """Return about when a day comes: month 1 holds February 19, and so on."""
    middle = datetime(year, 2, 19, tzinfo=UTC) + timedelta(days=30.437 * (month - 1))
    shift_days = day - 1.0 + (14.0 if leap else -15.0)
    return (middle - _EPOCH) / timedelta(days=1) + shift_days


def _january_days(year: int, after_days: float) -> float:
    return (datetime(year, 1, 1, tzinfo=UTC) - _EPOCH) / timedelta(days=1) + after_days


# About when in the Chinese year: its first day, April 5, December 22; its last is in February.
_CHINESE_NAMES: Final = {"eve": 401.0, "qingming": 94.0, "winter-solstice": 355.0}


def _feast_name(church: str, feast: str) -> str:
    return _VARDAVAR if feast == _VARDAVAR else f"{church}-{feast.replace('_', '-')}"


def _feast_days(church: str, feast: str, found: re.Match[str]) -> float:
    """Return about when a feast comes; Easter is never 25 days from April 14."""
    return _january_days(int(found["year"]), typical_day(church, feast) - 1.0)


def _hindu_days(rule: FestivalRule, found: re.Match[str]) -> float:
    """Return about when a tithi comes: the Sun enters the first sign about April 14."""
    after_days = 103.0 + 30.44 * (rule.month - 1) - 15.0 + rule.tithi - 1
    return _january_days(int(found["saka"]) + 78, after_days)


KEYS: Final[tuple[KeyRule, ...]] = (
    key_rule(
        NAME,
        r"chinese-(?P<year>\d{4})-(?P<month>\d\d)(?:-(?P<day>\d\d)|(?P<leap>-leap))?",
        lambda found: _chinese_days(
            int(found["year"]),
            int(found["month"]),
            int(found["day"] or 1),
            leap=bool(found["leap"]),
        ),
        24.0,
    ),
    key_rule(
        NAME,
        rf"chinese-(?P<year>\d{{4}})-(?P<name>{'|'.join(_CHINESE_NAMES)})",
        lambda found: _january_days(int(found["year"]), _CHINESE_NAMES[found["name"]]),
        20.0,
    ),
    *(
        key_rule(
            NAME,
            rf"feast-{_feast_name(church, feast)}-(?P<year>\d{{4}})",
            partial(_feast_days, church, feast),
            _FEAST_REACH_DAYS,
        )
        for church in CHURCHES
        for feast in FEASTS[church]
    ),
    *(
        key_rule(
            NAME,
            rf"hindu-(?P<saka>\d{{4}})-{festival.replace('_', '-')}",
            partial(_hindu_days, rule),
            20.0,
        )
        for festival, rule in HINDU_FESTIVALS.items()
    ),
    key_rule(
        NAME,
        r"tithi-(?P<number>\d{1,6})-(?P<tithi>11|15|26|30)",
        lambda found: (
            NEW_MOON_2000_DAYS
            + SYNODIC_MONTH_D
            * (int(found["number"]) - GOLDSTINE_2000 + (int(found["tithi"]) - 1) / 30.0)
        ),
        2.0,
    ),
)

FAMILY: Final = FamilyDefinition(
    name=NAME,
    kinds=(*_CHINESE_KINDS, *_TITHI_KINDS, _HINDU_KIND, *_FEAST_KINDS),
    bodies=("sun", "moon"),
    definition_id="cultural/2",
    text=(
        "Chinese months and festivals: a month begins on the civil day of the new moon; the month "
        "that holds the winter solstice is the 11th; of 13 months between two such months the "
        "first without a major solar term is a leap month. The civil day is that of UTC+8 from "
        "1929 on and of the local mean time of Beijing (116 25' E) before. The instant is the "
        "beginning of the day there. Qingming and the winter solstice are kept on the civil day "
        "there of the solar terms of 15 and 270 degrees. Ekadashi, purnima and amavasya: the "
        "instant at which the 11th tithi of a half of the month, the 15th or the 30th begins, a "
        "tithi being 12 degrees of the Moon's elongation in longitude; nakshatra by the True "
        "Chitra ayanamsa (Spica at 180 sidereal degrees); civil date of that instant in UTC+5:30. "
        "Hindu festivals: the civil day in India on which the tithi of an amanta month, named by "
        "the sidereal sign of the Sun at its new moon and no leap month, fills most of the part "
        "of the day that counts, by the Sun at the central station (82 30' E, 23 11' N). "
        "Western and Orthodox feasts: days after Easter by the Gregorian and the Julian computus, "
        "on the Gregorian date, from 0h UTC. Armenian feasts, from 1924 on: days after the "
        "Western Easter, or the Sunday nearest to a date, from 0h of UTC+4."
    ),
    frame="geocentric, apparent, true ecliptic and equinox of date",
    scale="TT; labelled in UTC from 1972 and in UT1",
    source=(
        "GB/T 33661-2017; Aslaksen, The Mathematics of the Chinese Calendar (2010); Explanatory "
        "Supplement (2013), ch. 15; python-dateutil for the computus"
    ),
    finder=find_cultural,
)
