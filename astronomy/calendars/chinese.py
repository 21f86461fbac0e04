"""The Chinese date of a civil day: year of the cycle, month, day, solar term and festivals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from astronomy.calendars.churches import julian_day_number
from astronomy.finders.build import utc_datetimes
from astronomy.finders.chinese import (
    FESTIVALS,
    NEW_YEARS_EVE,
    TERM_FESTIVALS,
    ChineseMonth,
    civil_days,
    civil_start,
    find_chinese_months,
)
from astronomy.finders.solar_longitude import find_solar_crossings
from astronomy.finders.solar_terms import TERMS
from astronomy.finders.window import Window, open_window, supported_span
from astronomy.sampling import Sky

STEMS: Final = ("jia", "yi", "bing", "ding", "wu", "ji", "geng", "xin", "ren", "gui")
BRANCHES: Final = (
    "zi", "chou", "yin", "mao", "chen", "si", "wu", "wei", "shen", "you", "xu", "hai",
)  # fmt: skip
ANIMALS: Final = (
    "rat", "ox", "tiger", "rabbit", "dragon", "snake",
    "horse", "goat", "monkey", "rooster", "dog", "pig",
)  # fmt: skip
# Names in the scripts of the calendars themselves; by longitude, from 0 degrees.
TERMS_ZH: Final = (
    "春分", "清明", "谷雨", "立夏", "小满", "芒种", "夏至", "小暑",
    "大暑", "立秋", "处暑", "白露", "秋分", "寒露", "霜降", "立冬",
    "小雪", "大雪", "冬至", "小寒", "大寒", "立春", "雨水", "惊蛰",
)  # fmt: skip
TERMS_JA: Final = (
    "春分", "清明", "穀雨", "立夏", "小満", "芒種", "夏至", "小暑",
    "大暑", "立秋", "処暑", "白露", "秋分", "寒露", "霜降", "立冬",
    "小雪", "大雪", "冬至", "小寒", "大寒", "立春", "雨水", "啓蟄",
)  # fmt: skip
_STEM_SIGNS: Final = "甲乙丙丁戊己庚辛壬癸"
_BRANCH_SIGNS: Final = "子丑寅卯辰巳午未申酉戌亥"
_DIGITS: Final = "一二三四五六七八九十"
_MONTH_SIGNS: Final = ("正", *_DIGITS[1:], "冬", "腊")
# Year 4 is the first of a cycle, as is the day 2000-01-07, Julian day number 2451551.
_YEAR_OF_CYCLE: Final = 4
_DAY_OF_CYCLE: Final = 11
_CYCLE: Final = 60


@dataclass(frozen=True, slots=True)
class CyclePlace:
    """A place in the cycle of sixty: stem 1 to 10 and branch 1 to 12."""

    number: int

    @property
    def stem(self) -> str:
        """Return the stem in pinyin without tones."""
        return STEMS[(self.number - 1) % len(STEMS)]

    @property
    def branch(self) -> str:
        """Return the branch in pinyin without tones."""
        return BRANCHES[(self.number - 1) % len(BRANCHES)]

    @property
    def animal(self) -> str:
        """Return the animal of the branch."""
        return ANIMALS[(self.number - 1) % len(ANIMALS)]

    @property
    def han(self) -> str:
        """Return both signs, such as 丙午."""
        stem, branch = (self.number - 1) % len(STEMS), (self.number - 1) % len(BRANCHES)
        return _STEM_SIGNS[stem] + _BRANCH_SIGNS[branch]


def year_cycle(year: int) -> CyclePlace:
    """Return stem, branch and animal of the Chinese year that begins in a Gregorian one."""
    return CyclePlace((year - _YEAR_OF_CYCLE) % _CYCLE + 1)


@dataclass(frozen=True, slots=True)
class SolarTerm:
    """A solar term: its place in TERMS and its instant."""

    index: int
    at: datetime

    @property
    def code(self) -> str:
        """Return the name in pinyin without tones."""
        return TERMS[self.index]


@dataclass(frozen=True, slots=True)
class ChineseDay:
    """A civil day of China; ``year`` is the Gregorian one in which the Chinese year began."""

    day: date
    year: int
    month: int
    leap: bool
    day_of_month: int
    month_days: int
    midnight_margin_s: float
    term: SolarTerm | None
    festivals: tuple[str, ...]

    @property
    def year_cycle(self) -> CyclePlace:
        """Return stem, branch and animal of the year."""
        return year_cycle(self.year)

    @property
    def day_cycle(self) -> CyclePlace:
        """Return stem and branch of the day."""
        return CyclePlace((julian_day_number(self.day) - _DAY_OF_CYCLE) % _CYCLE + 1)

    @property
    def han(self) -> str:
        """Return the date in Chinese, such as 丙午年十月初三."""
        leap = "闰" if self.leap else ""
        month = _MONTH_SIGNS[self.month - 1]
        return f"{self.year_cycle.han}年{leap}{month}月{_day_sign(self.day_of_month)}"


def chinese_days(sky: Sky, days: Sequence[date]) -> list[ChineseDay]:
    """Return the Chinese dates of consecutive civil ``days``, oldest first.

    Frame, zone and rule: as finders.chinese.    Raises: EphemerisRangeError outside the span.
    """
    window = _window(sky, days[0], days[-1])
    months = find_chinese_months(sky, window)
    terms = dict(_terms(sky, window))
    eves = {month.next_first - timedelta(days=1) for month in months if month.ends_year}
    found, at = [], 0
    for day in days:
        while months[at].next_first <= day:
            at += 1
        found.append(_day(day, months[at], terms.get(day), day in eves))
    return found


def _window(sky: Sky, first: date, last: date) -> Window:
    """Return a window over the days, cut where the product's span ends within a zone's hours."""
    low, high = supported_span(sky.ephemeris)
    day = timedelta(days=1)
    start, end = civil_start(first), civil_start(last) + day
    inside = low <= start + day and end - day <= high
    return open_window(
        sky.ephemeris, max(start, low) if inside else start, min(end, high) if inside else end
    )


def _terms(sky: Sky, window: Window) -> Iterator[tuple[date, SolarTerm]]:
    crossings = find_solar_crossings(sky, window, 15.0)
    days, _ = civil_days(sky, crossings.confirmed.days)
    moments = utc_datetimes(sky, crossings.confirmed.days)
    for day, index, at in zip(days, crossings.multiple, moments, strict=True):
        yield day, SolarTerm(int(index), at.astimezone(UTC))


def _day(day: date, month: ChineseMonth, term: SolarTerm | None, eve: bool) -> ChineseDay:
    number = (day - month.first).days + 1
    festivals = [
        kind
        for kind, of_month, of_day in FESTIVALS
        if (of_month, of_day) == (month.number, number) and not month.leap
    ]
    if eve:
        festivals.append(NEW_YEARS_EVE)
    if term and term.index in TERM_FESTIVALS:
        festivals.append(TERM_FESTIVALS[term.index])
    return ChineseDay(
        day=day,
        year=month.year,
        month=month.number,
        leap=month.leap,
        day_of_month=number,
        month_days=month.length_days,
        midnight_margin_s=month.margin_s,
        term=term,
        festivals=tuple(festivals),
    )


def _day_sign(day: int) -> str:
    if day <= 10:
        return f"初{_DIGITS[day - 1]}"
    if day < 20:
        return f"十{_DIGITS[day - 11]}"
    if day == 20:
        return "二十"
    return f"廿{_DIGITS[day - 21]}" if day < 30 else "三十"
