"""What has to be seen of an event: which bodies, when, and how dark it must be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np

from astronomy.bodies import BODIES
from astronomy.constants import J2000_JD
from astronomy.observer.levels import DARK_DEG, NIGHT_DEG
from astronomy.occurrence import Occurrence
from astronomy.stars import STARS
from astronomy.timescales import Floats

# Families with circumstances of their own, and those whose bodies are looked for by night.
TIMED: Final = frozenset({"solar_eclipses", "lunar_eclipses", "transits", "occultations"})
WATCHED: Final = frozenset(
    {
        "moon_phases",
        "sun_conjunctions",
        "conjunctions",
        "elongations",
        "stations",
        "lunar_apsides",
        "lunar_nodes",
        "meteor_showers",
        "alignments",
    }
)
OBSERVABLE: Final = TIMED | WATCHED


@dataclass(frozen=True)
class Sighting:
    """An event as far as a place's view of it depends on it.

    ``days`` is its instant, TT since J2000.0; ``details`` are those of its family.
    """

    key: str
    family: str
    kind: str
    bodies: tuple[str, ...]
    days: float
    begins_utc: datetime | None
    ends_utc: datetime | None
    details: Mapping[str, Any]

    @classmethod
    def of(cls, occurrence: Occurrence) -> Sighting:
        """Return what is to be seen of an occurrence."""
        return cls(
            occurrence.key,
            occurrence.family,
            occurrence.kind,
            occurrence.bodies,
            occurrence.tt_jd1 - J2000_JD + occurrence.tt_jd2,
            occurrence.begins_utc,
            occurrence.ends_utc,
            occurrence.details,
        )

    @property
    def radiant(self) -> Floats | None:
        """Return the direction of a shower's radiant: a unit vector on ICRS axes."""
        if self.family != "meteor_showers":
            return None
        ra, dec = np.radians((self.details["radiant_ra_deg"], self.details["radiant_dec_deg"]))
        return np.array((np.cos(ra) * np.cos(dec), np.sin(ra) * np.cos(dec), np.sin(dec)))


@dataclass(frozen=True)
class Watch:
    """What is looked for: all ``bodies`` or the radiant up, and the Sun so far below."""

    bodies: tuple[str, ...]
    radiant: Floats | None
    sun_below_deg: float | None


def watch_of(sighting: Sighting) -> Watch | None:
    """Return what is looked for around the instant of an event, or None if nothing can be seen."""
    if sighting.family not in WATCHED or sighting.kind == "new_moon":
        return None
    if sighting.family == "meteor_showers":
        return Watch((), sighting.radiant, NIGHT_DEG)
    bodies = tuple(
        body for body in sighting.bodies if body != "sun" and (body in BODIES or body in STARS)
    )
    if not bodies:
        return None
    return Watch(bodies, None, None if bodies == ("moon",) else DARK_DEG)
