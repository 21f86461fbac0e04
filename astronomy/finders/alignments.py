"""Alignments: three or more naked-eye planets in a short arc of the ecliptic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import numpy as np

from astronomy.bodies import BODIES
from astronomy.constants import DAY_S, SYNODIC_MONTH_D
from astronomy.finders.build import Finding, build_occurrences, confirmed_roots
from astronomy.finders.counts import KeyRule, MeanCount, key_rule
from astronomy.finders.family import FamilyDefinition
from astronomy.finders.lunation import GOLDSTINE_2000, NEW_MOON_2000_DAYS
from astronomy.finders.separation import sides_of_sun
from astronomy.finders.window import Window, open_window
from astronomy.occurrence import AlignmentDetails, Occurrence
from astronomy.sampling import Sky, longitude_deg
from astronomy.search import TimeFunction, find_roots, refine_roots, slope, wrapped_deg
from astronomy.timescales import Floats, Ints

NAME: Final = "alignments"
PLANETS: Final = ("mercury", "venus", "mars", "jupiter", "saturn")
SIZES: Final = (3, 4, 5)
_KINDS: Final = ("alignment_begins", "alignment_tightest", "alignment_ends")
_SPAN_DEG: Final = 30.0
_STEP_DAYS: Final = 1.0
# The span has corners where two planets change places: its slope is taken over seconds.
_SLOPE_DAYS: Final = 1e-5
_CORNER_DAYS: Final = 1.0 / 96.0
_FINE_DAYS: Final = 0.5
_LOOK_DAYS: Final = 32
# Saturn and Jupiter may stay together for years, but no third planet stays with them.
_LONGEST_DAYS: Final = 400.0

# Quarter lunations: they only count. No two beginnings of one size fall into the same one.
QUARTERS: Final = MeanCount(NEW_MOON_2000_DAYS, SYNODIC_MONTH_D / 4.0, 4 * GOLDSTINE_2000)


@dataclass(frozen=True, slots=True)
class _Arc:
    """The shortest arc that holds some planets, at n instants: its length and its two ends.

    ``first`` and ``last`` are rows of PLANETS, ``held`` (n, 5) all of them from the first on.
    """

    span_deg: Floats
    first: Ints
    last: Ints
    held: Ints


@dataclass(frozen=True, slots=True)
class _Instants:
    """Searched instants, which of the three kinds they are, and how many planets are aligned."""

    days: Floats
    kinds: Ints
    sizes: Ints

    @classmethod
    def joined(cls, parts: Sequence[_Instants]) -> _Instants:
        return cls(
            np.concatenate([part.days for part in parts]),
            np.concatenate([part.kinds for part in parts]),
            np.concatenate([part.sizes for part in parts]),
        )


def find_alignments(sky: Sky, start: datetime, end: datetime) -> list[Occurrence]:
    """Return beginnings, tightest instants and ends of alignments in ``[start, end)``.

    ``n`` of the five naked-eye planets are aligned while their longitudes lie within 30 degrees;
    this is asked for n = 3, 4 and 5, each on its own.

    Frame: geocentric, apparent, true ecliptic and equinox of date.
    Time scale in: UTC (UT1 before 1972). Time scale out: TT, with UTC and UT1 labels.
    Units: degrees.    Shape: one occurrence an instant.    Tolerance: 1 ms; the tightest 1 s.
    Raises: EphemerisRangeError outside the span; ValueError if start >= end.
    Source: the module's definition text; the arc of 30 degrees is a convention.
    """
    window = open_window(sky.ephemeris, start, end)
    searched = [_searched(sky, window, size) for size in SIZES]
    return window.sorted_inside(_built(sky, _Instants.joined(searched)))


def _searched(sky: Sky, window: Window, size: int) -> _Instants:
    """Return the instants of alignments of ``size`` planets in samples."""

    def margin_deg(days: Floats) -> Floats:
        return _sampled_arc(sky, days, np.full(len(days), size)).span_deg - _SPAN_DEG

    first = _outside(margin_deg, window.start_days, -1.0)
    last = _outside(margin_deg, window.end_days, 1.0)
    edges = find_roots(margin_deg, first, last, step_days=_STEP_DAYS)
    begins = slope(margin_deg, edges, _SLOPE_DAYS) < 0.0
    pairs = np.flatnonzero(begins[:-1] & ~begins[1:])
    tightest = _tightest(margin_deg, edges[pairs], edges[pairs + 1])
    groups = (edges[begins], tightest, edges[~begins])
    days = np.concatenate(groups)
    kinds = np.repeat([0, 1, 2], [len(group) for group in groups])
    near = (days > window.start_days - 1.0) & (days < window.end_days + 1.0)
    return _Instants(days[near], kinds[near], np.full(int(near.sum()), size))


def _outside(margin_deg: TimeFunction, days: float, direction: float) -> float:
    """Return a time from ``days`` on in ``direction`` at which there is no alignment."""
    stretch: Floats = np.arange(1.0, _LOOK_DAYS + 1.0, dtype=np.float64) * direction
    for _ in range(int(_LONGEST_DAYS / _LOOK_DAYS)):
        # Past the end of the kernel the margin is not a number: look no farther.
        free = np.flatnonzero(~(margin_deg(days + stretch) <= 0.0))
        if len(free):
            return float(days + stretch[free[0]])
        days += direction * _LOOK_DAYS
    return days


def _tightest(margin_deg: TimeFunction, begin: Floats, end: Floats) -> Floats:
    """Return the instants between pairs of edges at which the span is least."""
    if not len(begin):
        return np.zeros(0)
    rows = [
        np.linspace(one, other, int((other - one) / _FINE_DAYS) + 4)
        for one, other in zip(begin, end, strict=True)
    ]
    margins = np.split(margin_deg(np.concatenate(rows)), np.cumsum([len(row) for row in rows])[:-1])
    least = [1 + int(np.argmin(values[1:-1])) for values in margins]
    return refine_roots(
        lambda days, _which: slope(margin_deg, days, _SLOPE_DAYS),
        np.array([row[at - 1] for row, at in zip(rows, least, strict=True)]),
        np.array([row[at + 1] for row, at in zip(rows, least, strict=True)]),
    )


def _sampled_arc(sky: Sky, days: Floats, sizes: Ints) -> _Arc:
    return _shortest_arc(np.stack([sky.longitude_deg(each, days) for each in PLANETS]), sizes)


def _direct_longitudes_deg(sky: Sky, days: Floats) -> Floats:
    vectors = sky.direct_vectors_au(PLANETS, days)
    return np.stack([longitude_deg(vectors[each]) for each in PLANETS])


def _shortest_arc(longitudes_deg: Floats, sizes: Ints) -> _Arc:
    turned = longitudes_deg % 360.0
    order = np.argsort(turned, axis=0, kind="stable")
    row = np.take_along_axis(turned, order, axis=0)
    turns = np.concatenate((row, row + 360.0))
    last = np.arange(len(PLANETS))[:, None] + sizes - 1
    arcs = np.take_along_axis(turns, last, axis=0) - row
    lead = np.argmin(arcs, axis=0)
    at = np.arange(turned.shape[1])
    held = order[(lead + np.arange(len(PLANETS))[:, None]) % len(PLANETS), at].T
    return _Arc(arcs[lead, at], held[:, 0], held[at, sizes - 1], held)


def _built(sky: Sky, found: _Instants) -> list[Occurrence]:
    days, tight = found.days, found.kinds == 1
    shifts = np.array([[-_CORNER_DAYS], [_CORNER_DAYS]])
    # One direct evaluation of all: the instants, then what is about the tightest.
    every = np.concatenate((days, (days[tight] + shifts).ravel()))
    direct_deg = _direct_longitudes_deg(sky, every)
    middle_deg, before_deg, after_deg = np.split(
        direct_deg, [len(days), len(days) + int(tight.sum())], axis=1
    )
    arc = _shortest_arc(middle_deg, found.sizes)
    rate = slope(lambda at: _sampled_arc(sky, at, found.sizes).span_deg, days, _SLOPE_DAYS)
    off_deg, sigma_deg = arc.span_deg - _SPAN_DEG, _pair_sigma_deg(arc)
    off_deg[tight], rate[tight], sigma_deg[tight] = _corner(
        sky, days[tight], found.sizes[tight], (before_deg, middle_deg[:, tight], after_deg)
    )
    confirmed = confirmed_roots(days, off_deg, rate)
    span_deg = np.where(tight, arc.span_deg, _SPAN_DEG)
    uncertainty_s = sigma_deg / np.abs(rate) * DAY_S
    starts_deg = middle_deg[arc.first, np.arange(len(days))]
    from_sun_deg = wrapped_deg(starts_deg + 0.5 * span_deg - sky.longitude_deg("sun", days))
    return build_occurrences(
        sky,
        family=NAME,
        definition_id=FAMILY.definition_id,
        bodies=PLANETS,
        confirmed=confirmed,
        findings=_findings(
            found, confirmed.days, replace(arc, span_deg=span_deg), uncertainty_s, from_sun_deg
        ),
    )


def _corner(
    sky: Sky, days: Floats, sizes: Ints, stencil: Sequence[Floats]
) -> tuple[Floats, Floats, Floats]:
    """Return by how much, how fast and how surely the slope of the least span passes zero.

    In a corner two arcs are equally long, and their difference is what passes zero; elsewhere it
    is the rate of the one arc. ``stencil`` holds direct longitudes before, at and after.
    """

    def arc_deg(longitudes: Floats, arc: _Arc) -> Floats:
        at = np.arange(len(arc.first))
        return wrapped_deg(longitudes[arc.last, at] - longitudes[arc.first, at])

    before = _sampled_arc(sky, days - _CORNER_DAYS, sizes)
    after = _sampled_arc(sky, days + _CORNER_DAYS, sizes)
    one = np.stack([arc_deg(longitudes, before) for longitudes in stencil])
    two = np.stack([arc_deg(longitudes, after) for longitudes in stencil])
    smooth = (before.first == after.first) & (before.last == after.last)
    slope_deg = (one[2] - one[0]) / (2.0 * _CORNER_DAYS)
    bend_deg = (one[2] - 2.0 * one[1] + one[0]) / _CORNER_DAYS**2
    apart_deg = one - two
    closing_deg = (apart_deg[2] - apart_deg[0]) / (2.0 * _CORNER_DAYS)
    sigma_deg = _pair_sigma_deg(before)
    return (
        np.where(smooth, slope_deg, apart_deg[1]),
        np.where(smooth, bend_deg, closing_deg),
        # An error of the direction turns about once a year.
        np.where(smooth, sigma_deg * 2.0 * np.pi / 365.25, sigma_deg),
    )


def _pair_sigma_deg(arc: _Arc) -> Floats:
    arcsec = np.array([BODIES[planet].uncertainty_arcsec for planet in PLANETS])
    return np.asarray(np.hypot(arcsec[arc.first], arcsec[arc.last]) / 3600.0)


def _findings(
    found: _Instants, days: Floats, arc: _Arc, uncertainty_s: Floats, from_sun_deg: Floats
) -> list[Finding]:
    columns = zip(
        found.sizes.tolist(),
        found.kinds.tolist(),
        QUARTERS.numbers(days).tolist(),
        arc.held.tolist(),
        np.round(arc.span_deg, 5).tolist(),
        np.round(np.abs(from_sun_deg), 3).tolist(),
        sides_of_sun(from_sun_deg),
        uncertainty_s.tolist(),
        strict=True,
    )
    findings = []
    for size, kind, number, held, span_deg, elongation_deg, side, sigma_s in columns:
        bodies = tuple(PLANETS[each] for each in sorted(held[:size]))
        word = _KINDS[kind].removeprefix("alignment_")
        findings.append(
            Finding(
                key=f"alignments-{size}-planets-{number}-{word}",
                kind=_KINDS[kind],
                uncertainty_s=sigma_s,
                details=AlignmentDetails(
                    bodies=list(bodies),
                    planets=size,
                    span_deg=span_deg,
                    sun_elongation_deg=elongation_deg,
                    side=side,
                    quarter_number=number,
                ),
                bodies=bodies,
            )
        )
    return findings


KEYS: Final[tuple[KeyRule, ...]] = (
    key_rule(
        NAME,
        r"[345]-planets-(?P<number>\d{1,7})-(?:begins|tightest|ends)",
        lambda found: QUARTERS.days(int(found["number"])),
        4.0,
    ),
)

FAMILY: Final = FamilyDefinition(
    name=NAME,
    kinds=_KINDS,
    bodies=PLANETS,
    definition_id="alignments/1",
    text=(
        "n of the five naked-eye planets (Mercury, Venus, Mars, Jupiter, Saturn) are aligned while "
        "the shortest arc of apparent geocentric ecliptic longitude that holds n of them is at "
        "most 30 degrees. Given for n = 3, 4 and 5, each on its own: the instant at which the arc "
        "becomes 30 degrees, the instant at which it is least in between, and the instant at which "
        "it leaves 30 degrees. Which planets they are may change in between; those named are the "
        "ones of that instant. Whether the Sun is near is not asked."
    ),
    frame="geocentric, apparent, true ecliptic and equinox of date",
    scale="TT; labelled in UTC from 1972 and in UT1",
    source="Explanatory Supplement (2013), ch. 7, for the longitudes; the arc is a convention",
    finder=find_alignments,
)
