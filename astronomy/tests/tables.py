"""Published tables and how to compare with them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from astronomy.occurrence import Occurrence
from astronomy.timescales import format_tt

_FOLDER = Path(__file__).parent / "reference"

Row = dict[str, str]


def read_table(name: str) -> list[Row]:
    """Return the rows of a reference table; its first line names the source."""
    lines = (_FOLDER / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# ")
    return list(csv.DictReader(lines[1:]))


def moment(text: str) -> datetime:
    """Return the instant of a table, in whatever scale the table is."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def tt_moment(found: Occurrence) -> datetime:
    """Return the instant in TT, as a datetime only to subtract."""
    return moment(format_tt(found.tt_jd1, found.tt_jd2))


def canon_delta_t_s(at: datetime) -> float:
    """Return the Delta T which the canon of solar eclipses had assumed about ``at``."""
    rows = read_table("solar_eclipses")
    times = [moment(row["greatest_td"]).timestamp() for row in rows]
    return float(np.interp(at.timestamp(), times, [float(row["delta_t_s"]) for row in rows]))


def nearest(candidates: Sequence[Occurrence], at: datetime) -> Occurrence:
    """Return the candidate whose UT1 is nearest to ``at``."""
    return min(candidates, key=lambda found: abs(found.ut1 - at))
