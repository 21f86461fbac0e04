"""The families as one would search them with `skyfield.almanac`, `eclipselib` and `searchlib`.

The steps are the longest of the almanac's own kind that lose nothing over the decade.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from skyfield import almanac, almanac_east_asia, eclipselib
from skyfield.api import load_constellation_map, load_constellation_names, wgs84
from skyfield.framelib import ecliptic_J2000_frame
from skyfield.magnitudelib import planetary_magnitude

from astronomy.bodies import BODIES
from astronomy.ephemeris import Ephemeris
from astronomy.finders.aspects import PAIRS as ASPECT_PAIRS
from astronomy.finders.conjunctions import APPROACH_LIMIT_DEG, PAIRS
from astronomy.finders.meteor_showers import SHOWERS
from astronomy.timescales import Floats
from bench.astronomy.plain import HALF_TURN_DEG, Plain, days_of
from bench.astronomy.shared import PLACE, PLACE_YEAR, SUN_LEVELS_DEG, TRANSIT, Event

_QUARTERS: Final = ("new_moon", "first_quarter", "full_moon", "last_quarter")
_SEASONS: Final = ("march_equinox", "june_solstice", "september_equinox", "december_solstice")
_INNER: Final = ("mercury", "venus")
_PLANETS: Final = tuple(body for body in BODIES if body not in ("sun", "moon"))
_ASPECT_EDGES_DEG: Final = (60.0, 90.0, 120.0, 180.0, 240.0, 270.0, 300.0)
_APSIS_STEP_DAYS: Final = {"mercury": 10.0, "venus": 25.0, "earth": 40.0, "mars": 60.0}
_CRESCENT_DEG: Final = (90.0, 150.0)
_SUN_RADIUS_KM: Final = 695_700.0
_RADIUS_KM: Final = {"mercury": 2_439.7, "venus": 6_051.8, "moon": 1_737.4}
_EXACT_DAYS: Final = 1e-9
_SECOND_DAYS: Final = 1.0 / 86_400.0
_RATE_STEP_DAYS: Final = 0.01
_CONSTELLATIONS: Final = np.array(sorted(dict(load_constellation_names())))
_EARTH_RADIUS_KM: Final = 6_378.137


def moon_phases(plain: Plain) -> list[Event]:
    function = almanac.moon_phases(plain.kernel)
    times, which = almanac.find_discrete(plain.start, plain.end, function)
    found = zip(days_of(times), which, strict=True)
    return [Event(_QUARTERS[at], "moon", days) for days, at in found]


def seasons(plain: Plain) -> list[Event]:
    function = almanac.seasons(plain.kernel)
    times, which = almanac.find_discrete(plain.start, plain.end, function)
    return [
        Event(_SEASONS[at], "sun", days) for days, at in zip(days_of(times), which, strict=True)
    ]


def solar_terms(plain: Plain) -> list[Event]:
    function = almanac_east_asia.solar_terms(plain.kernel)
    times, _ = almanac.find_discrete(plain.start, plain.end, function)
    return [Event("solar_term", "sun", days) for days in days_of(times)]


def lunar_eclipses(plain: Plain) -> list[Event]:
    times, _, _ = eclipselib.lunar_eclipses(plain.start, plain.end, plain.kernel)
    return [Event("lunar_eclipse", "moon", days) for days in days_of(times)]


def sun_conjunctions(plain: Plain) -> list[Event]:
    # Which quarter turn a planet has just left, going back against the Sun.
    left = ("quadrature", "opposition", "quadrature", "conjunction")
    return [
        Event("conjunction" if planet in _INNER else left[quarter], planet, days)
        for planet in _PLANETS
        for days, quarter in plain.changes(partial(_quarter, plain, planet), 40.0)
    ]


def _quarter(plain: Plain, planet: str, time: Any) -> Any:
    return (plain.ahead_deg(planet, "sun", time) // 90.0).astype(int)


def conjunctions(plain: Plain) -> list[Event]:
    return [
        *_equal(plain, "conjunction_longitude", plain.longitude_deg),
        *_equal(plain, "conjunction_right_ascension", plain.right_ascension_deg),
        *_approaches(plain),
    ]


def _equal(plain: Plain, kind: str, coordinate: Callable[[str, Any], Floats]) -> list[Event]:
    def ahead_deg(first: str, second: str, time: Any) -> Floats:
        return (coordinate(first, time) - coordinate(second, time)) % 360.0

    def half(first: str, second: str, time: Any) -> Any:
        return (ahead_deg(first, second, time) // HALF_TURN_DEG).astype(int)

    found = []
    for first, second in PAIRS:
        function: Any = partial(half, first, second)
        function.step_days = _pair_step(first, second)
        times, _ = almanac.find_discrete(plain.start, plain.end, function)
        if len(times):
            # The halves change where the two are opposite as well.
            near = np.abs(ahead_deg(first, second, times) - HALF_TURN_DEG) > 90.0
            found += [Event(kind, f"{first}-{second}", days) for days in days_of(times[near])]
    return found


def _pair_step(first: str, second: str) -> float:
    if "moon" in (first, second):
        return 1.5
    return 3.0 if {first, second} & {*_INNER, "sun", "mars"} else 8.0


def _approaches(plain: Plain) -> list[Event]:
    return [
        Event("closest_approach", f"{first}-{second}", days)
        for first, second in PAIRS
        for days, separation in _minima(plain, first, second)
        if separation < APPROACH_LIMIT_DEG
    ]


def _minima(plain: Plain, first: str, second: str) -> Iterator[tuple[float, float]]:
    separation = partial(plain.separation_deg, first, second)
    return plain.extremes(separation, 4.0 if first == "moon" else 5.0, greatest=False)


def elongations(plain: Plain) -> list[Event]:
    found = []
    for planet in _INNER:
        separation = partial(plain.separation_deg, planet, "sun")
        for days, _ in plain.extremes(separation, 10.0, greatest=True):
            east = plain.ahead_deg(planet, "sun", plain.time(days)) < HALF_TURN_DEG
            kind = f"greatest_elongation_{'east' if east else 'west'}"
            found.append(Event(kind, planet, days))
    return found + _brilliancies(plain)


def _brilliancies(plain: Plain) -> list[Event]:
    def magnitude(time: Any) -> Any:
        return planetary_magnitude(plain.astrometric("venus", time))

    return [
        Event("venus_greatest_brilliancy", "venus", days)
        for days, _ in plain.extremes(magnitude, 10.0, greatest=False)
        if _CRESCENT_DEG[0] < _phase_angle_deg(plain, days) < _CRESCENT_DEG[1]
    ]


def _phase_angle_deg(plain: Plain, days: float) -> float:
    astrometric = plain.astrometric("venus", plain.time(days))
    return float(astrometric.phase_angle(plain.kernel["sun"]).degrees)


def stations(plain: Plain) -> list[Event]:
    return [
        Event("station", planet, days)
        for planet in _PLANETS
        for days, _ in plain.changes(partial(_is_direct, plain, planet), 8.0)
    ]


def _is_direct(plain: Plain, planet: str, time: Any) -> Any:
    after = plain.longitude_deg(planet, time + _RATE_STEP_DAYS)
    before = plain.longitude_deg(planet, time - _RATE_STEP_DAYS)
    return (after - before) % 360.0 < HALF_TURN_DEG


def ingresses(plain: Plain) -> list[Event]:
    return [*_sign_ingresses(plain), *_constellation_ingresses(plain)]


def _sign_ingresses(plain: Plain) -> list[Event]:
    return [
        Event("ingress", body, days)
        for body in BODIES
        for days, _ in plain.changes(partial(_sign, plain, body), 1.0 if body == "moon" else 5.0)
    ]


def _sign(plain: Plain, body: str, time: Any) -> Any:
    return (plain.longitude_deg(body, time) // 30.0).astype(int)


def _constellation_ingresses(plain: Plain) -> list[Event]:
    constellation_at = load_constellation_map()

    def constellation(body: str, time: Any) -> Any:
        return np.searchsorted(_CONSTELLATIONS, constellation_at(plain.apparent(body, time)))

    return [
        Event("constellation_ingress", body, days)
        for body, step_days in (("sun", 2.0), ("moon", 0.1))
        for days, _ in plain.changes(partial(constellation, body), step_days)
    ]


def aspects(plain: Plain) -> list[Event]:
    return [
        Event("aspect", f"{first}-{second}", days)
        for first, second in ASPECT_PAIRS
        for days, _ in plain.changes(partial(_arc, plain, first, second), _pair_step(first, second))
    ]


def _arc(plain: Plain, first: str, second: str, time: Any) -> Any:
    return np.searchsorted(_ASPECT_EDGES_DEG, plain.ahead_deg(first, second, time))


def lunar_apsides(plain: Plain) -> list[Event]:
    function = partial(_distance_km, plain, "earth", "moon")
    return [
        Event(kind, "moon", days)
        for kind, greatest in (("perigee", False), ("apogee", True))
        for days, _ in plain.extremes(function, 3.0, greatest=greatest)
    ]


def _distance_km(plain: Plain, center: str, body: str, time: Any) -> Any:
    target = plain.kernel["earth"] if body == "earth" else plain.target(body)
    return (target - plain.kernel[center]).at(time).distance().km


def lunar_nodes(plain: Plain) -> list[Event]:
    times, which = almanac.find_discrete(plain.start, plain.end, almanac.moon_nodes(plain.kernel))
    kinds = ("descending_node", "ascending_node")
    nodes = [
        Event(kinds[int(at)], "moon", days) for days, at in zip(days_of(times), which, strict=True)
    ]
    function = partial(plain.declination_deg, "moon")
    return nodes + [
        Event(kind, "moon", days)
        for kind, greatest in (("moon_northern_extreme", True), ("moon_southern_extreme", False))
        for days, _ in plain.extremes(function, 3.0, greatest=greatest)
    ]


def apsides(plain: Plain) -> list[Event]:
    return [
        Event(kind, body, days)
        for body in ("earth", *_PLANETS)
        for kind, greatest in (("perihelion", False), ("aphelion", True))
        for days, _ in plain.extremes(
            partial(_distance_km, plain, "sun", body),
            _APSIS_STEP_DAYS.get(body, 200.0),
            greatest=greatest,
        )
    ]


def transits(plain: Plain) -> list[Event]:
    return [
        Event("transit", planet, days)
        for planet in _INNER
        for days, separation in _minima(plain, planet, "sun")
        if _is_transit(plain, planet, days, separation)
    ]


def _is_transit(plain: Plain, planet: str, days: float, separation: float) -> bool:
    time = plain.time(days)
    away_km = [plain.apparent(body, time).distance().km for body in (planet, "sun")]
    radii_rad = _RADIUS_KM[planet] / away_km[0] + _SUN_RADIUS_KM / away_km[1]
    return bool(away_km[0] < away_km[1] and np.radians(separation) < radii_rad)


def occultations(plain: Plain) -> list[Event]:
    return [
        Event("occultation", f"{first}-{second}", days)
        for first, second in PAIRS
        if first == "moon" and second != "pluto"
        for days, separation in _minima(plain, first, second)
        if np.radians(separation) < _shadow_rad(plain, days)
    ]


def _shadow_rad(plain: Plain, days: float) -> float:
    """Return the Moon's radius and parallax."""
    away_km = plain.apparent("moon", plain.time(days)).distance().km
    return float(np.arcsin((_RADIUS_KM["moon"] + _EARTH_RADIUS_KM) / away_km))


def meteor_showers(plain: Plain) -> list[Event]:
    peaks = Counter(each.solar_longitude_deg for each in SHOWERS.values())
    edges_deg = np.array(sorted(peaks))

    def passed(time: Any) -> Any:
        _, longitude, _ = plain.apparent("sun", time).frame_latlon(ecliptic_J2000_frame)
        return np.searchsorted(edges_deg, longitude.degrees)

    return [
        Event("meteor_shower_peak", "earth", days)
        for days, number in plain.changes(passed, 10.0)
        if number  # else the longitude begins anew
        for _ in range(peaks[float(edges_deg[number - 1])])
    ]


SEARCHES: Final[Mapping[str, Callable[[Plain], list[Event]]]] = MappingProxyType(
    {
        search.__name__: search
        for search in (
            *(moon_phases, seasons, solar_terms, lunar_eclipses, sun_conjunctions, conjunctions),
            *(elongations, stations, ingresses, aspects, lunar_apsides, lunar_nodes, apsides),
            *(transits, occultations, meteor_showers),
        )
    }
)


def place_year(ephemeris: Ephemeris) -> list[Event]:
    """Return rise, set, transit, twilights and golden hour of a year at the place."""
    plain = Plain(ephemeris, PLACE_YEAR, PLACE_YEAR + 1)
    observer = plain.kernel["earth"] + wgs84.latlon(PLACE[1], PLACE[2])
    found = []
    for body in BODIES:
        window = observer, plain.target(body), plain.start, plain.end
        levels = (None, *SUN_LEVELS_DEG) if body == "sun" else (None,)
        for level_deg in levels:
            for search in (almanac.find_risings, almanac.find_settings):
                times, real = search(*window, level_deg)
                found += [Event("level", body, days) for days in days_of(times[real])]
        transits_of = almanac.find_transits(*window)
        found += [Event(TRANSIT, body, days) for days in days_of(transits_of)]
    return found


def exact(plain: Plain) -> dict[str, list[Event]]:
    """Return quarters, terms and nodes to 0.1 ms, with the complete nutation.

    Functions of the almanac take a shorter one, and stop a millisecond from the event.
    """

    def quarter(time: Any) -> Any:
        return (plain.ahead_deg("moon", "sun", time) // 90.0).astype(int)

    def term(time: Any) -> Any:
        return (plain.longitude_deg("sun", time) // 15.0).astype(int)

    node: Any = almanac.moon_nodes(plain.kernel)
    return {
        "moon_phases": [
            Event(_QUARTERS[at], "moon", days) for days, at in _once(plain, quarter, 7.0)
        ],
        "solar_terms": [Event("solar_term", "sun", days) for days, _ in _once(plain, term, 10.0)],
        "lunar_nodes": [
            Event("ascending_node" if at else "descending_node", "moon", days)
            for days, at in _once(plain, node, 12.0)
        ],
    }


def _once(plain: Plain, function: Any, step_days: float) -> Iterator[tuple[float, int]]:
    """Return changes, each once: within 0.1 ms a Julian date in one number may swing back."""
    before = -np.inf
    for days, now in plain.changes(function, step_days, _EXACT_DAYS):
        if days - before > _SECOND_DAYS:
            yield days, now
        before = days
