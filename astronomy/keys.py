"""From the key of an event back to where in time to look for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from astronomy.constants import SPAN_END, SPAN_START, SYNODIC_MONTH_D, TROPICAL_YEAR_D
from astronomy.finders import apsides, lunar_apsides, lunar_nodes, transits
from astronomy.finders.counts import KeyRule, Locate
from astronomy.finders.lunation import (
    EQUINOX_2000_DAYS,
    GOLDSTINE_2000,
    NEW_MOON_2000_DAYS,
)

_EPOCH: Final = datetime(2000, 1, 1, 12, tzinfo=UTC)
_FIRST: Final = datetime.fromisoformat(SPAN_START).replace(tzinfo=UTC)
_LAST: Final = datetime.fromisoformat(SPAN_END).replace(tzinfo=UTC)

# The true phase is within 16 hours of the mean one, the Sun within 5 days of the mean Sun.
_PHASE_REACH_D: Final = 2.0
_SEASON_REACH_D: Final = 8.0


@dataclass(frozen=True, slots=True)
class KeyWindow:
    """A short window ``[start, end)`` in UTC that holds the event of a key, and its family."""

    family: str
    start: datetime
    end: datetime


def _lunation_days(number: str, elongation_deg: float) -> float:
    lunations = int(number) - GOLDSTINE_2000 + elongation_deg / 360.0
    return NEW_MOON_2000_DAYS + lunations * SYNODIC_MONTH_D


def _season_days(found: re.Match[str]) -> float:
    years = int(found["number"]) - 2000 + int(found["angle"]) / 360.0
    return EQUINOX_2000_DAYS + years * TROPICAL_YEAR_D


_ANGLE: Final = r"(?P<number>\d{1,6})-(?P<angle>000|090|180|270)"
_SAROS: Final = r"[a-z]+(?:-[a-z]+)*-(?P<number>\d{1,6})-\d{1,3}"
_FAMILIES: Final[Mapping[str, tuple[re.Pattern[str], Locate, float]]] = {
    "moon_phases": (
        re.compile(rf"moon-phases-moon-{_ANGLE}", re.ASCII),
        lambda found: _lunation_days(found["number"], float(found["angle"])),
        _PHASE_REACH_D,
    ),
    "seasons": (
        re.compile(rf"seasons-sun-{_ANGLE}", re.ASCII),
        _season_days,
        _SEASON_REACH_D,
    ),
    "solar_eclipses": (
        re.compile(rf"solar-eclipses-{_SAROS}", re.ASCII),
        lambda found: _lunation_days(found["number"], 0.0),
        _PHASE_REACH_D,
    ),
    "lunar_eclipses": (
        re.compile(rf"lunar-eclipses-{_SAROS}", re.ASCII),
        lambda found: _lunation_days(found["number"], 180.0),
        _PHASE_REACH_D,
    ),
}

_RULES: Final[tuple[KeyRule, ...]] = (
    *(KeyRule(family, *rule) for family, rule in _FAMILIES.items()),
    *lunar_apsides.KEYS,
    *lunar_nodes.KEYS,
    *apsides.KEYS,
    *transits.KEYS,
)


def key_window(key: str) -> KeyWindow | None:
    """Return where to search for the event of ``key``, or None for a key that names none.

    The window follows from the number in the key by mean motions alone; whether the event exists
    is for the finder to say. It is cut to 1900-01-01 to 2101-01-01.

    Time scale out: UTC, to be searched, never to be shown.    Tolerance: the event is inside.
    """
    for rule in _RULES:
        found = rule.pattern.fullmatch(key)
        if found:
            return _window(rule.family, rule.locate(found), rule.reach_d)
    return None


def _window(family: str, days: float, reach_d: float) -> KeyWindow | None:
    try:
        middle = _EPOCH + timedelta(days=days)
        start = max(middle - timedelta(days=reach_d), _FIRST)
        end = min(middle + timedelta(days=reach_d), _LAST)
    except OverflowError:
        return None
    return KeyWindow(family, start, end) if start < end else None
