"""What ephem's own searches find."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from types import MappingProxyType
from typing import Any, Final

from bench.astronomy.peers import add_peers_to_path
from bench.astronomy.shared import (
    J2000_JD,
    PLACE,
    PLACE_YEAR,
    SUN_LEVELS_DEG,
    TRANSIT,
    Event,
    Search,
)

add_peers_to_path()

ephem: Final[Any] = import_module("ephem")

_DUBLIN_JD: Final = 2_415_020.0
_DAY_S: Final = 86_400.0
_PHASES: Final = (
    ("new_moon", ephem.next_new_moon),
    ("first_quarter", ephem.next_first_quarter_moon),
    ("full_moon", ephem.next_full_moon),
    ("last_quarter", ephem.next_last_quarter_moon),
)
_SEASONS: Final = (
    ("march_equinox", ephem.next_vernal_equinox),
    ("june_solstice", ephem.next_summer_solstice),
    ("september_equinox", ephem.next_autumnal_equinox),
    ("december_solstice", ephem.next_winter_solstice),
)
_TEN: Final = (
    *(ephem.Sun, ephem.Moon, ephem.Mercury, ephem.Venus, ephem.Mars),
    *(ephem.Jupiter, ephem.Saturn, ephem.Uranus, ephem.Neptune, ephem.Pluto),
)
# Half an arcminute of time past an event, so that the same is not found again.
_SKIP_DAYS: Final = 1e-3


def _days(date: Any) -> float:
    """Return days of TT since J2000.0: ephem counts in UT from noon of the last day of 1899."""
    return float(date) + _DUBLIN_JD - J2000_JD + float(ephem.delta_t(date)) / _DAY_S


def _all(first: int, last: int, search: Callable[[Any], Any]) -> list[float]:
    end, found = ephem.Date(f"{last}/1/1"), []
    date = search(ephem.Date(f"{first}/1/1"))
    while date < end:
        found.append(_days(date))
        date = search(ephem.Date(date + _SKIP_DAYS))
    return found


def _moon_phases(first: int, last: int) -> list[Event]:
    return [
        Event(kind, "moon", days) for kind, search in _PHASES for days in _all(first, last, search)
    ]


def _seasons(first: int, last: int) -> list[Event]:
    return [
        Event(kind, "sun", days) for kind, search in _SEASONS for days in _all(first, last, search)
    ]


SEARCHES: Final[Mapping[str, Search]] = MappingProxyType(
    {"moon_phases": _moon_phases, "seasons": _seasons}
)


def place_year() -> list[Event]:
    """Return rise, set, transit, twilights and golden hour of a year at the place."""
    observer = ephem.Observer()
    observer.lat, observer.lon = math.radians(PLACE[1]), math.radians(PLACE[2])
    observer.pressure = 0.0
    found = []
    for make in _TEN:
        body = make()
        name = body.name.lower()
        is_disc = name in ("sun", "moon")
        levels = [(-34.0 / 60.0, not is_disc)]
        levels += [(level, True) for level in SUN_LEVELS_DEG if name == "sun"]
        for level_deg, centre in levels:
            found += _passages(observer, body, level_deg, centre=centre)
        transits = _observed(partial(observer.next_transit, body), observer)
        found += [Event(TRANSIT, name, days) for days in transits]
    return found


def _passages(observer: Any, body: Any, level_deg: float, *, centre: bool) -> list[Event]:
    observer.horizon = math.radians(level_deg)
    return [
        Event("level", body.name.lower(), days)
        for search in (observer.next_rising, observer.next_setting)
        for days in _observed(partial(search, body, use_center=centre), observer)
    ]


def _observed(search: Callable[[], Any], observer: Any) -> list[float]:
    end, found = ephem.Date(f"{PLACE_YEAR + 1}/1/1"), []
    observer.date = ephem.Date(f"{PLACE_YEAR}/1/1")
    while observer.date < end:
        try:
            date = search()
        except (ephem.AlwaysUpError, ephem.NeverUpError):
            observer.date += 1.0  # no such passage in the next day: ask the day after
            continue
        if date < end:
            found.append(_days(date))
        observer.date = date + _SKIP_DAYS
    return found
