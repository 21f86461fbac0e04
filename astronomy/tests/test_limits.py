"""Instants that cannot be computed: errors that name the limits, in the core and in the API."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import Client

from astronomy import provider
from astronomy.constants import J2000_JD
from astronomy.ephemeris import CHUNK, Ephemeris
from astronomy.errors import EphemerisRangeError
from astronomy.observer.days import body_days
from astronomy.observer.events import find_sky_events
from astronomy.observer.lunar import lunar_circumstances
from astronomy.observer.moon import moon_aspects
from astronomy.observer.place import Place
from astronomy.observer.solar import solar_circumstances
from astronomy.positions import View, find_segments, position_table, scene_state
from astronomy.sampling import Sky
from astronomy.tests.kernels import write_short_kernel

FAR = (datetime(2300, 1, 1, tzinfo=UTC), datetime(2300, 1, 2, tzinfo=UTC))
HERE = Place(0.0, 0.0)


@pytest.mark.parametrize("days", [np.nan, np.inf, -np.inf])
def test_an_instant_that_is_no_number_is_refused(ephemeris: Ephemeris, days: float) -> None:
    with pytest.raises(ValueError, match="finite number"):
        position_table(ephemeris, np.array([0.0, days]), ("moon",), View())
    with pytest.raises(ValueError, match="finite number"):
        scene_state(ephemeris, days)
    with pytest.raises(ValueError, match=r"finite number|before the end"):
        find_segments(ephemeris, J2000_JD, days, ("moon",))


@pytest.mark.parametrize("days", [1e9, -1e9, 250_000.0, -170_000.0])
def test_an_instant_outside_the_kernel_is_refused_naming_its_span(
    ephemeris: Ephemeris, days: float
) -> None:
    """DE440 covers 1549-12-31 to 2650-01-25."""
    for refused in (
        lambda: position_table(ephemeris, np.array([0.0, days]), ("moon",), View()),
        lambda: scene_state(ephemeris, J2000_JD + days),
        lambda: find_segments(ephemeris, J2000_JD + days, J2000_JD + days + 1.0, ("moon",)),
    ):
        with pytest.raises(EphemerisRangeError, match="1550-01-01 to 2650-01-24"):
            refused()


@pytest.mark.parametrize("count", [10_000, pytest.param(100_000, marks=pytest.mark.slow)])
def test_many_instants_are_computed_in_parts(ephemeris: Ephemeris, count: int) -> None:
    assert count > CHUNK
    days = np.linspace(-36_000.0, 36_000.0, count)
    found = position_table(ephemeris, days, ("moon",), View()).bodies["moon"]
    assert found.vector_au.shape == (3, count)
    assert np.all((found.distance_km > 356_000.0) & (found.distance_km < 407_000.0))


def test_the_sky_of_a_place_outside_the_span_is_refused_naming_it(sky: Sky) -> None:
    for refused in (
        lambda: find_sky_events(sky, HERE, *FAR, ["sun"]),
        lambda: moon_aspects(sky, FAR),
        lambda: body_days(sky, HERE, "sun", FAR, []),
        lambda: solar_circumstances(sky, HERE, *FAR),
        lambda: lunar_circumstances(sky, HERE, FAR[0], {"p1": FAR[0], "p4": FAR[1]}),
        lambda: provider.occurrences_between(start=FAR[0], end=FAR[1], families=["seasons"]),
    ):
        with pytest.raises(EphemerisRangeError, match="1900-01-01 to 2101-01-01"):
            refused()


def test_an_inverted_eclipse_is_refused(sky: Sky) -> None:
    with pytest.raises(ValueError, match=r"begins at 2026-08-12 .* ends at 2026-08-11"):
        solar_circumstances(
            sky, HERE, datetime(2026, 8, 12, tzinfo=UTC), datetime(2026, 8, 11, tzinfo=UTC)
        )


def _forget() -> None:
    provider.ephemeris().close()
    provider.ephemeris.cache_clear()
    provider._sky.cache_clear()


@pytest.fixture
def short_kernel(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Serve from a kernel of 2024-10 to 2028-03."""
    write_short_kernel(tmp_path / "short.bsp")
    settings.ASTRONOMY_KERNEL = str(tmp_path / "short.bsp")
    _forget()
    yield
    _forget()


@pytest.mark.django_db
@pytest.mark.usefixtures("short_kernel")
@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("positions", {"at": "2050-01-01"}),
        ("state", {"at": "2050-01-01"}),
        ("segments", {"start": "2028-03-01", "end": "2028-06-01"}),
        ("sun", {"lat": "0", "lon": "0", "date": "2050-01-01"}),
        ("moon", {"lat": "0", "lon": "0", "date": "2050-01-01"}),
        ("rise-set", {"lat": "0", "lon": "0", "date": "2050-01-01"}),
        ("calendars/chinese", {"date": "2050-01-01"}),
        ("calendars/hindu", {"date": "2050-01-01"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_shorter_kernel_refuses_what_it_has_not(path: str, query: dict[str, str]) -> None:
    response = Client(raise_request_exception=False).get(f"/api/v1/sky/{path}", query)
    problem = response.json()
    assert (response.status_code, problem["code"]) == (400, "range.outside")
    assert "2028-0" in problem["detail"]


ALLOWED: dict[str, tuple[dict[str, Any], str]] = {
    "positions": ({"lat": "91", "lon": "0"}, "-90"),
    "state": ({"at": "1899-12-31"}, "1900-01-01"),
    "segments": ({"start": "2026-01-02", "end": "2026-01-01"}, ""),
    "sun": ({"lat": "0", "lon": "0", "elevation": "1000000"}, "9000"),
    "moon": ({"lat": "nan", "lon": "0"}, "-90"),
    "rise-set": ({"lat": "0", "lon": "0", "days": "100000"}, "366"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ALLOWED)
def test_bad_input_is_told_in_the_language_of_the_reader(path: str) -> None:
    query, allowed = ALLOWED[path]
    told = set()
    for language in ("en", "ru", "hi"):
        client = Client(raise_request_exception=False, headers={"accept-language": language})
        response = client.get(f"/api/v1/sky/{path}", query)
        detail = response.json()["errors"][0]["detail"]
        assert response.status_code == 400
        assert allowed in detail
        told.add(detail)
    assert len(told) == 3
