"""Where in time to look for the event of a key: middles and reaches from mean motions alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, TypeAlias

from astronomy.constants import TROPICAL_YEAR_D
from astronomy.finders.aspects import PAIRS as ASPECT_PAIRS
from astronomy.finders.conjunctions import APPROACH_ARCS
from astronomy.finders.conjunctions import PAIRS as CONJUNCTION_PAIRS
from astronomy.finders.constellations import middle_longitudes_deg
from astronomy.finders.lunation import EQUINOX_2000_DAYS
from astronomy.finders.pairs import Pair, has_turns, looping_planet, mean_angle_deg
from astronomy.finders.turns import COUNT_2000, INNER_PLANETS, PLANETS, synodic_rate

# Days since J2000.0 and how far the event may be from them; None for a key that names nothing.
Span: TypeAlias = tuple[float, float]

_SEASON_REACH_D: Final = 8.0
# No angle strays farther from its mean one: Mars by 57 degrees, the Moon by 8, and right
# ascensions or closest approaches another 10 from longitudes.
_ANGLE_REACH_DEG: Final = 76.0
# No planet strays farther from its mean synodic count, in cycles: Mercury by 0.08.
_COUNT_REACH: Final = 0.12
# The parts of a cycle in which a planet may go backwards, or stand, about its middle.
_LOOP: Final = 0.26
_CONSTELLATION_REACH_DEG: Final = 48.0


def _year(text: str, angle_deg: float) -> float:
    return EQUINOX_2000_DAYS + (int(text) - 2000 + angle_deg / 360.0) * TROPICAL_YEAR_D


def _turn(pair: Pair, text: str, angle_deg: float, reach_deg: float) -> Span:
    start_deg, rate_deg = mean_angle_deg(pair)
    days = ((int(text) - COUNT_2000) * 360.0 + angle_deg - start_deg) / rate_deg
    return days, reach_deg / abs(rate_deg)


def _cycle(planet: str, count: float, reach: float) -> Span:
    start, rate = synodic_rate(planet)
    return (count - start) / rate, (reach + _COUNT_REACH) / rate


def _pass(planet: str, text: str) -> Span:
    arc = int(text)
    return _cycle(planet, arc / 2.0, 0.5 if arc % 2 else _LOOP)


def _pair_span(pair: Pair, index: str, angle_deg: float) -> Span | None:
    """Return the span of an index as the pairs of aspects and conjunctions have it."""
    numbers = index.split("-")
    planet = looping_planet(pair)
    if len(numbers) != has_turns(pair) + (planet is not None):
        return None
    if planet is None:
        return _turn(pair, numbers[0], angle_deg, _ANGLE_REACH_DEG)
    return _pass(planet, numbers[-1])


def _solar_term(found: re.Match[str]) -> Span | None:
    if int(found["angle"]) % 15 or int(found["angle"]) >= 360:
        return None
    return _year(found["number"], float(found["angle"])), _SEASON_REACH_D


def _sun_conjunction(found: re.Match[str]) -> Span | None:
    planet, angle_deg = found["planet"], float(found["angle"])
    if planet in INNER_PLANETS:
        if angle_deg % 180.0:
            return None
        return _cycle(planet, int(found["number"]) + angle_deg / 360.0, 0.0)
    return _turn(("sun", planet), found["number"], angle_deg, _ANGLE_REACH_DEG)


def _conjunction(found: re.Match[str]) -> Span | None:
    pair = (found["first"], found["second"])
    if pair not in CONJUNCTION_PAIRS:
        return None
    span = _pair_span(pair, found["index"], 0.0)
    planet = looping_planet(pair)
    if span is None or planet is None or found["way"] != "near":
        return span
    return _cycle(planet, int(found["index"].split("-")[-1]) / APPROACH_ARCS, 2.0 / APPROACH_ARCS)


def _aspect(found: re.Match[str]) -> Span | None:
    pair = (found["first"], found["second"])
    if pair not in ASPECT_PAIRS:
        return None
    return _pair_span(pair, found["index"], float(found["angle"]))


def _near_inferior(found: re.Match[str]) -> Span:
    """Return the span of a station or an elongation, on either side of a whole count."""
    return _cycle(found["planet"], float(found["number"]), _LOOP)


def _sign(found: re.Match[str]) -> Span | None:
    body, angle_deg = found["body"], float(found["angle"])
    if angle_deg % 30.0 or angle_deg >= 360.0:
        return None
    if body == "sun":
        return (
            None if "-" in found["index"] else (_year(found["index"], angle_deg), _SEASON_REACH_D)
        )
    return _pair_span((body, None), found["index"], angle_deg)


def _constellation(found: re.Match[str]) -> Span | None:
    middle_deg = middle_longitudes_deg().get(found["name"])
    if middle_deg is None:
        return None
    if found["body"] == "sun":
        return _year(found["number"], middle_deg), _CONSTELLATION_REACH_DEG
    return _turn(("moon", None), found["number"], middle_deg, _CONSTELLATION_REACH_DEG)


Locate: TypeAlias = Callable[[re.Match[str]], Span | None]

_PLANET: Final = f"(?P<planet>{'|'.join(PLANETS)})"
_BODY: Final = f"(?P<body>sun|moon|{'|'.join(PLANETS)})"
_INNER: Final = f"(?P<planet>{'|'.join(INNER_PLANETS)})"
_PAIR: Final = r"(?P<first>[a-z]+)-(?P<second>[a-z]+)"
_INDEX: Final = r"(?P<index>\d{1,6}(?:-\d{1,6})?)"
_NUMBER: Final = r"(?P<number>\d{1,6})"
_ANGLE: Final = r"(?P<angle>\d{3})"

# Family, shape of the key, and where to look.
KEY_SPANS: Final[tuple[tuple[str, re.Pattern[str], Locate], ...]] = tuple(
    (family, re.compile(pattern, re.ASCII), locate)
    for family, pattern, locate in (
        ("solar_terms", rf"solar-terms-sun-{_NUMBER}-{_ANGLE}", _solar_term),
        (
            "sun_conjunctions",
            rf"sun-conjunctions-{_PLANET}-{_NUMBER}-(?P<angle>000|090|180|270)",
            _sun_conjunction,
        ),
        ("conjunctions", rf"conjunctions-{_PAIR}-(?P<way>lon|ra|near)-{_INDEX}", _conjunction),
        (
            "elongations",
            rf"elongations-{_INNER}-{_NUMBER}-(?:east|west|bright-east|bright-west)",
            _near_inferior,
        ),
        ("stations", rf"stations-{_PLANET}-{_NUMBER}-(?:retrograde|direct)", _near_inferior),
        ("ingresses", rf"ingresses-{_BODY}-{_ANGLE}-{_INDEX}", _sign),
        (
            "ingresses",
            rf"ingresses-(?P<body>sun|moon)-(?P<name>[a-z]{{3}})-{_NUMBER}-\d{{1,2}}",
            _constellation,
        ),
        (
            "aspects",
            rf"aspects-{_PAIR}-(?P<angle>000|060|090|120|180|240|270|300)-{_INDEX}",
            _aspect,
        ),
    )
)
