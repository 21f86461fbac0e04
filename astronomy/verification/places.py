"""Checks of rise and set at places."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

import numpy as np

from astronomy.observer.events import find_sky_events
from astronomy.observer.place import Place
from astronomy.verification.check import Check, Sample, Statistic
from astronomy.verification.material import Material
from astronomy.verification.tables import Row, moment

_TABLE: Final = "rise_set"
_DAY: Final = timedelta(days=1)
_REACH_S: Final = 6.0 * 3600.0
POLAR_DEG: Final = 80.0


class Series(NamedTuple):
    """A body at a place in a year, as one page of the table is."""

    lat_deg: float
    lon_deg: float
    body: str
    year: int


def _series(rows: tuple[Row, ...]) -> dict[Series, list[Row]]:
    groups: dict[Series, list[Row]] = {}
    for row in rows:
        year = moment(row["utc"]).year
        key = Series(float(row["lat_deg"]), float(row["lon_deg"]), row["body"].lower(), year)
        groups.setdefault(key, []).append(row)
    return groups


def _compared(polar: bool) -> Callable[[Material], Sample]:
    def compare(material: Material) -> Sample:
        rows = material.rows(_TABLE, "utc")
        parts = [
            _page(material, series, page)
            for series, page in _series(rows).items()
            if (abs(series.lat_deg) >= POLAR_DEG) == polar
        ]
        return Sample(
            sum(part.rows for part in parts),
            np.concatenate([part.errors for part in parts]) if parts else np.array([]),
            sum(part.extra for part in parts),
        )

    return compare


def _page(material: Material, series: Series, rows: list[Row]) -> Sample:
    """Return our instants minus those of a page, in seconds; what no row has is extra."""
    start = datetime(series.year, 1, 1, tzinfo=UTC)
    end = datetime(series.year + 1, 1, 1, tzinfo=UTC)
    place = Place(series.lat_deg, series.lon_deg)
    events = find_sky_events(material.sky, place, start - _DAY, end + _DAY, [series.body])
    passages = [event for event in events if event.event in {"rise", "set"}]
    errors = []
    for row in rows:
        at = moment(row["utc"])
        same = [e.utc for e in passages if e.event == row["event"] and abs(e.utc - at) < _DAY]
        off_s = min(((utc - at).total_seconds() for utc in same), key=abs, default=_REACH_S)
        if abs(off_s) < _REACH_S:
            errors.append(off_s)
    inside = [event for event in passages if start <= event.utc < end]
    return Sample(len(rows), np.array(errors), max(0, len(inside) - len(rows)))


CHECKS: Final = (
    Check("rise and set", "below 80°", _TABLE, "s", 40.0, _compared(False), Statistic.P99),
    Check("rise and set", "Moon, beyond 84°", _TABLE, "s", 60.0, _compared(True)),
)
