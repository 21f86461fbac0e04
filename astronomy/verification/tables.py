"""The published tables that are shipped with the product, and how to compare with them."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np

from astronomy.occurrence import Occurrence
from astronomy.timescales import format_tt

FOLDER: Final = Path(__file__).parent / "tables"

Row: TypeAlias = Mapping[str, str]


@cache
def read_table(name: str) -> tuple[Row, ...]:
    """Return the rows of a reference table.

    Raises: ValueError if the first line does not name the source.
    """
    first, *lines = (FOLDER / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    if not first.startswith("# "):
        raise ValueError(f"The first line of {name}.csv must name its source.")
    return tuple(csv.DictReader(lines))


def source_of(name: str) -> str:
    """Return the line that names where a reference table comes from."""
    first = (FOLDER / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0]
    return first.removeprefix("# ")


def table_names() -> tuple[str, ...]:
    """Return the names of all tables that are shipped."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.csv")))


def moment(text: str) -> datetime:
    """Return the instant of a table, in whatever scale the table is."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def tt_moment(found: Occurrence) -> datetime:
    """Return the instant in TT, as a datetime only to subtract."""
    return moment(format_tt(found.tt_jd1, found.tt_jd2))


def canon_delta_t_s(at: datetime) -> float:
    """Return the Delta T which the canon of solar eclipses had assumed about ``at``."""
    times, values = _canon()
    return float(np.interp(at.timestamp(), times, values))


@cache
def _canon() -> tuple[list[float], list[float]]:
    rows = read_table("solar_eclipses")
    times = [moment(row["greatest_td"]).timestamp() for row in rows]
    return times, [float(row["delta_t_s"]) for row in rows]
