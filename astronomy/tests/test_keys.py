"""A key leads back to its event; which events there are is tested elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from astronomy.ephemeris import open_ephemeris
from astronomy.finders import FAMILIES, find_occurrences
from astronomy.keys import key_window
from astronomy.sampling import Sky

# Years to search for a family that a few years may lack.
RARE = {"transits": 15}
# The outermost planets stray by years from their mean perihelion, Mercury by weeks from its mean
# conjunction.
LONGEST_D = {"apsides": 5000, "transits": 50}


@pytest.fixture(scope="module")
def sky() -> Iterator[Sky]:
    ephemeris = open_ephemeris()
    yield Sky(ephemeris)
    ephemeris.kernel.close()


@pytest.mark.parametrize("first_year", [1900, 2000, 2096], ids=str)
@pytest.mark.parametrize("family", list(FAMILIES))
def test_the_window_of_a_key_holds_its_event(sky: Sky, family: str, first_year: int) -> None:
    years = RARE.get(family, 5)
    first_year = min(first_year, 2101 - years)
    start, end = (datetime(year, 1, 1, tzinfo=UTC) for year in (first_year, first_year + years))
    found = find_occurrences(sky, start, end, [family])
    assert found
    for occurrence in found:
        window = key_window(occurrence.key)
        assert window is not None
        assert window.family == family
        assert window.start <= occurrence.utc < window.end
        assert window.end - window.start <= timedelta(days=LONGEST_D.get(family, 16))


@pytest.mark.parametrize(
    "key",
    [
        "",
        "moon",
        "moon-phases-moon-37105-45",
        "moon-phases-moon-37105-000-1",
        "moon-phases-moon-٣٧١٠٥-000",
        "moon-phases-moon-1-000",
        "moon-phases-moon-999999-000",
        "seasons-sun-1899-270x",
        "seasons-sun-1898-000",
        "seasons-sun-999999-000",
        "solar-eclipses-37105",
        "staff-00000000-0000-0000-0000-000000000000",
    ],
)
def test_other_keys_have_no_window(key: str) -> None:
    assert key_window(key) is None


def test_windows_stay_inside_the_span() -> None:
    first = key_window("seasons-sun-2100-270")
    assert first is not None
    assert first.end <= datetime(2101, 1, 1, tzinfo=UTC)
    lowest = key_window("seasons-sun-1899-270")
    assert lowest is None or lowest.start >= datetime(1900, 1, 1, tzinfo=UTC)
