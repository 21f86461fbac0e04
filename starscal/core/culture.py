"""What a language's readers are used to: their week, their clock, their calendars."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from babel import Locale

from starscal.core.formats import locale_of

HourCycle = Literal["h12", "h23"]
# Calendars that are shown beside the Gregorian one, by what almanacs of the language print.
CALENDARS: Final[dict[str, tuple[str, ...]]] = {
    "zh-hans": ("chinese", "solar_terms"),
    "hi": ("hindu",),
    "ja": ("solar_terms",),
    "ru": ("julian", "orthodox"),
    "hy": ("armenian",),
}


@dataclass(frozen=True, slots=True)
class Culture:
    """Days count as in ISO 8601: 1 is Monday, 7 is Sunday. ``weekend`` is in order."""

    first_weekday: int
    weekend: tuple[int, ...]
    hour_cycle: HourCycle
    calendars: tuple[str, ...]


@lru_cache(maxsize=16)
def culture_of(language: str) -> Culture:
    """Return the customs of the country whose formats a language has (CLDR), and its calendars."""
    locale = locale_of(language)
    return Culture(
        first_weekday=locale.first_week_day + 1,
        weekend=_weekend(locale),
        hour_cycle=_hour_cycle(locale),
        calendars=CALENDARS.get(language, ()),
    )


def _weekend(locale: Locale) -> tuple[int, ...]:
    first, last = locale.weekend_start, locale.weekend_end
    return tuple((first + at) % 7 + 1 for at in range((last - first) % 7 + 1))


def _hour_cycle(locale: Locale) -> HourCycle:
    return "h12" if "h" in str(locale.time_formats["short"].pattern) else "h23"
