"""One sky and one long computation, shared by the whole session."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from astronomy.ephemeris import Ephemeris, open_ephemeris
from astronomy.finders import find_occurrences
from astronomy.occurrence import Occurrence
from astronomy.sampling import Sky


@pytest.fixture(scope="session")
def ephemeris() -> Iterator[Ephemeris]:
    with open_ephemeris() as opened:
        yield opened


@pytest.fixture(scope="session")
def sky(ephemeris: Ephemeris) -> Sky:
    return Sky(ephemeris)


# Families of ten thousands of events are left to shorter spans.
WHOLE_SPAN = (
    "moon_phases",
    "seasons",
    "solar_terms",
    "solar_eclipses",
    "lunar_eclipses",
    "sun_conjunctions",
    "elongations",
    "stations",
    "lunar_apsides",
    "lunar_nodes",
    "apsides",
    "transits",
    "occultations",
    "meteor_showers",
    "alignments",
    "cultural",
)


@pytest.fixture(scope="session")
def whole_span(sky: Sky) -> list[Occurrence]:
    """Return every event of 1900-2100 of the smaller families, found once."""
    start, end = datetime(1900, 1, 1, tzinfo=UTC), datetime(2101, 1, 1, tzinfo=UTC)
    return find_occurrences(sky, start, end, WHOLE_SPAN)


@pytest.fixture(scope="session")
def by_family(whole_span: list[Occurrence]) -> dict[str, list[Occurrence]]:
    return {name: [found for found in whole_span if found.family == name] for name in WHOLE_SPAN}
