"""Our side: the finders as the service calls them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

from astronomy.bodies import BODIES
from astronomy.ephemeris import Ephemeris
from astronomy.finders import FAMILIES, find_occurrences, iterate_occurrences
from astronomy.observer.events import SkyEvent, find_sky_events
from astronomy.observer.place import Place
from astronomy.occurrence import Occurrence
from astronomy.sampling import Sky
from astronomy.timescales import days_from_datetime
from bench.astronomy.shared import J2000_JD, PLACE, PLACE_YEAR, TRANSIT, Event

# The peers do not tell these apart.
_PLAIN_KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "inferior_conjunction": "conjunction",
        "superior_conjunction": "conjunction",
        "east_quadrature": "quadrature",
        "west_quadrature": "quadrature",
        "station_retrograde": "station",
        "station_direct": "station",
    }
)


def found(
    ephemeris: Ephemeris, families: Collection[str], first: int, last: int
) -> list[Occurrence]:
    """Return the events of ``families`` from an empty sky."""
    return find_occurrences(Sky(ephemeris), _new_year(first), _new_year(last), families)


def streamed(ephemeris: Ephemeris, first: int, last: int) -> int:
    """Find all families, part by part as they are stored, and return how many events there were."""
    parts = iterate_occurrences(Sky(ephemeris), _new_year(first), _new_year(last), FAMILIES)
    return sum(len(part) for part in parts)


def place_year(ephemeris: Ephemeris) -> list[SkyEvent]:
    """Return what ten bodies do over the place in a year, from an empty sky."""
    return find_sky_events(
        Sky(ephemeris),
        Place(*PLACE[1:]),
        _new_year(PLACE_YEAR),
        _new_year(PLACE_YEAR + 1),
        list(BODIES),
    )


def as_events(occurrences: Collection[Occurrence]) -> list[Event]:
    """Return occurrences as the peers' events are written."""
    return [
        Event(
            _plain_kind(each.kind),
            "-".join(each.bodies),
            each.tt_jd1 - J2000_JD + each.tt_jd2,
        )
        for each in occurrences
    ]


def as_place_events(ephemeris: Ephemeris, found_events: Collection[SkyEvent]) -> list[Event]:
    """Return rises and transits as the peers' events are written."""
    return [
        Event(
            TRANSIT if each.event == TRANSIT else "level",
            each.body,
            days_from_datetime(ephemeris.timescale, each.utc),
        )
        for each in found_events
    ]


def _plain_kind(kind: str) -> str:
    return "aspect" if kind.startswith("aspect_") else _PLAIN_KINDS.get(kind, kind)


def _new_year(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=UTC)
