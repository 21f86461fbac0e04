"""The movable feasts of the Western, Orthodox and Armenian churches, by their own rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from types import MappingProxyType
from typing import Final, TypeAlias

from dateutil.easter import EASTER_ORTHODOX, EASTER_WESTERN, easter
from skyfield.timelib import compute_calendar_date

WESTERN: Final = "western"
ORTHODOX: Final = "orthodox"
ARMENIAN: Final = "armenian"
CHURCHES: Final = (WESTERN, ORTHODOX, ARMENIAN)
# The Armenian Church took the Gregorian calendar on 1923-11-06; before, it kept the Julian.
ARMENIAN_FROM: Final = 1924
EASTER: Final = "easter"
_COMPUTUS: Final[Mapping[str, int]] = MappingProxyType(
    {WESTERN: EASTER_WESTERN, ORTHODOX: EASTER_ORTHODOX, ARMENIAN: EASTER_WESTERN}
)
_TYPICAL_EASTER: Final = 104  # April 14: between March 22 and May 8, the Orthodox of 1983
_ANY_YEAR: Final = 2025
_JULIAN_ALWAYS: Final = 1 << 40
_JDN_OF_ORDINAL_0: Final = 1_721_425

# Days after Easter: Meyendorff et al., Typikon; General Roman Calendar; Tonatsuyts of the
# Armenian Church.
_AFTER_EASTER: Final[Mapping[str, Mapping[str, int]]] = MappingProxyType(
    {
        WESTERN: {
            "ash_wednesday": -46,
            "palm_sunday": -7,
            "maundy_thursday": -3,
            "good_friday": -2,
            EASTER: 0,
            "ascension": 39,
            "pentecost": 49,
            "trinity_sunday": 56,
            "corpus_christi": 60,
        },
        ORTHODOX: {
            "great_lent": -48,
            "palm_sunday": -7,
            "maundy_thursday": -3,
            "good_friday": -2,
            EASTER: 0,
            "ascension": 39,
            "pentecost": 49,
            "all_saints": 56,
        },
        ARMENIAN: {
            "saint_vardan": -52,
            "poon_barekendan": -49,
            "great_lent": -48,
            "palm_sunday": -7,
            "maundy_thursday": -3,
            "good_friday": -2,
            EASTER: 0,
            "new_sunday": 7,
            "green_sunday": 14,
            "ascension": 39,
            "pentecost": 49,
            "vardavar": 98,
        },
    }
)
_DateRule: TypeAlias = Callable[[int], date]


def _sunday_nearest(month: int, day: int) -> _DateRule:
    """Return the rule of the Sunday from three days before a date to three days after it."""

    def rule(year: int) -> date:
        latest = date(year, month, day) + timedelta(days=3)
        return latest - timedelta(days=latest.isoweekday() % 7)

    return rule


def _on(month: int, day: int) -> _DateRule:
    return lambda year: date(year, month, day)


# The Armenian Church keeps these on the nearest Sunday, a few on their date.
_BY_DATE: Final[Mapping[str, Mapping[str, _DateRule]]] = MappingProxyType(
    {
        WESTERN: {"advent": _sunday_nearest(11, 30)},
        ORTHODOX: {},
        ARMENIAN: {
            "theophany": _on(1, 6),
            "presentation": _on(2, 14),
            "annunciation": _on(4, 7),
            "assumption": _sunday_nearest(8, 15),
            "exaltation_of_the_cross": _sunday_nearest(9, 14),
            "cross_of_varag": _sunday_nearest(9, 28),
            "advent": _sunday_nearest(11, 18),
        },
    }
)
FEASTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {church: (*_AFTER_EASTER[church], *_BY_DATE[church]) for church in CHURCHES}
)


@dataclass(frozen=True, slots=True)
class Feast:
    """A feast of a church on its Gregorian date."""

    church: str
    feast: str
    year: int
    day: date


def easter_day(church: str, year: int) -> date:
    """Return the Gregorian date of Easter: the church's own computus, no astronomy.

    Western and Armenian: Gregorian computus. Orthodox: Julian computus.
    Source: python-dateutil; Explanatory Supplement (2013), ch. 15.
    """
    found: date = easter(year, _COMPUTUS[church])
    return found


def church_feasts(church: str, year: int) -> list[Feast]:
    """Return the feasts of a Gregorian year in the order of their days."""
    if church == ARMENIAN and year < ARMENIAN_FROM:
        return []
    paschal = easter_day(church, year)
    moving = (
        (feast, paschal + timedelta(days=days)) for feast, days in _AFTER_EASTER[church].items()
    )
    fixed = ((feast, rule(year)) for feast, rule in _BY_DATE[church].items())
    found = [Feast(church, feast, year, day) for feast, day in chain(moving, fixed)]
    return sorted(found, key=lambda each: each.day)


def typical_day(church: str, feast: str) -> int:
    """Return about which day of the year a feast falls on: 24 days at most are missing."""
    if feast in _AFTER_EASTER[church]:
        return _TYPICAL_EASTER + _AFTER_EASTER[church][feast]
    return _BY_DATE[church][feast](_ANY_YEAR).timetuple().tm_yday


def feasts_between(church: str, first: date, last: date) -> Iterator[Feast]:
    """Yield the feasts of ``first`` to ``last``, both included."""
    for year in range(first.year, last.year + 1):
        yield from (each for each in church_feasts(church, year) if first <= each.day <= last)


def julian_day_number(day: date) -> int:
    """Return the Julian day number of the noon of a Gregorian date."""
    return day.toordinal() + _JDN_OF_ORDINAL_0


def julian_date(day: date) -> tuple[int, int, int]:
    """Return year, month and day of a Gregorian date in the Julian calendar."""
    year, month, day_ = compute_calendar_date(julian_day_number(day), _JULIAN_ALWAYS)
    return int(year), int(month), int(day_)
