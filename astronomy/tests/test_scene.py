"""The state of a scene, and the segments that interpolate it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from astronomy.constants import J2000_JD
from astronomy.ephemeris import Ephemeris
from astronomy.positions import SEGMENT_BODIES, Segment, find_segments, scene_state
from astronomy.positions.segments import SEGMENT_KINDS, SegmentKind, evaluated
from astronomy.timescales import Floats, time_at

# 1900-01-02 and 2100-12-31.
FIRST_JD, LAST_JD = 2_415_021.5, 2_488_433.5


def direct(ephemeris: Ephemeris, kind: SegmentKind, jd_tt: Floats) -> Floats:
    return kind.sample(ephemeris, time_at(ephemeris.timescale, jd_tt - J2000_JD))


def error(ephemeris: Ephemeris, segment: Segment, jd_tt: Floats) -> Floats:
    difference = evaluated(segment, jd_tt) - direct(ephemeris, segment.kind, jd_tt)
    if segment.kind.unit == "rad":
        difference = np.angle(np.exp(1j * difference))
    return np.asarray(np.linalg.norm(difference, axis=0))


def between_nodes(kind: SegmentKind, start_jd_tt: float, blocks: int) -> Floats:
    """Return the instants at which an interpolation is worst: ends, and between the nodes."""
    x = np.cos(np.linspace(0.0, np.pi, kind.nodes + 1))
    starts = start_jd_tt + np.arange(blocks) * kind.block_days
    return np.asarray((starts[:, None] + (0.5 + 0.5 * x) * kind.block_days).ravel())


@pytest.mark.parametrize("code", SEGMENT_BODIES)
@pytest.mark.parametrize("year", [1900, 1955, 2000, 2026, 2072, 2100])
def test_a_year_stays_inside_the_stated_error(ephemeris: Ephemeris, code: str, year: int) -> None:
    start = J2000_JD + (year - 2000) * 365.25
    (segment,) = find_segments(ephemeris, start, start + 365.0, [code])
    jd_tt = between_nodes(segment.kind, segment.start_jd_tt, len(segment.coefficients))
    assert error(ephemeris, segment, jd_tt[:800]).max() < segment.kind.error_bound


@pytest.mark.slow
@pytest.mark.parametrize("code", SEGMENT_BODIES)
def test_the_whole_span_stays_inside_the_stated_error(ephemeris: Ephemeris, code: str) -> None:
    kind = SEGMENT_KINDS[code]
    # Nutation takes 0.1 ms an instant: of the series of date every tenth year is enough.
    step_days = 1000.0 if kind.frame == "ecliptic_j2000" else 10_000.0
    for start in np.arange(FIRST_JD, LAST_JD - 400.0, step_days):
        span = min(step_days, 320.0 if step_days > 1000.0 else step_days)
        end = min(start + span, LAST_JD)
        (segment,) = find_segments(ephemeris, start, end, [code])
        jd_tt = between_nodes(kind, segment.start_jd_tt, len(segment.coefficients))
        for part in np.array_split(jd_tt, len(jd_tt) // 1000 + 1):
            assert error(ephemeris, segment, part).max() < kind.error_bound


@given(st.floats(FIRST_JD, LAST_JD - 20.0), st.floats(0.01, 20.0), st.sampled_from(SEGMENT_BODIES))
@settings(max_examples=60, deadline=None)
def test_any_span_is_covered_and_exact(
    ephemeris: Ephemeris, start: float, days: float, code: str
) -> None:
    (segment,) = find_segments(ephemeris, start, start + days, [code])
    jd_tt = np.linspace(start, start + days, 5)
    assert error(ephemeris, segment, jd_tt).max() < segment.kind.error_bound


def test_a_block_is_the_same_in_every_request(ephemeris: Ephemeris) -> None:
    (long,) = find_segments(ephemeris, 2_461_000.5, 2_461_040.5, ["moon"])
    (short,) = find_segments(ephemeris, 2_461_021.7, 2_461_021.8, ["moon"])
    first = round((short.start_jd_tt - long.start_jd_tt) / long.kind.block_days)
    assert len(short.coefficients) == 1
    assert long.coefficients[first] == pytest.approx(short.coefficients[0], abs=2e-15)


def test_neighbouring_blocks_meet(ephemeris: Ephemeris) -> None:
    for segment in find_segments(ephemeris, 2_461_000.5, 2_461_100.5, SEGMENT_BODIES):
        orders = np.arange(segment.kind.nodes)
        ends = segment.coefficients[:-1].sum(axis=-1)
        begins = (segment.coefficients[1:] * (-1.0) ** orders).sum(axis=-1)
        apart = np.linalg.norm(ends - begins, axis=-1)
        assert apart.max() < 2.0 * segment.kind.error_bound


def test_sidereal_time_never_falls(ephemeris: Ephemeris) -> None:
    (segment,) = find_segments(ephemeris, 2_461_000.5, 2_461_366.5, ["sidereal_time"])
    angles = evaluated(segment, np.linspace(2_461_000.5, 2_461_366.5, 5000))[0]
    assert (np.diff(angles) > 0.0).all()
    assert (angles[-1] - angles[0]) / (2.0 * np.pi) == pytest.approx(367.0, abs=0.01)


def test_spans_and_series_that_make_no_sense_are_refused(ephemeris: Ephemeris) -> None:
    with pytest.raises(ValueError, match="before"):
        find_segments(ephemeris, 2_461_000.5, 2_461_000.5, ["moon"])
    with pytest.raises(ValueError, match="ceres"):
        find_segments(ephemeris, 2_461_000.5, 2_461_001.5, ["ceres"])
    (segment,) = find_segments(ephemeris, 2_461_000.5, 2_461_001.5, ["moon"])
    with pytest.raises(ValueError, match="cover"):
        evaluated(segment, np.array([2_461_100.0]))


def test_the_state_is_what_skyfield_says(ephemeris: Ephemeris) -> None:
    kernel = ephemeris.kernel
    moment = ephemeris.timescale.utc(2026, 8, 12, 17, 45)
    state = scene_state(ephemeris, moment.tt)
    for code, target in (("earth", "earth"), ("mars", "mars barycenter"), ("mercury", "mercury")):
        expected = (kernel[target] - kernel["sun"]).at(moment).ecliptic_xyz().au
        assert state.heliocentric_au[code] == pytest.approx(expected, abs=1e-9)
    expected = (kernel["moon"] - kernel["earth"]).at(moment).ecliptic_xyz().au
    assert state.moon_geocentric_au == pytest.approx(expected, abs=1e-11)
    moon = kernel["earth"].at(moment).observe(kernel["moon"]).apparent()
    ra, dec, _distance = moon.radec(epoch="date")
    assert (state.moon_ra_rad, state.moon_dec_rad) == pytest.approx((ra.radians, dec.radians))
    assert state.gast_rad == pytest.approx(np.radians(moment.gast * 15.0), abs=1e-7)


def test_the_scene_of_an_eclipse_is_in_line(ephemeris: Ephemeris) -> None:
    # NASA's canon: the total eclipse of 2026-08-12, greatest at 17:47:06 TD, gamma 0.8977.
    state = scene_state(ephemeris, ephemeris.timescale.tt(2026, 8, 12, 17, 47, 6).tt)
    earth = np.array(state.heliocentric_au["earth"])
    moon = np.array(state.moon_geocentric_au)
    cosine = -(earth @ moon) / (np.linalg.norm(earth) * np.linalg.norm(moon))
    earth_radii = np.linalg.norm(moon) * np.sqrt(1.0 - cosine**2) / 4.26352e-5
    assert earth_radii == pytest.approx(0.8977, abs=0.02)  # geometric, without light time
    apart = np.hypot(
        state.subsolar.lon_rad - state.sublunar.lon_rad,
        state.subsolar.lat_rad - state.sublunar.lat_rad,
    )
    assert np.degrees(apart) < 1.0


def test_a_right_handed_scene_turns_east(ephemeris: Ephemeris) -> None:
    before, after = (scene_state(ephemeris, jd_tt) for jd_tt in (2_461_000.5, 2_461_001.5))
    for code in ("mercury", "venus", "earth", "mars", "jupiter", "saturn"):
        turn = np.cross(before.heliocentric_au[code], after.heliocentric_au[code])
        assert turn[2] > 0.0, code
    assert np.cross(before.moon_geocentric_au, after.moon_geocentric_au)[2] > 0.0
