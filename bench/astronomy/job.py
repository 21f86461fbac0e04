"""One measurement in a process of its own: ``python -m bench.astronomy.job JOB``.

Seconds are those of the processor, so that a busy machine counts less; imports and opening the
kernel are not counted, sampling and confirming are. The answer is one JSON line.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from types import MappingProxyType
from typing import Any, Final

from astronomy.ephemeris import Ephemeris, open_ephemeris
from astronomy.finders import FAMILIES
from bench.astronomy import ours, plain_skyfield
from bench.astronomy.plain import Plain
from bench.astronomy.shared import DECADE, FIRST_YEAR, PEERS, WHOLE_SPAN, Event, Search

_KIB_PER_MB: Final = 1024


def _timed(run: Callable[[], Any]) -> tuple[float, Any]:
    """Return the seconds of the processor and the result."""
    begun = time.process_time()
    result = run()
    return time.process_time() - begun, result


def _decade() -> dict[str, Any]:
    with open_ephemeris() as ephemeris:
        seconds, found = _timed(
            lambda: ours.found(ephemeris, FAMILIES, FIRST_YEAR, FIRST_YEAR + DECADE)
        )
    return {"seconds": seconds, "count": len(found), "events": _by_family(found)}


def _by_family(found: list[Any]) -> dict[str, list[Event]]:
    families: dict[str, list[Event]] = {name: [] for name in FAMILIES}
    for each, event in zip(found, ours.as_events(found), strict=True):
        families[each.family].append(event)
    return families


def _whole() -> dict[str, Any]:
    with open_ephemeris() as ephemeris:
        seconds, count = _timed(lambda: ours.streamed(ephemeris, *WHOLE_SPAN))
    return {"seconds": seconds, "count": count}


def _ours_shared(peer: str) -> dict[str, Any]:
    """Search what a peer can search: together, then each family from an empty sky of its own."""
    years, families = (FIRST_YEAR, FIRST_YEAR + DECADE), list(PEERS[peer].families)
    with open_ephemeris() as ephemeris:
        together, _ = _timed(lambda: ours.found(ephemeris, families, *years))
        each = {
            family: _timed(partial(ours.found, ephemeris, [family], *years))[0]
            for family in families
        }
    return {"seconds": together, "families": each}


def _peer(peer: str) -> dict[str, Any]:
    seconds, events = {}, {}
    with open_ephemeris() as ephemeris:
        searches = _searches(peer, ephemeris)
        for family, shared in PEERS[peer].families.items():
            years = FIRST_YEAR, FIRST_YEAR + shared.years
            taken, events[family] = _timed(partial(searches[family], *years))
            seconds[family] = taken * DECADE / shared.years
    return {"seconds": sum(seconds.values()), "families": seconds, "events": events}


def _searches(peer: str, ephemeris: Ephemeris) -> Mapping[str, Search]:
    if peer == "skyfield":
        return {
            name: partial(_plainly, ephemeris, search)
            for name, search in plain_skyfield.SEARCHES.items()
        }
    searches: Mapping[str, Search] = import_module(f"bench.astronomy.{peer}").SEARCHES
    return searches


def _plainly(
    ephemeris: Ephemeris, search: Callable[[Plain], list[Event]], first: int, last: int
) -> list[Event]:
    return search(Plain(ephemeris, first, last))


def _place(side: str) -> dict[str, Any]:
    with open_ephemeris() as ephemeris:
        if side == "ours":
            seconds, found = _timed(lambda: ours.place_year(ephemeris))
            events = ours.as_place_events(ephemeris, found)
        elif side == "skyfield":
            seconds, events = _timed(lambda: plain_skyfield.place_year(ephemeris))
        else:
            seconds, events = _timed(import_module(f"bench.astronomy.{side}").place_year)
    return {"seconds": seconds, "count": len(events), "events": {"place": events}}


def _exact(_: str) -> dict[str, Any]:
    with open_ephemeris() as ephemeris:
        plain = Plain(ephemeris, FIRST_YEAR, FIRST_YEAR + DECADE)
        return {"seconds": 0.0, "events": plain_skyfield.exact(plain)}


_JOBS: Final[Mapping[str, Callable[[str], dict[str, Any]]]] = MappingProxyType(
    {
        "decade": lambda _: _decade(),
        "whole": lambda _: _whole(),
        "ours": _ours_shared,
        "peer": _peer,
        "place": _place,
        "exact": _exact,
    }
)


def main() -> None:
    """Measure what is named, as in ``peer skyfield``."""
    name, side = (*sys.argv[1:3], "")[:2]
    measured = _JOBS[name](side)
    measured["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIB_PER_MB
    print(json.dumps(measured))


if __name__ == "__main__":
    main()
