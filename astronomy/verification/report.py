"""The results as people read them: a table of text, and the page of the documentation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

import numpy as np

from astronomy.verification.check import Result, Statistic
from astronomy.verification.tables import source_of, table_names

HEADINGS: Final = (
    "quantity", "rows", "found", "extra", "median", "p95", "max", "bias", "gate", "",
)  # fmt: skip
_LEFT: Final = frozenset({0, 8, 9})

_INTRODUCTION: Final = """\
# Verification

Everything is computed anew and held against published tables, which are shipped with the product
(`astronomy/verification/tables/`), and against plain Skyfield, which searches by itself with its
standard positions at full precision. Run it where the service runs:

```
python manage.py verify                          # all, about half a minute
python manage.py verify --family solar_eclipses  # some
python manage.py verify --json                   # for machines
```

It ends with status 1 if any gate fails. A gate holds when every row was found, none of our events
lacks a row (*extra*), and the figure it names is within its limit. *median*, *p95* and *max* are of
the size of the errors, *bias* is the signed mean of ours minus theirs. `make test` runs the same
checks, with fewer places and years of the slow ones.

What to know when reading: tables in whole minutes are up to 30 s off by rounding alone, and for
coming decades they assume a larger Delta T than is measured today: the Naval Observatory's phases
of 2030 are 16 s earlier than ours in the mean, which is most of the bias of the phases. Tables of
eclipses and transits in UT are carried to TT with the Delta T that their authors used. Equal or
different counts as 0 or 1. A Chinese year in which a new moon comes within a minute of midnight
is left open (2057): its leap seconds are not known yet.

`make verify-docs` (`python manage.py verify --write-docs`) writes this page.
"""


@dataclass(frozen=True, slots=True)
class Made:
    """When results were computed, and with what."""

    day: date
    ephemeris: str
    versions: Mapping[str, str]

    def to_json(self) -> dict[str, object]:
        """Return it as a JSON object."""
        return {
            "day": self.day.isoformat(),
            "ephemeris": self.ephemeris,
            "versions": dict(self.versions),
        }


def text_table(results: Sequence[Result]) -> str:
    """Return the table that the command prints, by family, and what it comes to."""
    rows = [_cells(result) for result in results]
    widths = [max(map(len, column)) for column in zip(HEADINGS, *rows, strict=True)]
    lines = []
    for family, group in groupby(zip(results, rows, strict=True), lambda pair: _family(pair[0])):
        lines += ["", family, _line(HEADINGS, widths)]
        lines += [_line(cells, widths) for _, cells in group]
    return "\n".join([*lines[1:], "", summary(results)])


def summary(results: Sequence[Result]) -> str:
    """Return one sentence that says how it went."""
    failed = sum(not result.passed for result in results)
    rows = sum(result.rows for result in results)
    verdict = (
        f"{failed} of {len(results)} gates fail" if failed else f"All {len(results)} gates pass"
    )
    return f"{verdict}; {rows} comparisons."


def page(results: Sequence[Result], made: Made) -> str:
    """Return docs/verification.md."""
    libraries = ", ".join(f"{name} {version}" for name, version in sorted(made.versions.items()))
    told = f"Computed on {made.day.isoformat()} with {made.ephemeris}, {libraries}."
    parts = [_INTRODUCTION, f"## Results\n\n{summary(results)} {told}\n"]
    for family, group in groupby(results, _family):
        parts.append(f"### {family}\n\n{_markdown(list(group))}\n")
    sources = "\n".join(f"| `{name}.csv` | {source_of(name)} |" for name in table_names())
    parts.append(f"## Sources\n\n| Table | From |\n|---|---|\n{sources}\n")
    return "\n".join(parts)


def page_row(result: Result) -> str:
    """Return the row of a check in the page."""
    return f"| {' | '.join([*_cells(result)[:-1], result.check.reference, _verdict(result)])} |"


def _markdown(results: Sequence[Result]) -> str:
    headings = [*HEADINGS[:-1], "against", "result"]
    rule = "|".join("---" if at in _LEFT or at > 8 else "---:" for at in range(len(headings)))
    return "\n".join([f"| {' | '.join(headings)} |", f"|{rule}|", *map(page_row, results)])


def _family(result: Result) -> str:
    return result.check.family


def _cells(result: Result) -> tuple[str, ...]:
    figures = [result.median, result.p95, result.maximum]
    counts = [result.rows, result.found, result.extra]
    compared = result.check.statistic is not Statistic.EQUAL
    return (
        result.check.quantity,
        *map(str, counts),
        *(number(value) if compared else "" for value in figures),
        number(result.bias, signed=True) if compared else "",
        result.check.gate,
        _verdict(result),
    )


def _verdict(result: Result) -> str:
    return "pass" if result.passed else "FAIL"


def number(value: float, *, signed: bool = False) -> str:
    """Return a figure with three digits, or all digits before the point."""
    if not np.isfinite(value):
        return "-"
    digits = ".0f" if abs(value) >= 100.0 else ".2e" if 0.0 < abs(value) < 1e-3 else ".3g"
    return f"{value:{'+' if signed else ''}{digits}}"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [
        cell.ljust(width) if at in _LEFT else cell.rjust(width)
        for at, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return f"  {'  '.join(padded)}".rstrip()
