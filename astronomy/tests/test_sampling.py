"""Samples against Skyfield, and their independence of who asks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from astronomy.bodies import BODIES
from astronomy.ephemeris import Ephemeris
from astronomy.sampling import BlockSeries, Sky, latitude_deg, longitude_deg
from astronomy.timescales import Floats

DAYS = np.linspace(9600.3, 9900.7, 401)


@pytest.mark.parametrize("body", BODIES)
def test_samples_are_within_a_tenth_of_a_milliarcsecond_of_what_they_interpolate(
    sky: Sky, ephemeris: Ephemeris, body: str
) -> None:
    sampled, asked = sky.vector_au(body, DAYS), ephemeris.sampled_vectors(body, DAYS)
    apart_rad = np.linalg.norm(sampled - asked, axis=0) / np.linalg.norm(asked, axis=0)
    assert np.max(np.degrees(apart_rad) * 3.6e6) < 0.1


@pytest.mark.parametrize("body", ["sun", "moon"])
def test_samples_are_within_5_milliarcseconds_of_the_standard_apparent_place(
    sky: Sky, body: str
) -> None:
    """Deflection and the short nutation series are what the samples leave out."""
    direct = sky.confirmed((body,), DAYS).vectors_au[body]
    sampled = sky.vector_au(body, DAYS)
    off_deg = longitude_deg(sampled) - longitude_deg(direct)
    off_deg = np.hypot(off_deg, latitude_deg(sampled) - latitude_deg(direct))
    assert np.max(off_deg) * 3.6e6 < 5.0


def test_the_sampled_obliquity_is_the_direct_one(sky: Sky) -> None:
    direct = sky.confirmed(("sun",), DAYS[:20]).obliquity_rad
    assert sky.obliquity_rad(DAYS[:20]) == pytest.approx(direct, abs=1e-8)


def test_a_sample_does_not_depend_on_what_was_asked_before(ephemeris: Ephemeris) -> None:
    forwards, backwards = Sky(ephemeris), Sky(ephemeris)
    parts = [forwards.vector_au("moon", part) for part in (DAYS[:7], DAYS[7:])]
    one = np.concatenate(parts, axis=1)
    other = backwards.vector_au("moon", DAYS[::-1])[:, ::-1]
    assert np.array_equal(one, other)


def _cubic(days: Floats) -> Floats:
    return np.stack((days, days**2 / 1e3, days**3 / 1e6))


@given(st.floats(-36000.0, 36000.0))
def test_a_polynomial_is_reproduced_everywhere(day: float) -> None:
    series = BlockSeries(_cubic, (-4e4, 4e4), block_days=8, nodes=5, components=3)
    days = np.array([day])
    assert series.at(days)[:, 0] == pytest.approx(_cubic(days)[:, 0], rel=1e-11, abs=1e-6)


def test_a_border_between_blocks_is_continuous(sky: Sky) -> None:
    borders = np.arange(9600.0, 9700.0, 8.0)
    before = sky.vector_au("moon", borders - 1e-7)
    after = sky.vector_au("moon", borders + 1e-7)
    # The Moon covers 5e-10 au in 2e-7 days.
    assert np.max(np.abs(after - before)) < 1e-9


def test_each_page_is_sampled_once() -> None:
    asked: list[int] = []

    def sample(days: Floats) -> Floats:
        asked.append(len(days))
        return _cubic(days)

    series = BlockSeries(sample, (-4e4, 4e4), block_days=8, nodes=5, components=3)
    for _ in range(3):
        series.at(np.array([1.0, 255.0, 257.0]))
    assert sum(asked) == 2 * 160


def test_blocks_outside_the_kernel_are_not_asked_for() -> None:
    asked: list[Floats] = []

    def sample(days: Floats) -> Floats:
        asked.append(days)
        return _cubic(days)

    series = BlockSeries(sample, (20.0, 100.0), block_days=8, nodes=5, components=3)
    series.at(np.array([50.0]))
    assert min(asked[0]) >= 24.0
    assert max(asked[0]) <= 96.0
    assert np.all(np.isnan(series.at(np.array([10.0, 110.0]))))


def test_threads_that_share_a_sky_read_the_same(sky: Sky, ephemeris: Ephemeris) -> None:
    fresh = Sky(ephemeris)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: fresh.vector_au("moon", DAYS), range(8)))
    assert all(np.array_equal(answer, sky.vector_au("moon", DAYS)) for answer in answers)
