"""What astronomy-engine's own searches find.

The package and our core have one name, so that its module is loaded from its file.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import combinations, pairwise
from types import MappingProxyType, ModuleType
from typing import Any, Final

from bench.astronomy.peers import PEERS_DIR
from bench.astronomy.shared import PLACE, PLACE_YEAR, SUN_LEVELS_DEG, TRANSIT, Event, Search


def _loaded() -> ModuleType:
    path = PEERS_DIR / "astronomy" / "astronomy.py"
    spec = importlib.util.spec_from_file_location("astronomy_engine", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


ae: Final[Any] = _loaded()
_INNER: Final = (ae.Body.Mercury, ae.Body.Venus)
_OUTER: Final = (
    *(ae.Body.Mars, ae.Body.Jupiter, ae.Body.Saturn),
    *(ae.Body.Uranus, ae.Body.Neptune, ae.Body.Pluto),
)
_TEN: Final = (ae.Body.Sun, ae.Body.Moon, *_INNER, *_OUTER)
_QUARTERS: Final = ("new_moon", "first_quarter", "full_moon", "last_quarter")
_SEASONS: Final = (
    ("march_equinox", "mar_equinox"),
    ("june_solstice", "jun_solstice"),
    ("september_equinox", "sep_equinox"),
    ("december_solstice", "dec_solstice"),
)
_ASPECTS: Final = (0, 60, 90, 120, 180, 240, 270, 300)
_HALF_TURN: Final = 180.0
_TOLERANCE_S: Final = 1.0
_RATE_STEP_DAYS: Final = 0.05


def _name(body: Any) -> str:
    return str(body.name).lower()


def _chain(
    first: int, last: int, search: Callable[[Any], Any], following: Callable[[Any], Any], at: str
) -> Iterator[Any]:
    """Return what ``search`` and then ``following`` find in the years."""
    end = ae.Time.Make(last, 1, 1, 0, 0, 0)
    found = search(ae.Time.Make(first, 1, 1, 0, 0, 0))
    while getattr(found, at) < end:
        yield found
        found = following(found)


def _repeated(first: int, last: int, search: Callable[[Any], Any], skip_days: float) -> list[Any]:
    """Return the instants that ``search`` finds, each from a little after the one before."""
    end, found = ae.Time.Make(last, 1, 1, 0, 0, 0), []
    time = search(ae.Time.Make(first, 1, 1, 0, 0, 0))
    while time is not None and time < end:
        found.append(time)
        time = search(time.AddDays(skip_days))
    return found


def _moon_phases(first: int, last: int) -> list[Event]:
    found = _chain(first, last, ae.SearchMoonQuarter, ae.NextMoonQuarter, "time")
    return [Event(_QUARTERS[each.quarter], "moon", each.time.tt) for each in found]


def _seasons(first: int, last: int) -> list[Event]:
    years = [ae.Seasons(year) for year in range(first, last)]
    return [
        Event(kind, "sun", getattr(year, field).tt) for year in years for kind, field in _SEASONS
    ]


def _solar_terms(first: int, last: int) -> list[Event]:
    end, found = ae.Time.Make(last, 1, 1, 0, 0, 0), []
    time, degrees = ae.Time.Make(first, 1, 1, 0, 0, 0), 285
    while (time := ae.SearchSunLongitude(degrees % 360, time, 20.0)) < end:
        found.append(Event("solar_term", "sun", time.tt))
        degrees += 15
    return found


def _solar_eclipses(first: int, last: int) -> list[Event]:
    found = _chain(
        *(first, last, ae.SearchGlobalSolarEclipse),
        lambda eclipse: ae.NextGlobalSolarEclipse(eclipse.peak),
        "peak",
    )
    return [Event("solar_eclipse", "sun-moon", each.peak.tt) for each in found]


def _lunar_eclipses(first: int, last: int) -> list[Event]:
    found = _chain(
        *(first, last, ae.SearchLunarEclipse),
        lambda eclipse: ae.NextLunarEclipse(eclipse.peak),
        "peak",
    )
    return [Event("lunar_eclipse", "moon", each.peak.tt) for each in found]


def _sun_conjunctions(first: int, last: int) -> list[Event]:
    found = []
    for body in (*_INNER, *_OUTER):
        for degrees in (0, 180):
            opposed = body in _OUTER and degrees == 0
            times = _repeated(
                *(first, last),
                partial(ae.SearchRelativeLongitude, body, degrees),
                10.0,
            )
            kind = "opposition" if opposed else "conjunction"
            found += [Event(kind, _name(body), time.tt) for time in times]
    return found


def _later_elongation(body: Any, before: Any) -> Any:
    return ae.SearchMaxElongation(body, before.time.AddDays(1.0))


def _later_transit(body: Any, before: Any) -> Any:
    return ae.NextTransit(body, before.finish)


def _elongations(first: int, last: int) -> list[Event]:
    found = []
    for body in _INNER:
        for each in _chain(
            *(first, last),
            partial(ae.SearchMaxElongation, body),
            partial(_later_elongation, body),
            "time",
        ):
            side = "east" if each.visibility == ae.Visibility.Evening else "west"
            found.append(Event(f"greatest_elongation_{side}", _name(body), each.time.tt))
    brightest = _chain(
        *(first, last),
        lambda time: ae.SearchPeakMagnitude(ae.Body.Venus, time),
        lambda before: ae.SearchPeakMagnitude(ae.Body.Venus, before.time.AddDays(1.0)),
        "time",
    )
    return [
        *found,
        *(Event("venus_greatest_brilliancy", "venus", each.time.tt) for each in brightest),
    ]


def _lunar_apsides(first: int, last: int) -> list[Event]:
    found = _chain(first, last, ae.SearchLunarApsis, ae.NextLunarApsis, "time")
    return [
        Event("perigee" if each.kind == ae.ApsisKind.Pericenter else "apogee", "moon", each.time.tt)
        for each in found
    ]


def _lunar_nodes(first: int, last: int) -> list[Event]:
    found = _chain(first, last, ae.SearchMoonNode, ae.NextMoonNode, "time")
    return [
        Event(
            "ascending_node" if each.kind == ae.NodeEventKind.Ascending else "descending_node",
            "moon",
            each.time.tt,
        )
        for each in found
    ]


def _apsides(first: int, last: int) -> list[Event]:
    return [
        Event(
            "perihelion" if each.kind == ae.ApsisKind.Pericenter else "aphelion",
            _name(body),
            each.time.tt,
        )
        for body in (*_INNER, ae.Body.Earth, *_OUTER)
        for each in _chain(
            *(first, last),
            partial(ae.SearchPlanetApsis, body),
            partial(ae.NextPlanetApsis, body),
            "time",
        )
    ]


def _transits(first: int, last: int) -> list[Event]:
    return [
        Event("transit", _name(body), each.peak.tt)
        for body in _INNER
        for each in _chain(
            *(first, last),
            partial(ae.SearchTransit, body),
            partial(_later_transit, body),
            "peak",
        )
    ]


def _longitude_deg(body: Any, time: Any) -> float:
    if body == ae.Body.Sun:
        return float(ae.SunPosition(time).elon)
    if body == ae.Body.Moon:
        return float(ae.EclipticGeoMoon(time).lon)
    return float(ae.Ecliptic(ae.GeoVector(body, time, True)).elon)


def _daily(first: int, last: int) -> tuple[list[Any], dict[Any, list[float]]]:
    """Return days, and the longitudes on them, which all generic searches share."""
    start, end = (ae.Time.Make(year, 1, 1, 0, 0, 0) for year in (first, last))
    times = [start.AddDays(day) for day in range(int(end.ut - start.ut) + 1)]
    return times, {body: [_longitude_deg(body, time) for time in times] for body in _TEN}


def _crossings(
    times: list[Any],
    coarse_deg: list[float],
    exact_deg: Callable[[Any], float],
    arcs: tuple[int, ...],
) -> Iterator[Any]:
    """Return when an angle passes one of ``arcs``: bracketed in a table, found by ``Search``."""
    steps = zip(pairwise(times), pairwise(coarse_deg), strict=True)
    for (before, after), (at_first, at_last) in steps:
        for arc in arcs:
            ahead = _wrapped(at_first - arc), _wrapped(at_last - arc)
            if (ahead[0] < 0.0) != (ahead[1] < 0.0) and abs(ahead[1] - ahead[0]) < _HALF_TURN:
                sign = 1.0 if ahead[1] > ahead[0] else -1.0
                yield ae.Search(
                    lambda _, time, arc=arc, sign=sign: sign * _wrapped(exact_deg(time) - arc),
                    *(None, before, after, _TOLERANCE_S),
                )


def _wrapped(degrees: float) -> float:
    return (degrees + _HALF_TURN) % (2.0 * _HALF_TURN) - _HALF_TURN


def _ahead_deg(one: Any, other: Any, time: Any) -> float:
    return _longitude_deg(one, time) - _longitude_deg(other, time)


def _ingresses(first: int, last: int) -> list[Event]:
    times, table = _daily(first, last)
    signs = tuple(range(0, 360, 30))
    return [
        Event("ingress", _name(body), time.tt)
        for body in _TEN
        for time in _crossings(times, table[body], partial(_longitude_deg, body), signs)
    ]


def _aspects(first: int, last: int) -> list[Event]:
    times, table = _daily(first, last)
    return [
        Event("aspect", f"{_name(one)}-{_name(other)}", time.tt)
        for one, other in combinations(_TEN, 2)
        for time in _crossings(
            times,
            [a - b for a, b in zip(table[one], table[other], strict=True)],
            partial(_ahead_deg, one, other),
            _ASPECTS,
        )
    ]


def _stations(first: int, last: int) -> list[Event]:
    times, table = _daily(first, last)
    found = []
    for body in (*_INNER, *_OUTER):
        speeds = [_wrapped(after - before) for before, after in pairwise(table[body])]
        for day, (before, after) in enumerate(pairwise(speeds)):
            if (before < 0.0) != (after < 0.0):
                time = ae.Search(
                    lambda _, time, body=body, sign=1.0 if after > before else -1.0: (
                        sign * _speed(body, time)
                    ),
                    *(None, times[day], times[day + 2], _TOLERANCE_S),
                )
                found.append(Event("station", _name(body), time.tt))
    return found


def _speed(body: Any, time: Any) -> float:
    later, earlier = time.AddDays(_RATE_STEP_DAYS), time.AddDays(-_RATE_STEP_DAYS)
    return _wrapped(_longitude_deg(body, later) - _longitude_deg(body, earlier))


SEARCHES: Final[Mapping[str, Search]] = MappingProxyType(
    {
        "moon_phases": _moon_phases,
        "seasons": _seasons,
        "solar_terms": _solar_terms,
        "solar_eclipses": _solar_eclipses,
        "lunar_eclipses": _lunar_eclipses,
        "sun_conjunctions": _sun_conjunctions,
        "elongations": _elongations,
        "lunar_apsides": _lunar_apsides,
        "lunar_nodes": _lunar_nodes,
        "apsides": _apsides,
        "transits": _transits,
        "stations": _stations,
        "ingresses": _ingresses,
        "aspects": _aspects,
    }
)


def place_year() -> list[Event]:
    """Return rise, set, transit, twilights and golden hour of a year at the place."""
    years = PLACE_YEAR, PLACE_YEAR + 1
    observer = ae.Observer(PLACE[1], PLACE[2], 0.0)
    found = []
    for body in _TEN:
        for way in (ae.Direction.Rise, ae.Direction.Set):
            for search in _level_searches(body, observer, way):
                times = _repeated(*years, search, 0.01)
                found += [Event("level", _name(body), time.tt) for time in times]
        transits = _repeated(
            *years,
            partial(_transit, body, observer),
            0.01,
        )
        found += [Event(TRANSIT, _name(body), time.tt) for time in transits]
    return found


def _transit(body: Any, observer: Any, time: Any) -> Any:
    return ae.SearchHourAngle(body, observer, 0.0, time).time


def _level_searches(body: Any, observer: Any, way: Any) -> list[Callable[[Any], Any]]:
    levels = SUN_LEVELS_DEG if body == ae.Body.Sun else ()
    return [
        lambda time: ae.SearchRiseSet(body, observer, way, time, 30.0),
        *(
            lambda time, level=level: ae.SearchAltitude(body, observer, way, time, 370.0, level)
            for level in levels
        ),
    ]
