"""Peaks of meteor showers: the Earth at a known solar longitude."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from types import MappingProxyType
from typing import Final

import numpy as np

from astronomy.constants import DAY_S
from astronomy.finders.build import Finding, build_occurrences, confirmed_roots
from astronomy.finders.counts import KeyRule, MeanCount, key_rule
from astronomy.finders.family import FamilyDefinition
from astronomy.finders.separation import approach
from astronomy.finders.window import Window, open_window
from astronomy.occurrence import MeteorShowerDetails, Occurrence
from astronomy.sampling import Sky
from astronomy.search import grid, refine_roots, wrapped_deg
from astronomy.timescales import Floats, Ints

NAME: Final = "meteor_showers"
_STEP_DAYS: Final = 4.0
_RATE_STEP_DAYS: Final = 0.125

# The sidereal year and the mean longitude of the Sun at J2000.0 in the J2000 ecliptic: Explanatory
# Supplement (2013), table 8.2; Meeus (1998), ch. 25. They only count years.
_SIDEREAL_YEAR_D: Final = 365.25636
_SUN_DEG: Final = 280.466
_KEY_REACH_D: Final = 4.0


@dataclass(frozen=True, slots=True)
class Shower:
    """A row of the catalogue; ``digits`` is how finely its solar longitude is given.

    ``parent_body`` is None where the lists disagree or know none.
    """

    code: str
    solar_longitude_deg: float
    digits: int
    zhr: int | None
    population_index: float
    velocity_km_s: float
    radiant_ra_deg: float
    radiant_dec_deg: float
    radiant_constellation: str
    parent_body: str | None

    @property
    def years(self) -> MeanCount:
        """Return the count of years in which the mean Sun passes the shower's longitude."""
        ahead_deg = (self.solar_longitude_deg - _SUN_DEG) % 360.0
        return MeanCount(ahead_deg / 360.0 * _SIDEREAL_YEAR_D, _SIDEREAL_YEAR_D, 2000)


def _shower(row: Mapping[str, str]) -> Shower:
    longitude = row["solar_longitude_deg"]
    return Shower(
        code=row["code"],
        solar_longitude_deg=float(longitude),
        digits=len(longitude.partition(".")[2]),
        zhr=int(row["zhr"]) if row["zhr"] else None,
        population_index=float(row["population_index"]),
        velocity_km_s=float(row["velocity_km_s"]),
        radiant_ra_deg=float(row["radiant_ra_deg"]),
        radiant_dec_deg=float(row["radiant_dec_deg"]),
        radiant_constellation=row["radiant_constellation"],
        parent_body=row["parent_body"] or None,
    )


def _read_catalogue() -> dict[str, Shower]:
    path = files("astronomy") / "catalogues" / "meteor_showers.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    return {row["code"]: _shower(row) for row in rows}


SHOWERS: Final[Mapping[str, Shower]] = MappingProxyType(_read_catalogue())


def find_meteor_showers(sky: Sky, start: datetime, end: datetime) -> list[Occurrence]:
    """Return the peaks of the catalogue's meteor showers in ``[start, end)``, oldest first.

    A peak is the instant at which the Sun has the shower's published solar longitude.

    Frame: geocentric, apparent, ecliptic and equinox of J2000.0.
    Time scale in: UTC (UT1 before 1972). Time scale out: TT, with UTC and UT1 labels.
    Units: degrees, km/s, meteors an hour.    Shape: one occurrence a peak.
    Tolerance: 1 ms for the Sun; the showers themselves vary by hours, see ``uncertainty_s``.
    Raises: EphemerisRangeError outside the span; ValueError if start >= end.
    Source: the catalogue names its own.
    """
    window = open_window(sky.ephemeris, start, end)
    days, which = _passages(sky, window)
    showers = [list(SHOWERS.values())[at] for at in which]
    target_deg = np.array([shower.solar_longitude_deg for shower in showers])
    rate = _off_deg(sky, days + _RATE_STEP_DAYS, target_deg) - _off_deg(
        sky, days - _RATE_STEP_DAYS, target_deg
    )
    rate_deg = rate / (2.0 * _RATE_STEP_DAYS)
    confirmed = confirmed_roots(days, _off_deg(sky, days, target_deg), rate_deg)
    return window.sorted_inside(
        build_occurrences(
            sky,
            family=NAME,
            definition_id=FAMILY.definition_id,
            bodies=("earth",),
            confirmed=confirmed,
            findings=_findings(sky, confirmed.days, showers, rate_deg),
        )
    )


def _off_deg(sky: Sky, days: Floats, target_deg: float | Floats) -> Floats:
    return wrapped_deg(sky.ephemeris.sun_longitude_j2000_deg(days) - target_deg)


def _passages(sky: Sky, window: Window) -> tuple[Floats, Ints]:
    """Return when the Sun passes the longitude of which shower; each position is direct."""
    times = grid(window.start_days, window.end_days, _STEP_DAYS)
    longitude = sky.ephemeris.sun_longitude_j2000_deg(times)
    targets = np.array([shower.solar_longitude_deg for shower in SHOWERS.values()])
    off = wrapped_deg(longitude[None, :] - targets[:, None])
    which, left = np.nonzero((off[:, :-1] < 0.0) & (off[:, 1:] >= 0.0) & (off[:, 1:] < 90.0))
    days = refine_roots(
        lambda at, pair: _off_deg(sky, at, targets[which[pair]]), times[left], times[left + 1]
    )
    return days, which.astype(np.int64)


def _findings(sky: Sky, days: Floats, showers: list[Shower], rate_deg: Floats) -> list[Finding]:
    elongation = np.degrees(approach(sky.vector_au("sun", days), sky.vector_au("moon", days)).apart)
    return [
        Finding(
            key=f"meteor-showers-earth-{shower.code.lower()}-{_year(shower, days[at])}",
            kind=FAMILY.kinds[0],
            # Half a unit of the last digit that the catalogue gives.
            uncertainty_s=0.5 * 10.0**-shower.digits / float(rate_deg[at]) * DAY_S,
            details=MeteorShowerDetails(
                shower=shower.code,
                solar_longitude_deg=shower.solar_longitude_deg,
                zhr=shower.zhr,
                population_index=shower.population_index,
                velocity_km_s=shower.velocity_km_s,
                radiant_ra_deg=shower.radiant_ra_deg,
                radiant_dec_deg=shower.radiant_dec_deg,
                radiant_constellation=shower.radiant_constellation,
                parent_body=shower.parent_body,
                moon_elongation_deg=round(float(elongation[at]), 1),
            ),
        )
        for at, shower in enumerate(showers)
    ]


def _year(shower: Shower, days: float) -> int:
    return int(shower.years.numbers(np.array([days]))[0])


KEYS: Final[tuple[KeyRule, ...]] = (
    key_rule(
        NAME,
        rf"earth-(?P<code>{'|'.join(code.lower() for code in SHOWERS)})-(?P<year>\d{{1,6}})",
        lambda found: SHOWERS[found["code"].upper()].years.days(int(found["year"])),
        _KEY_REACH_D,
    ),
)

FAMILY: Final = FamilyDefinition(
    name=NAME,
    kinds=("meteor_shower_peak",),
    bodies=("earth",),
    definition_id="meteor_showers/1",
    text=(
        "The instant at which the Sun's geocentric longitude in the ecliptic and equinox of "
        "J2000.0 is that of the shower's maximum in the working list of visual meteor showers of "
        "the International Meteor Organization. The uncertainty is half a unit of the last digit "
        "that list gives; a shower may come hours earlier or later. ZHR is the number of meteors "
        "an hour that one observer sees under a dark sky with the radiant in the zenith; null "
        "where it varies from year to year."
    ),
    frame="geocentric, apparent, ecliptic and equinox of J2000.0",
    scale="TT; labelled in UTC from 1972 and in UT1",
    source=(
        "International Meteor Organization, Meteor Shower Calendar, table of the working list of "
        "visual meteor showers"
    ),
    finder=find_meteor_showers,
)
