"""The day of an event in calendars beside the Gregorian one, as a page writes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from babel.dates import format_skeleton
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _

from astronomy import calendar_names as names
from astronomy import provider
from astronomy.api.calendar_parameters import INDIA
from astronomy.api.calendar_payloads import tithi_code
from astronomy.api.calendars import ARMENIA, CHINA
from astronomy.calendars.armenian import MONTHS as ARMENIAN_MONTHS
from astronomy.calendars.armenian import armenian_date
from astronomy.calendars.chinese import ChineseDay, chinese_days
from astronomy.calendars.churches import ARMENIAN, ORTHODOX, WESTERN, feasts_between, julian_date
from astronomy.calendars.hindu import HinduDay, hindu_days
from astronomy.calendars.hindu_months import MONTHS as HINDU_MONTHS
from astronomy.errors import EphemerisRangeError
from astronomy.finders.solar_terms import TERMS
from astronomy.limits import require_moments
from astronomy.sampling import longitude_deg
from astronomy.timescales import days_from_datetime
from starscal.core.formats import active_locale

JAPAN: Final = ZoneInfo("Asia/Tokyo")
KEPT_DAYS: Final = 4_000  # of one calendar each; below 1 kB
TERM_DEG: Final = 15.0
LEAP_YEAR: Final = 2000  # has every day that a Julian date may name
# What a person asks for, and what of it a page shows.
CHOSEN: Final[Mapping[str, tuple[str, ...]]] = {
    "chinese": ("chinese", "solar_terms"),
    "hindu": ("hindu",),
    "armenian": ("armenian",),
    "christian": ("julian", "western", "orthodox"),
}


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day in another calendar: what the calendar is called, the date, and its feasts."""

    code: str
    label: str
    text: str
    feasts: tuple[str, ...] = ()


def calendar_days(at: datetime, day: date | None, calendars: Iterable[str]) -> list[CalendarDay]:
    """Return the day in each of ``calendars`` that has something to say, in the active language.

    An instant falls on the civil day of the calendar's own country; ``day`` is that of an event
    which is a whole day. Days that the kernel does not reach are left out.
    """
    found = []
    for code in calendars:
        zone, write = CALENDARS[code]
        try:
            shown = write(day or at.astimezone(zone).date())
        except EphemerisRangeError:
            continue
        if shown is not None:
            found.append(shown)
    return found


def _chinese(day: date) -> CalendarDay:
    found = _chinese_day(day)
    feasts = tuple(str(names.CHINESE_FESTIVALS[code]) for code in found.festivals)
    return _calendar_day("chinese", _chinese_text(found), feasts)


def _chinese_text(found: ChineseDay) -> str:
    if get_language() == "zh-hans":
        return found.han
    told = {
        "day": found.day_of_month,
        "month": found.month,
        "animal": names.ANIMALS[found.year_cycle.animal],
    }
    if found.leap:
        # Translators: a date of the Chinese calendar; animal is a name such as "Horse"
        return _("day %(day)d of leap month %(month)d, year of the %(animal)s") % told
    # Translators: a date of the Chinese calendar; animal is a name such as "Horse"
    return _("day %(day)d of month %(month)d, year of the %(animal)s") % told


def _solar_term(day: date) -> CalendarDay:
    zone = JAPAN if get_language() == "ja" else CHINA
    return _calendar_day("solar_terms", str(names.TERMS[_term_in_force(day, zone)]))


def _hindu(day: date) -> CalendarDay | None:
    found = _hindu_day(day)
    if found is None:
        return None
    month = str(names.HINDU_MONTHS[HINDU_MONTHS[found.full_month - 1]])
    if found.full_leap:
        # Translators: a leap month of the Hindu calendar, such as "Adhika Jyeshtha"
        month = _("Adhika %(month)s") % {"month": month}
    # Translators: a day of the Hindu calendar: month, half of the month, lunar day, asterism, year
    text = _("%(month)s, %(paksha)s %(tithi)s, %(nakshatra)s, Vikram Samvat %(year)d") % {
        "month": month,
        "paksha": names.PAKSHAS[found.paksha],
        "tithi": names.TITHIS[tithi_code(found.tithi.number)],
        "nakshatra": list(names.NAKSHATRAS.values())[found.nakshatra.number - 1],
        "year": found.vikram_year,
    }
    return _calendar_day(
        "hindu", text, tuple(str(names.HINDU_FESTIVALS[code]) for code in found.festivals)
    )


def _armenian(day: date) -> CalendarDay:
    old = armenian_date(day)
    # Translators: a date of the old Armenian calendar
    text = _("%(day)d %(month)s %(year)d") % {
        "day": old.day,
        "month": names.ARMENIAN_MONTHS[ARMENIAN_MONTHS[old.month - 1]],
        "year": old.year,
    }
    return _calendar_day("armenian", text, _feasts(ARMENIAN, day))


def _julian(day: date) -> CalendarDay:
    _year, month, of_month = julian_date(day)
    shown = date(LEAP_YEAR, month, of_month)
    return _calendar_day("julian", str(format_skeleton("MMMMd", shown, locale=active_locale())))


def _western(day: date) -> CalendarDay | None:
    return _church(WESTERN, day)


def _orthodox(day: date) -> CalendarDay | None:
    return _church(ORTHODOX, day)


def _church(church: str, day: date) -> CalendarDay | None:
    """Return the feasts of a church; most days have none."""
    first, *others = (*_feasts(church, day), "")
    return _calendar_day(church, first, tuple(filter(None, others))) if first else None


def _feasts(church: str, day: date) -> tuple[str, ...]:
    return tuple(str(names.FEASTS[each.feast]) for each in feasts_between(church, day, day))


def _calendar_day(code: str, text: str, feasts: tuple[str, ...] = ()) -> CalendarDay:
    return CalendarDay(code, str(LABELS[code]), text, feasts)


@lru_cache(maxsize=KEPT_DAYS)
def _chinese_day(day: date) -> ChineseDay:
    with provider.locked_sky() as sky:
        return chinese_days(sky, [day])[0]


@lru_cache(maxsize=KEPT_DAYS)
def _hindu_day(day: date) -> HinduDay | None:
    """Return what prevails at the sunrise of the central station of India."""
    with provider.locked_sky() as sky:
        return hindu_days(sky, [day])[0]


@lru_cache(maxsize=KEPT_DAYS)
def _term_in_force(day: date, zone: ZoneInfo) -> str:
    """Return the solar term that began last before a civil day ends."""
    end = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
    require_moments(provider.ephemeris(), [end])
    with provider.locked_sky() as sky:
        at = np.array([days_from_datetime(sky.timescale, end)])
        sun_deg = float(longitude_deg(sky.vector_au("sun", at))[0])
    return TERMS[int(sun_deg % 360.0 // TERM_DEG)]


# Translators: stands before a date in another calendar, as a label
LABELS: Final[Mapping[str, str | Promise]] = {
    "chinese": pgettext_lazy("calendar", "Chinese calendar"),
    "solar_terms": pgettext_lazy("calendar", "Solar term"),
    "hindu": pgettext_lazy("calendar", "Hindu calendar"),
    "armenian": pgettext_lazy("calendar", "Old Armenian calendar"),
    "julian": pgettext_lazy("calendar", "Julian calendar"),
    "western": pgettext_lazy("calendar", "Western church feast"),
    "orthodox": pgettext_lazy("calendar", "Orthodox church feast"),
}
CALENDARS: Final[Mapping[str, tuple[ZoneInfo, Callable[[date], CalendarDay | None]]]] = {
    "chinese": (CHINA, _chinese),
    "solar_terms": (CHINA, _solar_term),
    "hindu": (INDIA, _hindu),
    "armenian": (ARMENIA, _armenian),
    "julian": (ZoneInfo("UTC"), _julian),
    "western": (ZoneInfo("UTC"), _western),
    "orthodox": (ZoneInfo("UTC"), _orthodox),
}
