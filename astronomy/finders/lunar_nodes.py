"""Passages of the Moon through its nodes and its monthly extremes of declination."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import numpy as np

from astronomy.bodies import BODIES
from astronomy.constants import DAY_S, J2000_JD
from astronomy.ephemeris import ApparentSky
from astronomy.finders.besselian import equatorial
from astronomy.finders.build import Confirmed, Finding, build_occurrences, confirmed_roots
from astronomy.finders.counts import KeyRule, MeanCount, key_rule
from astronomy.finders.family import FamilyDefinition
from astronomy.finders.window import Window, open_window
from astronomy.occurrence import LunarNodeDetails, MoonExtremeDetails, Occurrence
from astronomy.sampling import Sky, latitude_deg, longitude_deg
from astronomy.search import TimeFunction, find_roots, slope
from astronomy.timescales import Floats

NAME: Final = "lunar_nodes"
_NODES: Final = ("ascending_node", "descending_node")
_EXTREMES: Final = ("moon_northern_extreme", "moon_southern_extreme")
_STEP_DAYS: Final = 2.0
_STENCIL_DAYS: Final = 1.0 / 96.0

# Mean draconic and tropical months: Meeus, Astronomical Algorithms (1998), ch. 51 and 52; they
# only count. Number 10000 is the ascending node of 2000 January 21 and the northern extreme of
# 2000 January 19.
DRACONIC_MONTH: Final = MeanCount(2_451_565.1619 - J2000_JD, 27.212220817, 10_000)
TROPICAL_MONTH: Final = MeanCount(2_451_562.5897 - J2000_JD, 27.321582247, 10_000)


def find_lunar_nodes(sky: Sky, start: datetime, end: datetime) -> list[Occurrence]:
    """Return the Moon's nodes and its extremes of declination in ``[start, end)``.

    A node is where the Moon's apparent ecliptic latitude is zero; an extreme is where its
    apparent declination is greatest or least in a month.

    Frame: geocentric, apparent, true ecliptic or equator and equinox of date.
    Time scale in: UTC (UT1 before 1972). Time scale out: TT, with UTC and UT1 labels.
    Units: degrees.    Shape: one occurrence an event.    Tolerance: 1 ms, 10 ms for extremes.
    Raises: EphemerisRangeError outside the span; ValueError if start >= end.
    Source: Meeus (1998), ch. 51 and 52; checked against Espenak's table of nodes.
    """
    window = open_window(sky.ephemeris, start, end)
    return window.sorted_inside([*_nodes(sky, window), *_declinations(sky, window)])


def _nodes(sky: Sky, window: Window) -> list[Occurrence]:
    def latitude(days: Floats) -> Floats:
        return latitude_deg(sky.vector_au("moon", days))

    days = find_roots(latitude, window.start_days, window.end_days, step_days=_STEP_DAYS)
    direct = sky.direct_vector_au("moon", days)
    rate_deg = slope(latitude, days)
    confirmed = confirmed_roots(days, latitude_deg(direct), rate_deg)
    numbers = DRACONIC_MONTH.numbers(confirmed.days, 0.5 * (rate_deg < 0.0))
    kinds = [_NODES[int(down)] for down in rate_deg < 0.0]
    longitudes = longitude_deg(direct) % 360.0
    uncertainty_s = BODIES["moon"].uncertainty_arcsec / 3600.0 / np.abs(rate_deg) * DAY_S
    findings = [
        Finding(
            key=f"lunar-nodes-moon-{numbers[at]}-{_word(kinds[at])}",
            kind=kinds[at],
            uncertainty_s=float(uncertainty_s[at]),
            details=LunarNodeDetails(
                moon_longitude_deg=round(float(longitudes[at]), 5),
                draconic_month=int(numbers[at]),
            ),
        )
        for at in range(len(days))
    ]
    return _built(sky, confirmed, findings)


def _declinations(sky: Sky, window: Window) -> list[Occurrence]:
    def declination(days: Floats) -> Floats:
        return _declination_deg(sky.vector_au("moon", days), sky.obliquity_rad(days))

    days = find_roots(
        lambda at: slope(declination, at), window.start_days, window.end_days, step_days=_STEP_DAYS
    )
    confirmed, value_deg, bend_deg = _confirmed_extremes(sky, days, declination)
    south = bend_deg > 0.0
    numbers = TROPICAL_MONTH.numbers(confirmed.days, 0.5 * south)
    kinds = [_EXTREMES[int(down)] for down in south]
    uncertainty_s = _extreme_uncertainty_s(bend_deg)
    findings = [
        Finding(
            key=f"lunar-nodes-moon-{numbers[at]}-{_word(kinds[at])}",
            kind=kinds[at],
            uncertainty_s=float(uncertainty_s[at]),
            details=MoonExtremeDetails(
                moon_declination_deg=round(float(value_deg[at]), 5),
                tropical_month=int(numbers[at]),
            ),
        )
        for at in range(len(numbers))
    ]
    return _built(sky, confirmed, findings)


def _confirmed_extremes(
    sky: Sky, days: Floats, sampled_deg: TimeFunction
) -> tuple[Confirmed, Floats, Floats]:
    """Return instants, values and second derivatives from direct positions about each instant.

    What direct positions change in the difference over half an hour corrects the root; the
    difference itself would be off by what the curve is not a parabola. Their mean corrects the
    value; the bend needs no correction.
    """
    stencil = days[None, :] + np.array([[-1.0], [1.0]]) * _STENCIL_DAYS
    direct = _direct_declination_deg(sky.confirmed(("moon",), stencil.ravel())).reshape(2, -1)
    off_deg = direct - sampled_deg(stencil.ravel()).reshape(2, -1)
    bend = slope(lambda at: slope(sampled_deg, at, _STENCIL_DAYS), days, _STENCIL_DAYS)
    step_days = -(off_deg[1] - off_deg[0]) / (2.0 * _STENCIL_DAYS) / bend
    value_deg = sampled_deg(days) + np.mean(off_deg, axis=0)
    return Confirmed(days + step_days, step_days * DAY_S), value_deg, bend


def _direct_declination_deg(direct: ApparentSky) -> Floats:
    return _declination_deg(direct.vectors_au["moon"], direct.obliquity_rad)


def _declination_deg(ecliptic_au: Floats, obliquity_rad: Floats) -> Floats:
    return latitude_deg(equatorial(ecliptic_au, obliquity_rad))


def _extreme_uncertainty_s(bend_deg: Floats) -> Floats:
    """Return the uncertainty of an extreme: the uncertainty of the rate over the bend.

    An error of the direction turns with the Moon, once a month.
    """
    rate_deg_d = BODIES["moon"].uncertainty_arcsec / 3600.0 * 2.0 * np.pi / TROPICAL_MONTH.period_d
    return np.asarray(rate_deg_d / np.abs(bend_deg) * DAY_S)


def _word(kind: str) -> str:
    return kind.removesuffix("_node").removeprefix("moon_").removesuffix("_extreme")


def _built(sky: Sky, confirmed: Confirmed, findings: list[Finding]) -> list[Occurrence]:
    return build_occurrences(
        sky,
        family=NAME,
        definition_id=FAMILY.definition_id,
        bodies=("moon",),
        confirmed=confirmed,
        findings=findings,
    )


KEYS: Final[tuple[KeyRule, ...]] = (
    key_rule(
        NAME,
        r"moon-(?P<number>\d{1,6})-(?P<node>ascending|descending)",
        lambda found: DRACONIC_MONTH.days(
            int(found["number"]), 0.5 * (found["node"] == "descending")
        ),
        3.0,
    ),
    key_rule(
        NAME,
        r"moon-(?P<number>\d{1,6})-(?P<side>northern|southern)",
        lambda found: TROPICAL_MONTH.days(
            int(found["number"]), 0.5 * (found["side"] == "southern")
        ),
        4.0,
    ),
)

FAMILY: Final = FamilyDefinition(
    name=NAME,
    kinds=(*_NODES, *_EXTREMES),
    bodies=("moon",),
    definition_id="lunar_nodes/1",
    text=(
        "Ascending and descending node: the instant at which the apparent geocentric ecliptic "
        "latitude of the Moon is zero, going north or south. Northern and southern extreme: the "
        "instant at which its apparent geocentric declination is greatest or least in a month; "
        "the extremes are widest at a major and narrowest at a minor lunar standstill."
    ),
    frame="geocentric, apparent, true ecliptic (nodes) or true equator (extremes) of date",
    scale="TT; labelled in UTC from 1972 and in UT1",
    source="Meeus, Astronomical Algorithms (1998), ch. 51 and 52",
    finder=find_lunar_nodes,
)
