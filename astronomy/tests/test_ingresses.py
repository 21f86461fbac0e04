"""Ingresses against plain Skyfield and its own map of the constellations."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from skyfield.api import load_constellation_map

from astronomy.finders import find_occurrences
from astronomy.finders.constellations import cell_map
from astronomy.finders.ingresses import SIGNS
from astronomy.occurrence import Occurrence
from astronomy.sampling import Sky
from astronomy.tests import plain

START, END = datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def found(sky: Sky) -> list[Occurrence]:
    return find_occurrences(sky, START, END, ["ingresses"])


def _signs(found: list[Occurrence], body: str) -> list[Occurrence]:
    return [each for each in found if each.kind == "ingress" and each.bodies == (body,)]


def _borders(found: list[Occurrence], body: str) -> list[Occurrence]:
    return [
        each for each in found if each.kind == "constellation_ingress" and each.bodies == (body,)
    ]


@pytest.mark.parametrize("body", ["sun", "moon", "mercury", "venus", "neptune"])
def test_the_sign_of_plain_skyfields_longitude_changes_there(
    sky: Sky, found: list[Occurrence], body: str
) -> None:
    for each in _signs(found, body):
        shift_s = max(0.1, 4.0 * each.uncertainty_s)
        longitudes = [
            plain.longitude_deg(sky, body, plain.times_of(sky, [each], shift))[0]
            for shift in (-shift_s, shift_s)
        ]
        before, after = (SIGNS[int(longitude % 360.0 // 30.0)] for longitude in longitudes)
        assert after == each.details["sign"]
        assert before != after
        steps = (SIGNS.index(after) - SIGNS.index(before)) % 12
        assert steps == (11 if each.details["retrograde"] else 1)


def test_no_sign_is_missed_in_daily_steps(sky: Sky, found: list[Occurrence]) -> None:
    days = sky.timescale.utc(2025, 1, range(1, 367))
    for body in ("sun", "moon", "mercury", "mars", "saturn"):
        signs = (plain.longitude_deg(sky, body, days) % 360.0 // 30.0).astype(int)
        changes = int(np.count_nonzero(np.diff(signs)))
        assert len(_signs(found, body)) == changes


def test_neptune_passes_the_vernal_point_in_2025(found: list[Occurrence]) -> None:
    neptune = [(each.utc.month, each.details["sign"]) for each in _signs(found, "neptune")]
    assert neptune == [(3, "aries"), (10, "pisces")]  # back on October 22, by its loop
    keys = [each.key for each in _signs(found, "neptune")]
    assert len({key.rsplit("-", 1)[0] for key in keys}) == 1  # the same turn, two arcs


@pytest.mark.parametrize("body", ["sun", "moon"])
def test_skyfields_map_changes_where_a_border_is_crossed(
    sky: Sky, found: list[Occurrence], body: str
) -> None:
    constellation_at = load_constellation_map()
    ours = _borders(found, body)
    before, after = (
        [str(name).lower() for name in constellation_at(plain.apparent(sky, body, time))]
        for time in (plain.times_of(sky, ours, shift_s) for shift_s in (-0.1, 0.1))
    )
    assert before == [each.details["left_constellation"] for each in ours]
    assert after == [each.details["constellation"] for each in ours]


def test_no_border_is_missed_in_steps_of_20_minutes(sky: Sky, found: list[Occurrence]) -> None:
    constellation_at = load_constellation_map()
    times = sky.timescale.utc(2025, 1, 1, 0, range(0, 90 * 1440, 20))
    names = np.asarray(constellation_at(plain.apparent(sky, "moon", times)))
    entered = [
        str(name).lower() for name, before in zip(names[1:], names, strict=False) if name != before
    ]
    limit = times[-1].utc_datetime()
    ours = [each.details["constellation"] for each in _borders(found, "moon") if each.utc < limit]
    assert ours == entered


def test_borders_join_up(found: list[Occurrence]) -> None:
    for body in ("sun", "moon"):
        for before, after in pairwise(_borders(found, body)):
            assert before.details["constellation"] == after.details["left_constellation"]


def test_the_sun_enters_thirteen_constellations(found: list[Occurrence]) -> None:
    entered = [each.details["constellation"] for each in _borders(found, "sun")]
    assert len(entered) == len(set(entered)) == 13
    ophiuchus = next(
        each for each in _borders(found, "sun") if each.key == "ingresses-sun-oph-2025-1"
    )
    # IAU boundaries: the Sun is in Ophiuchus from November 29 or 30 to December 17 or 18.
    assert timedelta(0) < ophiuchus.utc - datetime(2025, 11, 29, tzinfo=UTC) < timedelta(days=2)


def test_the_map_has_the_88_constellations() -> None:
    assert len(set(cell_map().names)) == 88
