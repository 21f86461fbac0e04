"""What is measured: the spans, the place, and which families each peer can search."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

ROOT: Final = Path(__file__).resolve().parents[2]
DECADE: Final = 10
FIRST_YEAR: Final = 2010  # a decade with transits of Mercury and of Venus
WHOLE_SPAN: Final = (1900, 2101)
PLACE: Final = ("Berlin", 52.52, 13.405)
PLACE_YEAR: Final = 2026
J2000_JD: Final = 2_451_545.0
# Geometric altitudes of the Sun's centre: twilights, and the golden hour.
SUN_LEVELS_DEG: Final = (-18.0, -12.0, -6.0, -4.0, 6.0)
TRANSIT: Final = "transit"


class Event(NamedTuple):
    """An event as any side finds it: its kind, its bodies, and days of TT since J2000.0."""

    kind: str
    bodies: str
    days: float


# A search takes the first year and the first year that is no longer searched.
Search: TypeAlias = Callable[[int, int], list[Event]]


class Shared(NamedTuple):
    """The kinds of a family that a peer finds, and how many years of our decade it is given."""

    kinds: tuple[str, ...]
    years: int = DECADE


class Peer(NamedTuple):
    """Somebody else's library, and the families that it can search."""

    name: str
    title: str
    families: Mapping[str, Shared]


# What takes Skyfield minutes is given a part of the decade, long enough for its arrays to pay.
_HEAVY_YEARS: Final = 2
_PHASES: Final = Shared(("new_moon", "first_quarter", "full_moon", "last_quarter"))
_SEASONS: Final = Shared(
    ("march_equinox", "june_solstice", "september_equinox", "december_solstice")
)
_TERMS: Final = Shared(("solar_term",))
_LUNAR_ECLIPSES: Final = Shared(("lunar_eclipse",))
_ELONGATIONS: Final = Shared(
    ("greatest_elongation_east", "greatest_elongation_west", "venus_greatest_brilliancy")
)
_LUNAR_APSIDES: Final = Shared(("perigee", "apogee"))
_NODES: Final = ("ascending_node", "descending_node")
_APSIDES: Final = Shared(("perihelion", "aphelion"))
_TRANSITS: Final = Shared(("transit",))

SKYFIELD: Final = Peer(
    "skyfield",
    "plain Skyfield",
    {
        "moon_phases": _PHASES,
        "seasons": _SEASONS,
        "solar_terms": _TERMS,
        "lunar_eclipses": _LUNAR_ECLIPSES,
        "sun_conjunctions": Shared(("conjunction", "opposition", "quadrature")),
        "elongations": _ELONGATIONS,
        "lunar_apsides": _LUNAR_APSIDES,
        "lunar_nodes": Shared((*_NODES, "moon_northern_extreme", "moon_southern_extreme")),
        "apsides": _APSIDES,
        "transits": _TRANSITS,
        "meteor_showers": Shared(("meteor_shower_peak",)),
        "stations": Shared(("station",)),
        "ingresses": Shared(("ingress", "constellation_ingress"), _HEAVY_YEARS),
        "aspects": Shared(("aspect",), _HEAVY_YEARS),
        "conjunctions": Shared(
            ("conjunction_longitude", "conjunction_right_ascension", "closest_approach"),
            _HEAVY_YEARS,
        ),
        "occultations": Shared(("occultation",), _HEAVY_YEARS),
    },
)
ENGINE: Final = Peer(
    "engine",
    "astronomy-engine",
    {
        "moon_phases": _PHASES,
        "seasons": _SEASONS,
        "solar_terms": _TERMS,
        "solar_eclipses": Shared(("solar_eclipse",)),
        "lunar_eclipses": _LUNAR_ECLIPSES,
        "sun_conjunctions": Shared(("conjunction", "opposition")),
        "elongations": _ELONGATIONS,
        "lunar_apsides": _LUNAR_APSIDES,
        "lunar_nodes": Shared(_NODES),
        "apsides": _APSIDES,
        "transits": _TRANSITS,
        # It has no search of its own for these: they go through its general `Search`.
        "stations": Shared(("station",), 1),
        "ingresses": Shared(("ingress",), 1),
        "aspects": Shared(("aspect",), 1),
    },
)
GENERAL_SEARCH: Final = ("stations", "ingresses", "aspects")
EPHEM: Final = Peer("pyephem", "ephem", {"moon_phases": _PHASES, "seasons": _SEASONS})
PEERS: Final[Mapping[str, Peer]] = MappingProxyType(
    {peer.name: peer for peer in (SKYFIELD, ENGINE, EPHEM)}
)
