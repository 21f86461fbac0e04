"""Opening kernels: the complete one, an excerpt, and what is none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from astronomy.ephemeris import CHUNK, Ephemeris, open_ephemeris
from astronomy.errors import EphemerisRangeError
from astronomy.finders import FAMILIES, find_occurrences
from astronomy.finders.window import supported_span
from astronomy.sampling import Sky
from astronomy.tests.kernels import write_short_kernel

YEAR_2026 = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


@pytest.fixture(scope="module")
def excerpt_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("kernel") / "excerpt.bsp"
    write_short_kernel(path)
    return path


@pytest.fixture
def excerpt(excerpt_path: Path) -> Iterator[Ephemeris]:
    with open_ephemeris(str(excerpt_path)) as opened:
        yield opened


def test_the_default_is_the_complete_de440(ephemeris: Ephemeris) -> None:
    assert ephemeris.name == "DE440"
    assert ephemeris.covered_start < 2287185.0  # 1549-12-31
    assert ephemeris.covered_end > 2688976.0  # 2650-01-25
    assert set(ephemeris.versions) == {"jplephem", "numpy", "skyfield"}


@pytest.mark.slow
def test_an_excerpt_gives_the_same_events_to_the_last_bit(sky: Sky, excerpt: Ephemeris) -> None:
    assert excerpt.name == "DE440"
    ours = find_occurrences(Sky(excerpt), *YEAR_2026, FAMILIES)
    assert ours == find_occurrences(sky, *YEAR_2026, FAMILIES)
    assert len(ours) > 50


@pytest.mark.slow
def test_an_excerpt_answers_inside_what_it_covers_and_names_it_outside(
    excerpt: Ephemeris,
) -> None:
    first, last = supported_span(excerpt)
    assert (first, last) == (
        datetime(2024, 12, 30, tzinfo=UTC),
        datetime(2028, 1, 2, tzinfo=UTC),
    )
    assert find_occurrences(Sky(excerpt), first, last, FAMILIES)
    with pytest.raises(EphemerisRangeError, match="2024-12-30 to 2028-01-02") as caught:
        find_occurrences(Sky(excerpt), first, YEAR_2026[1].replace(year=2029), FAMILIES)
    assert caught.value.covered_start == "2024-12-30"
    assert caught.value.covered_end == "2028-01-02"


def test_a_path_without_a_file_is_named() -> None:
    with pytest.raises(FileNotFoundError, match="no ephemeris kernel at /nowhere"):
        open_ephemeris("/nowhere/de440.bsp")


def test_a_kernel_without_a_body_is_refused(tmp_path: Path) -> None:
    write_short_kernel(tmp_path / "moonless.bsp", without=frozenset({301}))
    with pytest.raises(ValueError, match="has no moon"):
        open_ephemeris(str(tmp_path / "moonless.bsp"))


def test_a_file_that_is_no_kernel_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "text.bsp"
    path.write_text("This is not a kernel.", encoding="ascii")
    with pytest.raises(ValueError, match="file"):
        open_ephemeris(str(path))


def test_many_instants_give_what_one_at_a_time_gives(ephemeris: Ephemeris) -> None:
    days = np.linspace(-3000.0, 9000.0, CHUNK + 3)
    many = ephemeris.apparent_sky(("moon",), days)
    for at in (0, CHUNK - 1, CHUNK, CHUNK + 2):
        one = ephemeris.apparent_sky(("moon",), days[at : at + 1])
        assert many.vectors_au["moon"][:, at] == pytest.approx(
            one.vectors_au["moon"][:, 0], rel=1e-13
        )
        assert many.obliquity_rad[at] == pytest.approx(one.obliquity_rad[0], rel=1e-13)


def test_no_instants_give_empty_arrays(ephemeris: Ephemeris) -> None:
    none = ephemeris.apparent_sky(("sun", "moon"), np.array([]))
    assert none.vectors_au["moon"].shape == (3, 0)
    assert none.gast_rad.shape == (0,)


def test_the_obliquity_of_j2000_is_that_of_the_iau(ephemeris: Ephemeris) -> None:
    """Add nutation, -5.77 arcseconds then, to 84381.406 (IAU 2006): USNO Circular 179, ch. 5."""
    arcseconds = np.degrees(ephemeris.apparent_sky(("sun",), np.zeros(1)).obliquity_rad) * 3600.0
    assert arcseconds[0] == pytest.approx(84381.406 - 5.77, abs=0.01)
