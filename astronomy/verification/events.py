"""Checks of events against tables of their instants."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import timedelta
from typing import Final, TypeAlias

import numpy as np

from astronomy.occurrence import Occurrence
from astronomy.verification.check import Check, Sample, Statistic
from astronomy.verification.material import Material, Reference
from astronomy.verification.tables import Row, canon_delta_t_s, moment, tt_moment

ErrorOf: TypeAlias = Callable[[Row, Occurrence], float]
Chosen: TypeAlias = Callable[[Row, Occurrence], bool]

_ODD: Final = range(1901, 2101, 2)

SOLAR: Final = Reference(
    "solar_eclipses", "solar_eclipses", _ODD, "greatest_td", lambda _row: "", lambda _found: ""
)
LUNAR: Final = Reference(
    "lunar_eclipses", "lunar_eclipses", _ODD, "greatest_ut", lambda _row: "", lambda _found: ""
)
TRANSITS: Final = Reference(
    "transits",
    "transits",
    _ODD,
    "greatest_ut",
    lambda row: row["planet"],
    lambda found: found.bodies[0],
)
PHASES: Final = Reference(
    "moon_phases",
    "moon_phases",
    range(1910, 2101, 20),
    "utc",
    lambda row: row["phase"],
    lambda found: found.kind,
)
SEASONS: Final = Reference(
    "seasons", "seasons", _ODD, "utc", lambda row: row["season"], lambda found: found.kind
)
NODES: Final = Reference(
    "moon_nodes",
    "lunar_nodes",
    range(2001, 2101, 2),
    "utc",
    lambda row: f"{row['node']}_node",
    lambda found: found.kind if found.kind.endswith("_node") else None,
)
MOON_APSIDES: Final = Reference(
    "moon_apsides",
    "lunar_apsides",
    range(2001, 2101, 2),
    "utc",
    lambda row: row["apsis"],
    lambda found: found.kind if found.kind in {"perigee", "apogee"} else None,
)
EARTH_APSIDES: Final = Reference(
    "earth_apsides",
    "apsides",
    range(2001, 2101, 2),
    "utc",
    lambda row: row["apsis"],
    lambda found: found.kind if found.bodies == ("earth",) else None,
)

# A second of Delta T turns the Earth by 15.041 arcseconds.
_TURN_DEG_S: Final = 15.041 / 3600.0
_RECENT: Final = range(1972, 2031)


def _compared(
    reference: Reference, error_of: ErrorOf, years: range = range(1900, 2101)
) -> Callable[[Material], Sample]:
    """Return a comparison of the rows of ``years``; extra are those of all years looked at."""

    def compare(material: Material) -> Sample:
        pairing = material.pairing(reference)
        rows = [row for row in pairing.rows if moment(row[reference.time]).year in years]
        errors = [
            error_of(row, found)
            for row, found in pairing.pairs
            if moment(row[reference.time]).year in years
        ]
        return Sample(len(rows), np.array(errors), pairing.extra)

    return compare


def _ut1_s(row: Row, found: Occurrence) -> float:
    return (found.ut1 - moment(row["utc"])).total_seconds()


def _canon_s(row: Row, found: Occurrence) -> float:
    return (tt_moment(found) - moment(row["greatest_td"])).total_seconds()


def _carried_s(row: Row, found: Occurrence) -> float:
    """Return our TT minus the table's UT carried to TT by the canon's Delta T."""
    at = moment(row["greatest_ut"])
    return (tt_moment(found) - at - timedelta(seconds=canon_delta_t_s(at))).total_seconds()


def _detail(column: str, detail: str | None = None) -> ErrorOf:
    return lambda row, found: float(found.details[detail or column]) - float(row[column])


def _other_type(row: Row, found: Occurrence) -> float:
    return float(found.details["type"] != row["kind"])


def _semiduration_min(phase: str) -> ErrorOf:
    def error(row: Row, found: Occurrence) -> float:
        ours_s = float(found.details[f"{phase}_duration_s"] or 0.0)
        return ours_s / 120.0 - float(row[f"{phase}_semiduration_min"])

    return error


def _point_deg(row: Row, found: Occurrence) -> float:
    """Return how far the point of greatest eclipse is off, after the canon's Delta T."""
    details = found.details
    turned = (float(row["delta_t_s"]) - float(details["delta_t_s"])) * _TURN_DEG_S
    east = float(details["greatest_lon_deg"]) + turned - float(row["greatest_lon_deg"])
    east = ((east + 180.0) % 360.0 - 180.0) * math.cos(math.radians(details["greatest_lat_deg"]))
    north = float(details["greatest_lat_deg"]) - float(row["greatest_lat_deg"])
    return max(abs(north), abs(east))


def _points(central: bool) -> Callable[[Material], Sample]:
    def compare(material: Material) -> Sample:
        pairs = material.pairing(SOLAR).pairs
        chosen = [pair for pair in pairs if pair[1].details["central"] == central]
        return Sample(len(chosen), np.array([_point_deg(*pair) for pair in chosen]))

    return compare


def _recent_bias(material: Material) -> Sample:
    parts = [_compared(reference, _ut1_s, _RECENT)(material) for reference in (PHASES, SEASONS)]
    return Sample(sum(part.rows for part in parts), np.concatenate([part.errors for part in parts]))


def _of(reference: Reference) -> Callable[..., Check]:
    def check(
        quantity: str,
        error_of: ErrorOf,
        limit: float,
        unit: str = "",
        *,
        years: range = range(1900, 2101),
        statistic: Statistic = Statistic.MAXIMUM,
    ) -> Check:
        compare = _compared(reference, error_of, years)
        family, table = reference.family, reference.table
        return Check(family, quantity, table, unit, limit, compare, statistic)

    return check


_solar, _lunar, _transit = _of(SOLAR), _of(LUNAR), _of(TRANSITS)
_phase, _season, _node = _of(PHASES), _of(SEASONS), _of(NODES)
_moon_apsis, _earth_apsis = _of(MOON_APSIDES), _of(EARTH_APSIDES)

CHECKS: Final = (
    _phase("instant (UT1), 1972-2030", _ut1_s, 45.0, "s", years=_RECENT),
    _phase("instant (UT1), 1900-2100", _ut1_s, 65.0, "s"),
    _season("instant (UT1), 1972-2030", _ut1_s, 45.0, "s", years=_RECENT),
    _season("instant (UT1), 1900-2100", _ut1_s, 65.0, "s"),
    Check(
        "moon_phases and seasons",
        "bias (UT1), 1972-2030",
        "moon_phases, seasons",
        "s",
        4.0,
        _recent_bias,
        Statistic.BIAS,
    ),
    _solar("greatest eclipse (TT)", _canon_s, 0.8, "s"),
    _solar("type", _other_type, 0.0, statistic=Statistic.EQUAL),
    _solar("saros", _detail("saros"), 0.0, statistic=Statistic.EQUAL),
    _solar("gamma", _detail("gamma"), 1e-4),
    _solar("magnitude", _detail("magnitude"), 5e-4),
    Check("solar_eclipses", "point, central", SOLAR.table, "°", 0.06, _points(True)),
    Check("solar_eclipses", "point, not central", SOLAR.table, "°", 0.25, _points(False)),
    _lunar("greatest eclipse (TT)", _carried_s, 60.0, "s"),
    _lunar(
        "bias of greatest (TT), 1901-2030",
        _carried_s,
        4.0,
        "s",
        years=range(1901, 2031),
        statistic=Statistic.BIAS,
    ),
    _lunar("type", _other_type, 0.0, statistic=Statistic.EQUAL),
    _lunar("saros", _detail("saros"), 0.0, statistic=Statistic.EQUAL),
    _lunar("gamma", _detail("gamma"), 1e-3),
    _lunar("umbral magnitude", _detail("umbral_magnitude"), 2e-3),
    _lunar("penumbral magnitude", _detail("penumbral_magnitude"), 2e-3),
    _lunar("half of the partial phase", _semiduration_min("partial"), 0.6, "min"),
    _lunar("half of totality", _semiduration_min("total"), 0.6, "min"),
    _transit("greatest transit (TT)", _carried_s, 60.0, "s"),
    _transit("least separation", _detail("min_separation_arcsec", "separation_arcsec"), 0.5, "″"),
    _node("instant (UT1)", _ut1_s, 200.0, "s"),
    _moon_apsis("instant (UT1)", _ut1_s, 2400.0, "s"),
    _moon_apsis("distance", _detail("distance_km"), 20.0, "km"),
    _earth_apsis("instant (UT1)", _ut1_s, 65.0, "s"),
    _earth_apsis("distance", _detail("distance_au"), 1e-7, "au"),
)
