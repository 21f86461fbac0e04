"""Perihelia and aphelia against Espenak's table for the Earth and published dates."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from astronomy.bodies import BODIES
from astronomy.finders.apsides import ORBITS
from astronomy.occurrence import Occurrence
from astronomy.sampling import Sky

Families = dict[str, list[Occurrence]]


def _of(by_family: Families, body: str, kind: str) -> list[Occurrence]:
    return [
        found for found in by_family["apsides"] if found.bodies == (body,) and found.kind == kind
    ]


@pytest.mark.parametrize(
    ("body", "kind", "day"),
    [
        # SkyCaramba, 2015-04-12: Jupiter on 2011-03-18 (17th in UTC by an hour) and 2023-01-20.
        ("jupiter", "perihelion", date(2023, 1, 20)),
        ("pluto", "perihelion", date(1989, 9, 5)),
        ("saturn", "perihelion", date(2003, 7, 26)),
        ("saturn", "perihelion", date(2032, 11, 28)),
        ("mars", "perihelion", date(2022, 6, 21)),
    ],
    ids=str,
)
def test_the_apsides_of_the_planets_are_on_published_days(
    by_family: Families, body: str, kind: str, day: date
) -> None:
    days = [found.utc.date() for found in _of(by_family, body, kind)]
    assert min(abs((each - day).days) for each in days) <= 1


def test_an_apsis_is_where_plain_skyfield_has_the_extreme_distance(
    sky: Sky, by_family: Families
) -> None:
    kernel, timescale = sky.ephemeris.kernel, sky.timescale
    for found in by_family["apsides"][::41]:
        body = found.bodies[0]
        target = kernel["earth" if body == "earth" else BODIES[body].kernel_name]
        shifts = np.array([-30.0, 0.0, 30.0]) * (1.0 if found.uncertainty_s < 100.0 else 20.0)
        moments = timescale.tt_jd(found.tt_jd1, found.tt_jd2 + shifts / 24.0)
        before, middle, after = (target - kernel["sun"]).at(moments).distance().au
        sign = 1.0 if found.kind == "perihelion" else -1.0
        assert sign * middle < sign * before
        assert sign * middle < sign * after
        assert found.details["distance_au"] == pytest.approx(middle, abs=1e-8)


def test_neptune_has_one_apsis_of_each_kind_about_its_mean(by_family: Families) -> None:
    # de.wikipedia.org, Neptunpositionen: 29.8066 au in September 2042; Meeus (1998), ch. 38:
    # 30.3317 au in July 1959.
    (near,) = _of(by_family, "neptune", "perihelion")
    (far,) = _of(by_family, "neptune", "aphelion")
    assert (near.utc.year, near.utc.month) == (2042, 9)
    assert (far.utc.year, far.utc.month) == (1959, 7)
    assert near.details["distance_au"] == pytest.approx(29.8066, abs=3e-4)
    assert far.details["distance_au"] == pytest.approx(30.3317, abs=1e-4)


@pytest.mark.parametrize("body", ORBITS)
def test_perihelia_and_aphelia_take_turns(by_family: Families, body: str) -> None:
    row = [found.kind for found in by_family["apsides"] if found.bodies == (body,)]
    assert row
    assert all(one != other for one, other in pairwise(row))
