"""Full moons that have a name: supermoon, micromoon and blue moon."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from astronomy.bodies import BODIES
from astronomy.constants import AU_KM, DAY_S, SYNODIC_MONTH_D
from astronomy.finders.build import (
    Confirmed,
    Finding,
    build_occurrences,
    confirmed_roots,
    utc_datetimes,
)
from astronomy.finders.counts import KeyRule, key_rule
from astronomy.finders.lunation import GOLDSTINE_2000, NEW_MOON_2000_DAYS, lunation_numbers
from astronomy.finders.moon_phases import elongation_deg, elongation_rate_deg
from astronomy.finders.ranges import RangeExtremes
from astronomy.finders.window import Window
from astronomy.occurrence import BlueMoonDetails, Occurrence, SupermoonDetails
from astronomy.sampling import Sky, longitude_deg
from astronomy.search import find_crossings, wrapped_deg
from astronomy.timescales import Floats, Ints

FULL_MOON_KINDS: Final = ("supermoon", "micromoon", "blue_moon")
NOLLE_RULE: Final = "nolle_90_percent"
DISTANCE_RULE: Final = "distance"
NEAR_KM: Final = 360_000.0
FAR_KM: Final = 405_000.0
_NEAR_SHARE: Final = 0.9
_FAR_SHARE: Final = 0.1
_STEP_DAYS: Final = 2.0
# Two apsides of the Moon are never farther apart than 15.5 days, two full moons than 29.9.
APSIS_REACH_DAYS: Final = 16.0
_FULL_MOON_REACH_DAYS: Final = 30.0
_UNCERTAINTY_DEG: Final = (
    float(np.hypot(BODIES["moon"].uncertainty_arcsec, BODIES["sun"].uncertainty_arcsec)) / 3600.0
)


@dataclass(frozen=True, slots=True)
class _FullMoons:
    """Full moons of a window, with the apsides on both sides of each."""

    confirmed: Confirmed
    lunations: Ints
    distance_km: Floats
    perigee_km: Floats
    apogee_km: Floats
    is_blue: list[bool]

    @property
    def share(self) -> Floats:
        """Return 1 at perigee and 0 at apogee: Espenak's relative distance."""
        return (self.apogee_km - self.distance_km) / (self.apogee_km - self.perigee_km)


def find_full_moons(
    sky: Sky, window: Window, apsides: RangeExtremes, *, family: str, definition_id: str
) -> list[Occurrence]:
    """Return the supermoons, micromoons and blue moons in and about ``window``.

    Each has the instant of its full moon; one full moon may be both super and blue. The
    ``apsides`` must reach APSIS_REACH_DAYS past both ends of the window.

    Frame: as moon_phases; distances geometric.    Time scale out: TT, with labels.
    Units: km.    Shape: one occurrence a name.    Tolerance: 1 ms.    Source: lunar_apsides.
    """
    moons = _full_moons(sky, window, apsides)
    rates = elongation_rate_deg(sky, moons.confirmed.days)
    found = list(_named(moons, _UNCERTAINTY_DEG / rates * DAY_S))
    which = np.array([at for at, _ in found], dtype=np.int64)
    return build_occurrences(
        sky,
        family=family,
        definition_id=definition_id,
        bodies=("moon",),
        confirmed=Confirmed(moons.confirmed.days[which], moons.confirmed.residual_s[which]),
        findings=[finding for _, finding in found],
    )


def _full_moons(sky: Sky, window: Window, apsides: RangeExtremes) -> _FullMoons:
    start_days = window.start_days - _FULL_MOON_REACH_DAYS
    every = _confirmed_full_moons(sky, start_days, window.end_days)
    blue = _second_in_month(utc_datetimes(sky, every.days))
    inside = (every.days >= window.start_days) & (every.days <= window.end_days)
    confirmed = every.chosen(inside)
    position, _ = sky.ephemeris.geometric("earth", "moon", confirmed.days)
    perigee_km, apogee_km = _apsides_about(apsides, confirmed.days)
    return _FullMoons(
        confirmed,
        lunation_numbers(confirmed.days, np.full(len(confirmed.days), 180.0)),
        np.linalg.norm(position, axis=0) * AU_KM,
        perigee_km,
        apogee_km,
        [is_blue for is_blue, here in zip(blue, inside, strict=True) if here],
    )


def _confirmed_full_moons(sky: Sky, start_days: float, end_days: float) -> Confirmed:
    found = find_crossings(
        lambda days: elongation_deg(sky, days),
        start_days,
        end_days,
        step_days=_STEP_DAYS,
        spacing_deg=180.0,
    )
    days = found.days[found.multiple == 1]
    direct = sky.direct_vectors_au(("sun", "moon"), days)
    off_deg = wrapped_deg(longitude_deg(direct["moon"]) - longitude_deg(direct["sun"]) - 180.0)
    return confirmed_roots(days, off_deg, elongation_rate_deg(sky, days))


def _second_in_month(labels: list[datetime]) -> list[bool]:
    months = [(label.year, label.month) for label in labels]
    return [at > 0 and months[at - 1] == month for at, month in enumerate(months)]


def _apsides_about(apsides: RangeExtremes, days: Floats) -> tuple[Floats, Floats]:
    """Return the distances (km) of the perigee and the apogee between which each instant lies."""
    after = np.searchsorted(apsides.confirmed.days, days)
    two_km = np.stack((apsides.distance_au[after - 1], apsides.distance_au[after])) * AU_KM
    return np.min(two_km, axis=0), np.max(two_km, axis=0)


def _named(moons: _FullMoons, uncertainty_s: Floats) -> Iterator[tuple[int, Finding]]:
    for at in range(len(moons.lunations)):
        lunation, sigma = int(moons.lunations[at]), float(uncertainty_s[at])
        distance_km, share = float(moons.distance_km[at]), float(moons.share[at])
        for kind, rules in _rules(distance_km, share).items():
            if rules:
                details = SupermoonDetails(
                    distance_km=round(distance_km, 1),
                    relative_distance=round(share, 4),
                    rules=rules,
                    lunation_number=lunation,
                )
                yield at, Finding(_key(lunation, kind), kind, sigma, details)
        if moons.is_blue[at]:
            blue = BlueMoonDetails(
                distance_km=round(distance_km, 1), rule="calendar_month", lunation_number=lunation
            )
            yield at, Finding(_key(lunation, "blue_moon"), "blue_moon", sigma, blue)


def _rules(distance_km: float, share: float) -> dict[str, list[str]]:
    near = {NOLLE_RULE: share >= _NEAR_SHARE, DISTANCE_RULE: distance_km < NEAR_KM}
    far = {NOLLE_RULE: share <= _FAR_SHARE, DISTANCE_RULE: distance_km > FAR_KM}
    return {
        "supermoon": [rule for rule, holds in near.items() if holds],
        "micromoon": [rule for rule, holds in far.items() if holds],
    }


def _key(lunation: int, kind: str) -> str:
    return f"lunar-apsides-moon-{lunation}-{kind.replace('_', '-')}"


FULL_MOON_RULE: Final[KeyRule] = key_rule(
    "lunar_apsides",
    r"moon-(?P<number>\d{1,6})-(?:supermoon|micromoon|blue-moon)",
    lambda found: (
        NEW_MOON_2000_DAYS + (int(found["number"]) - GOLDSTINE_2000 + 0.5) * SYNODIC_MONTH_D
    ),
    2.0,
)
