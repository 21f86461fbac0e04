"""Alignments of planets against plain Skyfield and published groupings."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import combinations

import numpy as np
import pytest
from skyfield.framelib import ecliptic_frame

from astronomy.bodies import BODIES
from astronomy.finders.alignments import PLANETS, SIZES, find_alignments
from astronomy.occurrence import Occurrence
from astronomy.sampling import Sky

START, END = datetime(2000, 1, 1, tzinfo=UTC), datetime(2004, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def four_years(sky: Sky) -> list[Occurrence]:
    return find_alignments(sky, START, END)


def _span_deg(longitudes: list[float]) -> float:
    row = sorted(longitude % 360.0 for longitude in longitudes)
    gaps = [(other - one) % 360.0 for one, other in zip(row, [*row[1:], row[0]], strict=True)]
    return 360.0 - max(gaps)


def _least_span_deg(longitudes: np.ndarray, size: int) -> float:
    return min(_span_deg(list(group)) for group in combinations(longitudes, size))


def _longitudes_deg(sky: Sky, tt_jd: np.ndarray) -> np.ndarray:
    kernel, timescale = sky.ephemeris.kernel, sky.timescale
    earth = kernel["earth"].at(timescale.tt_jd(tt_jd))
    return np.array(
        [
            earth.observe(kernel[BODIES[planet].kernel_name])
            .apparent()
            .frame_latlon(ecliptic_frame)[1]
            .degrees
            for planet in PLANETS
        ]
    )


def test_each_instant_has_the_span_that_plain_skyfield_gives(
    sky: Sky, four_years: list[Occurrence]
) -> None:
    jd = np.array([found.tt_jd1 + found.tt_jd2 for found in four_years])
    for found, longitudes in zip(four_years, _longitudes_deg(sky, jd).T, strict=True):
        span = _least_span_deg(longitudes, found.details["planets"])
        assert span == pytest.approx(found.details["span_deg"], abs=1e-4)
        if found.kind != "alignment_tightest":
            assert span == pytest.approx(30.0, abs=1e-4)


@pytest.mark.parametrize("size", SIZES)
def test_a_plain_scan_by_days_finds_the_same_alignments(
    sky: Sky, four_years: list[Occurrence], size: int
) -> None:
    days = np.arange(2451544.5, 2453005.5)
    spans = np.array([_least_span_deg(row, size) for row in _longitudes_deg(sky, days).T])
    inside = spans <= 30.0
    for kind, change in (("alignment_begins", 1), ("alignment_ends", -1)):
        expected = days[1:][np.diff(inside.astype(int)) == change]
        found = [
            each.tt_jd1 + each.tt_jd2
            for each in four_years
            if each.kind == kind and each.details["planets"] == size
        ]
        assert len(found) == len(expected)
        assert np.all(np.abs(np.array(found) - expected) <= 1.0)


def test_the_tightest_instant_is_the_least_span_of_its_alignment(
    sky: Sky, four_years: list[Occurrence]
) -> None:
    for size in SIZES:
        mine = [each for each in four_years if each.details["planets"] == size]
        for begin, tightest, end in zip(mine, mine[1:], mine[2:], strict=False):
            if begin.kind == "alignment_begins" and end.kind == "alignment_ends":
                first, last = (each.tt_jd1 + each.tt_jd2 for each in (begin, end))
                rows = _longitudes_deg(sky, np.linspace(first, last, 300)).T
                least = min(_least_span_deg(row, size) for row in rows)
                assert tightest.details["span_deg"] <= least + 1e-4


def test_the_five_planets_gather_in_may_2000(four_years: list[Occurrence]) -> None:
    # Meeus (1997), Mathematical Astronomy Morsels, p. 207: within 19 25' on 2000 May 17.
    (found,) = [
        each
        for each in four_years
        if each.details["planets"] == 5 and each.kind == "alignment_tightest"
    ]
    assert found.utc.date() == date(2000, 5, 17)
    assert found.details["span_deg"] == pytest.approx(19.42, abs=0.05)
    assert found.bodies == PLANETS


def test_a_window_inside_an_alignment_finds_its_tightest_instant(
    sky: Sky, four_years: list[Occurrence]
) -> None:
    for found in four_years[:12]:
        if found.kind == "alignment_tightest":
            day = found.utc.replace(hour=0, minute=0, second=0, microsecond=0)
            here = find_alignments(sky, day, day.replace(hour=23, minute=59, second=59))
            assert _told(found) in [_told(each) for each in here]


def _told(found: Occurrence) -> Occurrence:
    """Leave out how far the search was off: it ends where its brackets closed, not at the root."""
    return replace(found, provenance={**found.provenance, "residual_s": 0.0})


def test_venus_mars_and_saturn_met_in_the_evening_of_may_2002(
    four_years: list[Occurrence],
) -> None:
    """Sky & Telescope, May 2002: a tight triangle in the west at dusk about May 6."""
    (found,) = [
        each
        for each in four_years
        if each.kind == "alignment_tightest"
        and each.bodies == ("venus", "mars", "saturn")
        and each.utc.date() < date(2002, 7, 1)
    ]
    assert found.details["side"] == "east"
    assert 15.0 < found.details["sun_elongation_deg"] < 35.0
