"""Every gate of the product, by the code that ``manage.py verify`` runs; and that each can fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from astronomy.occurrence import Occurrence
from astronomy.sampling import Sky
from astronomy.verification import CHECKS, Check, Material, judged
from astronomy.verification.tables import Row, moment, read_table, source_of, table_names

Families = dict[str, list[Occurrence]]

SEARCHED_YEARS = (1920, 2040)  # the command has plain Skyfield search more of them
ROWS = {
    "moon_phases: instant (UT1), 1972-2030": 149,
    "moon_phases: instant (UT1), 1900-2100": 493,
    "seasons: instant (UT1), 1972-2030": 116,
    "seasons: instant (UT1), 1900-2100": 400,
    "moon_phases and seasons: bias (UT1), 1972-2030": 265,
    "solar_eclipses: type": 224,
    "lunar_eclipses: type": 225,
    "lunar_eclipses: bias of greatest (TT), 1901-2030": 149,
    "transits: greatest transit (TT)": 15,
    "lunar_nodes: instant (UT1)": 1342,
    "lunar_apsides: distance": 1318,
    "apsides: distance": 100,
    "cultural: Chinese years, their months": 100,
    "rise and set: below 80°": 2895,
    "rise and set: Moon, beyond 84°": 215,
    "positions: vector of DE441": 30,
    "positions: topocentric, astrometric": 156,
}


@pytest.fixture(scope="session")
def material(sky: Sky, by_family: Families) -> Material:
    return Material(sky, found=by_family, searched_years=SEARCHED_YEARS)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_the_gate_holds(material: Material, check: Check) -> None:
    result = judged(check, material)
    assert result.passed, result
    assert result.rows == ROWS.get(check.code, result.rows)


# What carries the figure of a check: a detail of our events, or a column of a table.
DETAILS = {
    "solar_eclipses: saros": "saros",
    "solar_eclipses: gamma": "gamma",
    "solar_eclipses: magnitude": "magnitude",
    "solar_eclipses: point, central": "greatest_lat_deg",
    "solar_eclipses: point, not central": "greatest_lat_deg",
    "lunar_eclipses: saros": "saros",
    "lunar_eclipses: gamma": "gamma",
    "lunar_eclipses: umbral magnitude": "umbral_magnitude",
    "lunar_eclipses: penumbral magnitude": "penumbral_magnitude",
    "lunar_eclipses: half of the partial phase": "partial_duration_s",
    "lunar_eclipses: half of totality": "total_duration_s",
    "transits: least separation": "separation_arcsec",
    "lunar_apsides: distance": "distance_km",
    "apsides: distance": "distance_au",
    "cultural: Chinese years, their months": "length_days",
}
WORDS = {
    "solar_eclipses: type": ("type", "none"),
    "lunar_eclipses: type": ("type", "none"),
    "cultural: days of feasts": ("civil_date", "2024-02-30"),
}
COLUMNS = {
    "positions: vector of DE441": "x_au",
    "positions: vector of a planet's own ephemeris": "x_au",
    "positions: topocentric, astrometric": "dec_astrometric_deg",
    "positions: topocentric, apparent of date": "dec_apparent_deg",
    "positions: azimuth and altitude": "elevation_deg",
    "positions: azimuth and altitude, refracted": "elevation_deg",
    "positions: distance, Moon to Mars": "geocentric_au",
    "positions: distance, Jupiter to Pluto": "geocentric_au",
    "positions: phase angle": "phase_angle_deg",
    "positions: magnitude": "magnitude",
}
UNIT_OF_DETAIL = {"min": 120.0}  # half a duration in minutes, a duration in seconds


def _off(check: Check) -> float:
    return 2.0 * check.limit * UNIT_OF_DETAIL.get(check.unit, 1.0) or 1.0


def _late(found: Occurrence, seconds: float) -> Occurrence:
    later = timedelta(seconds=seconds)
    return replace(
        found,
        tt_jd2=found.tt_jd2 + seconds / 86400.0,
        utc=found.utc + later,
        ut1=found.ut1 + later,
    )


def _wrong(check: Check, found: Occurrence) -> Occurrence:
    """Return an event that is wrong in just what the check looks at."""
    details: dict[str, Any] = dict(found.details)
    if check.code in WORDS:
        name, word = WORDS[check.code]
        return replace(found, details=details | {name: word})
    name = DETAILS.get(check.code, "")
    if name and name not in details:
        return found
    if name:
        return replace(found, details=details | {name: (details[name] or 0.0) + _off(check)})
    days = check.code == "lunar_apsides: days of super and blue moons"
    return _late(found, 86400.0 if days else 2.0 * check.limit)


def _wrong_row(check: Check, row: Row) -> Row:
    if check.family == "rise and set":
        at = moment(row["utc"]) + timedelta(seconds=2.0 * check.limit)
        return {**row, "utc": at.isoformat()}
    column = COLUMNS[check.code]
    return {**row, column: repr(float(row[column] or 0.0) + _off(check))}


def _spoiled(material: Material, check: Check) -> Material:
    if check.family in {"positions", "rise and set"}:

        def table(name: str) -> Sequence[Row]:
            return [_wrong_row(check, row) for row in read_table(name)]

        return replace(material, table=table, _pairings={})
    found = {
        family: [_wrong(check, each) for each in events]
        for family, events in material.found.items()
        if family in check.family.split(" and ")
    }
    return replace(material, found=found, _pairings={})


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_the_gate_fails_where_its_figure_is_wrong(material: Material, check: Check) -> None:
    result = judged(check, _spoiled(material, check))
    assert result.found or check.code in WORDS or "days of" in check.code
    assert not result.passed, result


@pytest.mark.parametrize(
    "check", [check for check in CHECKS if check.family != "positions"], ids=lambda each: each.code
)
def test_the_gate_fails_where_an_event_is_missing(material: Material, check: Check) -> None:
    """For rise and set, where a row tells of what never happened."""
    if check.family == "rise and set":

        def table(name: str) -> Sequence[Row]:
            moon = "Moon,84,125" if "Moon" in check.quantity else "Sun,60,0"
            body, lat, lon = moon.split(",")
            extra = {"body": body, "lat_deg": lat, "lon_deg": lon, "event": "rise"}
            return [*read_table(name), {**extra, "utc": _polar_night(check)}]

        without = replace(material, table=table, _pairings={})
    else:
        families = check.family.split(" and ")
        found = {name: list(material.found[name])[::2] for name in families}
        without = replace(material, found=found, _pairings={})
    result = judged(check, without)
    if not check.quantity.startswith(("point", "bias")):
        assert result.found < result.rows or "Chinese" in check.quantity
        assert not result.passed


def _polar_night(check: Check) -> str:
    return "2037-12-20T12:00Z" if "Moon" in check.quantity else "2019-06-01T15:00Z"


@pytest.mark.parametrize(
    "check",
    [each for each in CHECKS if each.reference in table_names() and each.family != "positions"],
    ids=lambda each: each.code,
)
def test_the_gate_fails_where_an_event_has_no_row(material: Material, check: Check) -> None:
    def table(name: str) -> Sequence[Row]:
        rows = read_table(name)
        return [*rows[:7], *rows[8:]]

    result = judged(check, replace(material, table=table, _pairings={}))
    uncounted = check.quantity.startswith("point") or "Chinese" in check.quantity
    other_page = check.code == "rise and set: Moon, beyond 84°"
    assert result.extra == (0 if uncounted or other_page else 1)
    assert result.passed == (result.extra == 0)


def test_every_table_names_its_source_and_is_compared_with() -> None:
    used = {name for check in CHECKS for name in check.reference.split(", ")}
    assert used - {"plain Skyfield"} == set(table_names())
    assert all(source_of(name) for name in table_names())


def test_no_two_checks_have_one_name() -> None:
    codes = [check.code for check in CHECKS]
    assert len(set(codes)) == len(codes)
