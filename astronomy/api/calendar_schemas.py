"""The schemas of the calendars in the OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from astronomy.api import calendar_payloads as payloads
from astronomy.calendars.ayanamsa import AYANAMSAS
from starscal.core.api.openapi import Schema, schema_of

_LOCAL: Final[Schema] = {
    "format": "date-time",
    "description": "Instant with the offset of the zone, to the second.",
}
_NOTES: Final[Mapping[str, str | Schema]] = {
    "date": {"format": "date", "description": "The civil day."},
    "code": "Stays the same in every language.",
    "name": "In the reader's language.",
    "calendar": "The calendar that was asked for.",
    "year_cycle": "Stem and branch of the year.",
    "day_cycle": "Stem and branch of the day.",
    "stem": "The heavenly stem in pinyin without tones.",
    "branch": "The earthly branch in pinyin without tones.",
    "month_days": "29 or 30.",
    "midnight_margin_s": "How far the new moon that began the month is from a midnight, seconds.",
    "term": "The solar term whose instant lies in the day, or null.",
    "name_zh": "In simplified Chinese.",
    "name_ja": "In Japanese.",
    "longitude_deg": "Apparent longitude of the Sun, degrees.",
    "utc": {"format": "date-time", "description": "Instant in UTC (UT1 before 1972)."},
    "ends": _LOCAL,
    "sunrise": _LOCAL,
    "timezone": "The zone whose civil days these are.",
    "ayanamsa": {"enum": list(AYANAMSAS), "description": "Where sidereal longitudes begin."},
    "ayanamsa_deg": "The ayanamsa at sunrise, degrees.",
    "skipped_tithi": "The tithi that begins and ends between this sunrise and the next, or null.",
    "saka_year": "Year of the Saka era, from Chaitra.",
    "vikram_year": "Year of the Vikram era, from Chaitra.",
    "reason": {"enum": ["no_sunrise", None], "description": "Why there is no panchanga."},
    "julian_date": "Year, month and day of the Julian calendar.",
    "observances": "Ekadashi, purnima or amavasya, if the day is kept for it.",
}
_OWN_NOTES: Final[Mapping[str, Mapping[str, str]]] = {
    "CyclePayload": {"han": "Both signs.", "number": "1 to 60."},
    "ChineseDate": {
        "han": "The date in Chinese.",
        "year": "The Gregorian year in which the Chinese year began.",
    },
    "ArmenianDate": {"year": "Year of the Armenian era."},
    "HinduMonth": {"number": "1 is Chaitra.", "leap": "Whether it is an adhika month."},
}
_PAYLOADS: Final[tuple[type, ...]] = (
    payloads.Named,
    payloads.CyclePayload,
    payloads.TermPayload,
    payloads.ChineseDate,
    payloads.ChineseDateList,
    payloads.LimbPayload,
    payloads.NamedLimb,
    payloads.HinduMonth,
    payloads.Panchanga,
    payloads.HinduDate,
    payloads.HinduDateList,
    payloads.ArmenianDate,
    payloads.ArmenianDateList,
    payloads.ChristianDate,
    payloads.ChristianDateList,
)


def schemas_add(result: Schema, **_context: Any) -> Schema:
    """Add the schemas of the calendars to the document (a hook of spectacular)."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    for kind in _PAYLOADS:
        schemas[kind.__name__] = schema_of(kind, {**_NOTES, **_OWN_NOTES.get(kind.__name__, {})})
    return result
