"""Checks of civil days: the Chinese calendar, feasts, and full moons that have a name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from astronomy.occurrence import Occurrence
from astronomy.verification.check import Check, Sample, Statistic
from astronomy.verification.material import Material
from astronomy.verification.tables import Row

# Leap seconds and Delta T of the coming decades are not known better than this.
OPEN_S: Final = 60.0


def _chinese_years(material: Material) -> Sample:
    """Compare first day, leap month and lengths of each year that lies within the span.

    A year in which a month begins within a minute of midnight is left open: which day it is
    depends on leap seconds that nobody knows yet.
    """
    years: dict[int, list[Occurrence]] = {}
    for found in material.events("cultural"):
        if found.kind == "chinese_month":
            years.setdefault(found.details["chinese_year"], []).append(found)
    rows = [row for row in material.table("chinese_years") if material.covers(int(row["year"]))]
    known = [(row, years[int(row["year"])]) for row in rows if int(row["year"]) in years]
    return Sample(len(rows), np.array([_other_year(row, months) for row, months in known]))


def _other_year(row: Row, months: Sequence[Occurrence]) -> float:
    if min(found.details["midnight_margin_s"] for found in months) < OPEN_S:
        return 0.0
    leap = [found.details["month"] for found in months if found.details["leap"]]
    lengths = [found.details["length_days"] for found in months]
    same = (
        months[0].details["civil_date"] == row["first_day"]
        and leap == [int(row["leap_month"])] * bool(int(row["leap_month"]))
        # The last year reaches past the span.
        and lengths == [int(length) for length in row["lengths"].split()][: len(lengths)]
    )
    return float(not same)


def _feasts(material: Material) -> Sample:
    def days(kinds: set[str]) -> list[tuple[str, str]]:
        cultural = material.events("cultural")
        return [(each.details["civil_date"], each.kind) for each in cultural if each.kind in kinds]

    return _listed(material, "feasts", days)


def _named_moons(material: Material) -> Sample:
    def days(kinds: set[str]) -> list[tuple[str, str]]:
        return [
            (found.utc.date().isoformat(), found.kind)
            for found in material.events("lunar_apsides")
            if found.kind in kinds and "distance" not in _only_rule(found)
        ]

    return _listed(material, "named_moons", days)


def _only_rule(found: Occurrence) -> list[str]:
    """Return the rules if only one was met: the table lists those of Nolle's."""
    rules = found.details.get("rules", [])
    return list(rules) if len(rules) == 1 else []


def _listed(
    material: Material, table: str, days: Callable[[set[str]], list[tuple[str, str]]]
) -> Sample:
    """Compare days by kind; a list is complete between the first and the last year of a kind."""
    rows = [row for row in material.table(table) if material.covers(int(row["day"][:4]))]
    listed = Counter((row["day"], row["kind"]) for row in rows)
    years: dict[str, list[int]] = {}
    for row in rows:
        years.setdefault(row["kind"], []).append(int(row["day"][:4]))
    ours = Counter(
        (day, kind)
        for day, kind in days(set(years))
        if min(years[kind]) <= int(day[:4]) <= max(years[kind])
    )
    return Sample(len(rows), np.zeros((listed & ours).total()), (ours - listed).total())


CHECKS: Final = (
    Check(
        "lunar_apsides",
        "days of super and blue moons",
        "named_moons",
        "",
        0.0,
        _named_moons,
        Statistic.EQUAL,
    ),
    Check(
        "cultural",
        "Chinese years, their months",
        "chinese_years",
        "",
        0.0,
        _chinese_years,
        Statistic.EQUAL,
    ),
    Check("cultural", "days of feasts", "feasts", "", 0.0, _feasts, Statistic.EQUAL),
)
