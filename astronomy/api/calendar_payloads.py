"""The days of the calendars as the API writes them, with names in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TypedDict

from astronomy import calendar_names as names
from astronomy.api.calendar_parameters import HinduAsked
from astronomy.api.local_payloads import PlacePayload, place_payload
from astronomy.calendar_names import Names
from astronomy.calendars.armenian import MONTHS as ARMENIAN_MONTHS
from astronomy.calendars.armenian import armenian_date
from astronomy.calendars.chinese import TERMS_JA, TERMS_ZH, ChineseDay, CyclePlace, SolarTerm
from astronomy.calendars.churches import (
    ARMENIAN,
    ORTHODOX,
    WESTERN,
    feasts_between,
    julian_date,
)
from astronomy.calendars.hindu import HinduDay, Limb, karana_code
from astronomy.calendars.hindu_months import MONTHS as HINDU_MONTHS
from astronomy.timescales import format_utc

_HALF = 15
# The 27 sums of the longitudes of Sun and Moon, in Sanskrit.
YOGAS = (
    "vishkambha", "priti", "ayushman", "saubhagya", "shobhana", "atiganda", "sukarma", "dhriti",
    "shula", "ganda", "vriddhi", "dhruva", "vyaghata", "harshana", "vajra", "siddhi", "vyatipata",
    "variyan", "parigha", "shiva", "siddha", "sadhya", "shubha", "shukla", "brahma", "indra",
    "vaidhriti",
)  # fmt: skip


class Named(TypedDict):
    """A code that stays, and what it is called in the reader's language."""

    code: str
    name: str


class CyclePayload(TypedDict):
    """A place in the cycle of sixty."""

    number: int
    stem: str
    branch: str
    han: str


class TermPayload(TypedDict):
    """A solar term that falls on the day."""

    code: str
    name: str
    name_zh: str
    name_ja: str
    longitude_deg: float
    utc: str


class ChineseDate(TypedDict):
    """A civil day of China in the Chinese calendar."""

    date: str
    year: int
    year_cycle: CyclePayload
    animal: Named
    month: int
    leap: bool
    month_days: int
    day: int
    day_cycle: CyclePayload
    han: str
    midnight_margin_s: int
    term: TermPayload | None
    festivals: list[Named]


class ChineseDateList(TypedDict):
    """Days of the Chinese calendar."""

    calendar: str
    days: list[ChineseDate]


class LimbPayload(TypedDict):
    """What prevails at sunrise, and until when."""

    number: int
    code: str
    ends: str


class NamedLimb(TypedDict):
    """What prevails at sunrise, by name, and until when."""

    number: int
    code: str
    name: str
    ends: str


class HinduMonth(TypedDict):
    """A lunar month: counted from the new or from the full moon."""

    number: int
    code: str
    name: str
    leap: bool


class Panchanga(TypedDict):
    """What the Hindu calendar says of a day at its sunrise."""

    sunrise: str
    tithi: NamedLimb
    paksha: Named
    nakshatra: NamedLimb
    yoga: LimbPayload
    karana: LimbPayload
    skipped_tithi: int | None
    amanta_month: HinduMonth
    purnimanta_month: HinduMonth
    saka_year: int
    vikram_year: int
    observances: list[Named]
    festivals: list[Named]
    ayanamsa_deg: float


class HinduDate(TypedDict):
    """A civil day at a place; no panchanga where the Sun does not rise."""

    date: str
    panchanga: Panchanga | None
    reason: str | None


class HinduDateList(TypedDict):
    """Days of the Hindu calendar at a place."""

    calendar: str
    place: PlacePayload
    timezone: str
    ayanamsa: str
    days: list[HinduDate]


class ArmenianDate(TypedDict):
    """A day of the old Armenian calendar, with the feasts of the Armenian Church."""

    date: str
    year: int
    month: Named
    day: int
    feasts: list[Named]


class ArmenianDateList(TypedDict):
    """Days of the Armenian calendar."""

    calendar: str
    days: list[ArmenianDate]


class ChristianDate(TypedDict):
    """A day of the Gregorian and the Julian calendar, with movable feasts."""

    date: str
    julian_date: str
    western: list[Named]
    orthodox: list[Named]


class ChristianDateList(TypedDict):
    """Days of the Western and Orthodox churches."""

    calendar: str
    days: list[ChristianDate]


def chinese_date(day: ChineseDay) -> ChineseDate:
    """Return one day of the Chinese calendar, names in the active language.

    Time scale: the civil day of China.    Units: seconds for the margin.
    Source: GB/T 33661-2017.
    """
    return {
        "date": day.day.isoformat(),
        "year": day.year,
        "year_cycle": _cycle(day.year_cycle),
        "animal": _named(names.ANIMALS, day.year_cycle.animal),
        "month": day.month,
        "leap": day.leap,
        "month_days": day.month_days,
        "day": day.day_of_month,
        "day_cycle": _cycle(day.day_cycle),
        "han": day.han,
        "midnight_margin_s": round(day.midnight_margin_s),
        "term": _term(day.term) if day.term else None,
        "festivals": _all_named(names.CHINESE_FESTIVALS, day.festivals),
    }


def hindu_list(asked: HinduAsked, days: Sequence[HinduDay | None]) -> HinduDateList:
    """Return the panchanga of days at a place, one entry a day; a day without sunrise says so.

    Time scale: the zone that was asked for.    Units: degrees.    Shape: as ``asked.days``.
    Raises: ValueError if ``days`` are not as many.
    """
    return {
        "calendar": "hindu",
        "place": place_payload(asked.place),
        "timezone": asked.zone.key,
        "ayanamsa": asked.ayanamsa,
        "days": [
            {
                "date": civil.isoformat(),
                "panchanga": _panchanga(day, asked) if day else None,
                "reason": None if day else "no_sunrise",
            }
            for civil, day in zip(asked.days, days, strict=True)
        ],
    }


def armenian_dates(days: Sequence[date]) -> list[ArmenianDate]:
    """Return days of the old Armenian calendar with the feasts of the Church, one entry a day.

    Time scale: the civil day of Armenia.    Shape: as ``days``, which are consecutive.
    """
    feasts = _feasts(ARMENIAN, days)
    found: list[ArmenianDate] = []
    for day in days:
        old = armenian_date(day)
        month = _named(names.ARMENIAN_MONTHS, ARMENIAN_MONTHS[old.month - 1])
        found.append(
            {
                "date": day.isoformat(),
                "year": old.year,
                "month": month,
                "day": old.day,
                "feasts": feasts.get(day, []),
            }
        )
    return found


def christian_dates(days: Sequence[date]) -> list[ChristianDate]:
    """Return Julian dates and the feasts of Western and Orthodox churches, one entry a day.

    Time scale: the civil day, of no zone.    Shape: as ``days``, which are consecutive.
    """
    western, orthodox = _feasts(WESTERN, days), _feasts(ORTHODOX, days)
    return [
        {
            "date": day.isoformat(),
            "julian_date": "{:04d}-{:02d}-{:02d}".format(*julian_date(day)),
            "western": western.get(day, []),
            "orthodox": orthodox.get(day, []),
        }
        for day in days
    ]


def _feasts(church: str, days: Sequence[date]) -> dict[date, list[Named]]:
    found: dict[date, list[Named]] = {}
    for each in feasts_between(church, days[0], days[-1]):
        found.setdefault(each.day, []).append(_named(names.FEASTS, each.feast))
    return found


def _panchanga(day: HinduDay, asked: HinduAsked) -> Panchanga:
    tithi = tithi_code(day.tithi.number)
    nakshatra = list(names.NAKSHATRAS)[day.nakshatra.number - 1]
    return {
        "sunrise": _local(day.sunrise, asked),
        "tithi": _named_limb(day.tithi, names.TITHIS, tithi, asked),
        "paksha": _named(names.PAKSHAS, day.paksha),
        "nakshatra": _named_limb(day.nakshatra, names.NAKSHATRAS, nakshatra, asked),
        "yoga": _limb(day.yoga, YOGAS[day.yoga.number - 1], asked),
        "karana": _limb(day.karana, karana_code(day.karana.number), asked),
        "skipped_tithi": day.skipped_tithi,
        "amanta_month": _hindu_month(day.month, leap=day.leap),
        "purnimanta_month": _hindu_month(day.full_month, leap=day.full_leap),
        "saka_year": day.saka_year,
        "vikram_year": day.vikram_year,
        "observances": _all_named(names.TITHIS, day.observances),
        "festivals": _all_named(names.HINDU_FESTIVALS, day.festivals),
        "ayanamsa_deg": day.ayanamsa_deg,
    }


def tithi_code(number: int) -> str:
    """Return the name of a tithi, 1 to 30: the 15th of the dark half is amavasya."""
    codes = list(names.TITHIS)
    return codes[-1] if number == 2 * _HALF else codes[(number - 1) % _HALF]


def _hindu_month(number: int, *, leap: bool) -> HinduMonth:
    code = HINDU_MONTHS[number - 1]
    return {
        "number": number,
        "code": code,
        "name": str(names.HINDU_MONTHS[code]),
        "leap": leap,
    }


def _limb(limb: Limb, code: str, asked: HinduAsked) -> LimbPayload:
    return {"number": limb.number, "code": code, "ends": _local(limb.ends, asked)}


def _named_limb(limb: Limb, table: Names, code: str, asked: HinduAsked) -> NamedLimb:
    ends = _local(limb.ends, asked)
    return {"number": limb.number, "code": code, "name": str(table[code]), "ends": ends}


def _local(moment: datetime, asked: HinduAsked) -> str:
    return moment.astimezone(asked.zone).isoformat(timespec="seconds")


def _term(term: SolarTerm) -> TermPayload:
    return {
        "code": term.code,
        "name": str(names.TERMS[term.code]),
        "name_zh": TERMS_ZH[term.index],
        "name_ja": TERMS_JA[term.index],
        "longitude_deg": 15.0 * term.index,
        "utc": format_utc(term.at),
    }


def _cycle(place: CyclePlace) -> CyclePayload:
    return {
        "number": place.number,
        "stem": place.stem,
        "branch": place.branch,
        "han": place.han,
    }


def _named(table: Names, code: str) -> Named:
    return {"code": code, "name": str(table[code])}


def _all_named(table: Names, codes: Iterable[str]) -> list[Named]:
    return [_named(table, code) for code in codes]
