"""Why counts and instants differ where they do."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

NOTES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "skyfield": """
`almanac` and `eclipselib` where they have a search, else `find_discrete`, `find_maxima` and
`find_minima` with the longest steps that lose nothing elsewhere. It has none of `solar_eclipses`,
`alignments` and `cultural`. Where *Years* is less than 10, seconds are scaled to ten years.

- Ours does more in `lunar_eclipses` (contacts, saros) and `lunar_apsides` (supermoons, micromoons,
  blue moons), and confirms and describes each event.
- Lunar eclipses: `eclipselib` has Danjon's shadow, ours 1/50 (ADR 0012): the penumbral eclipse of
  2016-08-18 is none to it; it leaves out light time, hence the seconds.
- Ingresses: steps of 0.1 day lose short passes of the Moon over a corner of a constellation.
- Elongations: to Skyfield's magnitude of Venus the Sun stands in the barycentre of the solar
  system, which moves the greatest brilliancy by hours.
- Occultations: by the same rule, planets but Pluto, and stars.
- Extremes are found to a second, changes to a millisecond: the library's own tolerances.
""",
        "engine": """
Its own searches, but `stations`, `ingresses` (signs) and `aspects`: these go through its general
`Search` from brackets in a table of daily longitudes. It is written in Python, without a kernel.
It has none of the rest. Where *Years* is less than 10, seconds are scaled to ten years.

- Ours does more: quadratures, extremes of declination, ingresses into constellations, the full
  moons of `lunar_apsides`, and the circumstances of each event.
- Sun conjunctions: it compares heliocentric longitudes, without light time and aberration:
  minutes.
- Lunar eclipses: it has another shadow, to which 2016-08-18 is none.
- Elongations: another formula of the magnitude of Venus moves its greatest brilliancy by days.
- Apsides and stations: truncated series, most felt where a distance or a longitude hardly changes.
""",
        "pyephem": """
Its searches for phases, equinoxes and solstices, in C; it has none of the other families.
Ours builds an event with its circumstances for each.
""",
        "place": """
Skyfield by `find_risings`, `find_settings` and `find_transits`; the others by their own,
astronomy-engine once instead of the best of the rounds.
""",
    }
)
