"""One sky and one long computation, shared by the whole session."""

from __future__ import annotations

import fcntl
import os
import pickle
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


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave to `make check` what needs two centuries found first: a minute of the processor."""
    for item in items:
        if "whole_span" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def whole_span(sky: Sky, tmp_path_factory: pytest.TempPathFactory) -> list[Occurrence]:
    """Return every event of 1900-2100 of the smaller families, found once for all workers."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return _found(sky)
    kept = tmp_path_factory.getbasetemp().parent / "whole-span"  # the folder of all workers
    with kept.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # who comes second waits for the first
        file.seek(0)
        written = file.read()
        if not written:
            file.write(pickle.dumps(_found(sky)))
    return _read(written) if written else _read(kept.read_bytes())


def _found(sky: Sky) -> list[Occurrence]:
    start, end = datetime(1900, 1, 1, tzinfo=UTC), datetime(2101, 1, 1, tzinfo=UTC)
    return find_occurrences(sky, start, end, WHOLE_SPAN)


def _read(written: bytes) -> list[Occurrence]:
    found: list[Occurrence] = pickle.loads(written)  # noqa: S301 - a worker of this run wrote it
    return found


@pytest.fixture(scope="session")
def by_family(whole_span: list[Occurrence]) -> dict[str, list[Occurrence]]:
    return {name: [found for found in whole_span if found.family == name] for name in WHOLE_SPAN}
