"""A kernel shorter than 1900-2100: what it does not reach is refused, never an error of ours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from astronomy import provider
from astronomy.occurrence import Occurrence
from astronomy.tests.kernels import write_short_kernel
from events.models import Event
from events.onthefly import CACHE
from events.services.generation import event_generate
from events.windows import Span

OUTSIDE = "solar-eclipses-sun-moon-37100-145"  # 1999-08-11
INSIDE = "moon-full-2026-12-24"
AUGUST_1999 = Span(datetime(1999, 8, 1, tzinfo=UTC), datetime(1999, 9, 1, tzinfo=UTC))
PLACE = {"lat": "48", "lon": "11"}


@pytest.fixture(scope="module")
def excerpt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("kernels") / "short.bsp"
    write_short_kernel(path)
    return path


def close_kernel() -> None:
    provider.ephemeris().close()
    provider.ephemeris.cache_clear()
    provider._sky.cache_clear()
    CACHE._kept.clear()


@pytest.fixture
def eclipse() -> Occurrence:
    found = provider.occurrence_by_key(key=OUTSIDE)
    assert found is not None
    return found


@pytest.fixture
def short_kernel(eclipse: Occurrence, excerpt: Path, settings: Any) -> Iterator[None]:
    """Run the process on an excerpt of a few years."""
    close_kernel()
    settings.ASTRONOMY_KERNEL = str(excerpt)
    yield
    close_kernel()


def asked(client: Client, path: str, **query: str) -> Any:
    return client.get(f"/api/v1/events{path and '/'}{path}", query)


@pytest.mark.parametrize("path", ["", "/circumstances", "/figure.svg"])
@pytest.mark.parametrize("reference", [OUTSIDE, "solar-eclipse-total-1999-08-11"])
def test_an_event_outside_is_refused_with_the_span(
    short_kernel: None, db: None, client: Client, reference: str, path: str
) -> None:
    answer = asked(client, reference + path, **(PLACE if path == "/circumstances" else {}))
    assert (answer.status_code, answer.json()["code"]) == (400, "range.outside")
    assert "2024" in answer.json()["detail"]


def test_an_event_inside_is_found(short_kernel: None, db: None, client: Client) -> None:
    assert asked(client, INSIDE).status_code == 200


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("", {}, 200),
        ("/circumstances", PLACE, 400),
        ("/figure.svg", {}, 400),
    ],
)
def test_a_stored_event_outside_is_told_without_what_needs_the_sky(
    eclipse: Occurrence,
    db: None,
    client: Client,
    request: pytest.FixtureRequest,
    path: str,
    query: dict[str, str],
    status: int,
) -> None:
    stored(eclipse)
    request.getfixturevalue("short_kernel")
    assert asked(client, OUTSIDE + path, **query).status_code == status


def test_the_page_of_a_stored_event_outside_stands_without_its_figure(
    eclipse: Occurrence, db: None, client: Client, request: pytest.FixtureRequest
) -> None:
    event = stored(eclipse)
    request.getfixturevalue("short_kernel")
    assert client.get(f"/en/events/{event.slug}/").status_code == 200


def test_a_list_seen_from_a_place_is_refused_outside(
    eclipse: Occurrence, db: None, client: Client, request: pytest.FixtureRequest
) -> None:
    stored(eclipse)
    request.getfixturevalue("short_kernel")
    span = {"from": "1999-08-01", "to": "1999-09-01", "visible_from": "48,11"}
    assert asked(client, "", **span).status_code == 400


def stored(occurrence: Occurrence) -> Event:
    event_generate(span=AUGUST_1999, families=["solar_eclipses"])
    return Event.objects.get(key=occurrence.key)
