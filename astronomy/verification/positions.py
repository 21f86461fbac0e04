"""Checks of positions against JPL Horizons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

import numpy as np

from astronomy.constants import J2000_JD
from astronomy.positions import (
    BodyPositions,
    Correction,
    Frame,
    Origin,
    Place,
    View,
    position_table,
)
from astronomy.sampling import Sky
from astronomy.timescales import days_from_datetime
from astronomy.verification.check import Check, Sample
from astronomy.verification.material import Material
from astronomy.verification.tables import Row, moment

FAMILY: Final = "positions"
_VECTORS: Final = "horizons_vectors"
_OBSERVER: Final = "horizons_observer"
_PHASES: Final = "horizons_phases"
# How far a planet is from the barycentre of its system (Saturn, 300 km), with what Horizons' older
# satellite ephemerides are tied to: the solar system's barycentre of DE430, 8e-7 au from DE441's.
PLANET_TO_BARYCENTRE_AU: Final = 3.5e-6
# Of the others Horizons has the planet itself, DE440 the barycentre of its system.
_WITHOUT_SYSTEM: Final = frozenset({"moon", "mercury", "venus", "mars"})

ErrorOf: TypeAlias = Callable[[Sky, Row], float]


def _compared(
    table: str, chosen: Callable[[Row], bool], error_of: ErrorOf
) -> Callable[[Material], Sample]:
    def compare(material: Material) -> Sample:
        rows = [row for row in material.table(table) if chosen(row)]
        return Sample(len(rows), np.array([error_of(material.sky, row) for row in rows]))

    return compare


def _one(sky: Sky, row: Row, days: float, view: View) -> BodyPositions:
    body = row["body"]
    return position_table(sky.ephemeris, np.array([days]), (body,), view).bodies[body]


def _days(sky: Sky, row: Row) -> float:
    return days_from_datetime(sky.timescale, moment(row["at"]))


def _vector_au(sky: Sky, row: Row) -> float:
    at = sky.timescale.tdb_jd(float(row["jd_tdb"]))
    origin = Origin.HELIOCENTRIC if row["center"] == "sun" else Origin.GEOCENTRIC
    view = View(origin, Correction.GEOMETRIC, Frame(row["frame"]))
    found = _one(sky, row, (at.whole - J2000_JD) + at.tt_fraction, view)
    expected = np.array([float(row[name]) for name in ("x_au", "y_au", "z_au")])
    return float(np.linalg.norm(found.vector_au[:, 0] - expected))


def _place(row: Row) -> Place:
    return Place(float(row["lat_deg"]), float(row["lon_deg"]), float(row["elevation_m"]))


def _apart_deg(east_a: float, north_a: float, row: Row, names: tuple[str, str]) -> float:
    east_b, north_b = (float(row[name]) for name in names)
    east = (east_a - east_b + 180.0) % 360.0 - 180.0
    return float(np.hypot(east * np.cos(np.radians(north_b)), north_a - north_b))


def _astrometric_deg(sky: Sky, row: Row) -> float:
    place = _place(row)
    view = View(Origin.TOPOCENTRIC, Correction.ASTROMETRIC, Frame.EQUATORIAL_J2000, place)
    found = _one(sky, row, _days(sky, row), view)
    names = ("ra_astrometric_deg", "dec_astrometric_deg")
    return _apart_deg(float(found.ra_deg[0]), float(found.dec_deg[0]), row, names)


def _apparent_deg(sky: Sky, row: Row) -> float:
    view = View(Origin.TOPOCENTRIC, frame=Frame.EQUATORIAL_DATE, place=_place(row))
    found = _one(sky, row, _days(sky, row), view)
    names = ("ra_apparent_deg", "dec_apparent_deg")
    return _apart_deg(float(found.ra_deg[0]), float(found.dec_deg[0]), row, names)


def _horizontal_deg(sky: Sky, row: Row) -> float:
    lifted = row["refraction"] == "true"
    frame, place = Frame.EQUATORIAL_DATE, _place(row)
    view = View(Origin.TOPOCENTRIC, frame=frame, place=place, refraction=lifted)
    found = _one(sky, row, _days(sky, row), view)
    if found.azimuth_deg is None or found.altitude_deg is None:
        return np.nan
    east, north = float(found.azimuth_deg[0]), float(found.altitude_deg[0])
    return _apart_deg(east, north, row, ("azimuth_deg", "elevation_deg"))


def _geocentric(name: str, column: str) -> ErrorOf:
    def error(sky: Sky, row: Row) -> float:
        values = getattr(_one(sky, row, _days(sky, row), View()), name)
        return np.nan if values is None else float(values[0]) - float(row[column])

    return error


def _own_vector(row: Row) -> bool:
    return row["source"] == "DE441"


def _plain_air(row: Row) -> bool:
    return row["refraction"] == "false"


def _refracted(row: Row) -> bool:
    """Leave out what is below the horizon, which Horizons refracts as well."""
    return row["refraction"] == "true" and float(row["elevation_deg"]) >= 1.0


def _planet(row: Row) -> bool:
    return row["body"] != "sun"


def _near(row: Row) -> bool:
    return row["body"] in _WITHOUT_SYSTEM


def _far(row: Row) -> bool:
    return _planet(row) and not _near(row)


def _has_magnitude(row: Row) -> bool:
    return _planet(row) and bool(row["magnitude"]) and row["body"] not in {"moon", "pluto"}


_Rule: TypeAlias = tuple[str, str, Callable[[Row], bool], ErrorOf, float, str]
_RULES: Final[tuple[_Rule, ...]] = (
    ("vector of DE441", _VECTORS, _own_vector, _vector_au, 1e-10, "au"),
    (
        "vector of a planet's own ephemeris", _VECTORS, lambda row: not _own_vector(row),
        _vector_au, PLANET_TO_BARYCENTRE_AU, "au",
    ),
    ("topocentric, astrometric", _OBSERVER, lambda _row: True, _astrometric_deg, 3e-5, "°"),
    ("topocentric, apparent of date", _OBSERVER, _plain_air, _apparent_deg, 6e-5, "°"),
    ("azimuth and altitude", _OBSERVER, _plain_air, _horizontal_deg, 5e-4, "°"),
    # Two models of refraction differ by some arcseconds near the horizon.
    ("azimuth and altitude, refracted", _OBSERVER, _refracted, _horizontal_deg, 3e-3, "°"),
    (
        "distance, Moon to Mars", _PHASES, _near,
        _geocentric("distance_au", "geocentric_au"), 2e-9, "au",
    ),
    (
        "distance, Jupiter to Pluto", _PHASES, _far,
        _geocentric("distance_au", "geocentric_au"), 1.5e-5, "au",
    ),
    (
        "phase angle", _PHASES, _planet,
        _geocentric("phase_angle_deg", "phase_angle_deg"), 0.02, "°",
    ),
    # Horizons used the older formulae then, which differ by up to 0.14.
    (
        "magnitude", _PHASES, _has_magnitude,
        _geocentric("magnitude", "magnitude"), 0.15, "mag",
    ),
)  # fmt: skip

CHECKS: Final = tuple(
    Check(FAMILY, quantity, table, unit, limit, _compared(table, chosen, error_of))
    for quantity, table, chosen, error_of, limit, unit in _RULES
)
