"""What a check is: a quantity, where it is compared with, and the gate it has to pass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from astronomy.timescales import Floats
from astronomy.verification.material import Material


class Statistic(StrEnum):
    """Which figure of the errors a gate looks at."""

    MAXIMUM = "maximum"
    P99 = "99th percentile"
    BIAS = "signed mean"
    EQUAL = "equal"


_TEXTS: Final = {
    Statistic.MAXIMUM: "≤ {limit:g}{unit}",
    Statistic.P99: "p99 ≤ {limit:g}{unit}",
    Statistic.BIAS: "mean within ±{limit:g}{unit}",
    Statistic.EQUAL: "all equal",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """The signed errors of the rows that were found, of how many rows, and what no row has.

    A comparison that knows only equal and different gives 0 and 1.
    """

    rows: int
    errors: Floats
    extra: int = 0


@dataclass(frozen=True, slots=True)
class Check:
    """One comparison with an independent source, and its gate.

    ``reference`` is the name of a shipped table, or says which other route was taken.
    """

    family: str
    quantity: str
    reference: str
    unit: str
    limit: float
    compare: Callable[[Material], Sample]
    statistic: Statistic = Statistic.MAXIMUM

    @property
    def code(self) -> str:
        """Return the name that no other check has."""
        return f"{self.family}: {self.quantity}"

    @property
    def gate(self) -> str:
        """Return the gate as people read it."""
        unit = f" {self.unit}" if self.unit else ""
        return _TEXTS[self.statistic].format(limit=self.limit, unit=unit)


@dataclass(frozen=True, slots=True)
class Result:
    """What a check came to. Without any row found the figures are not numbers."""

    check: Check
    rows: int
    found: int
    extra: int
    median: float
    p95: float
    p99: float
    maximum: float
    bias: float

    @property
    def passed(self) -> bool:
        """Say whether every row was found, nothing else was, and the gate holds."""
        complete = 0 < self.rows == self.found and self.extra == 0
        return complete and self._gated() <= self.check.limit

    def _gated(self) -> float:
        match self.check.statistic:
            case Statistic.P99:
                return self.p99
            case Statistic.BIAS:
                return abs(self.bias)
            case _:
                return self.maximum

    def to_json(self) -> dict[str, object]:
        """Return the result as a JSON object."""
        figures = ("median", "p95", "p99", "maximum", "bias")
        check = self.check
        return {
            "family": check.family,
            "quantity": check.quantity,
            "reference": check.reference,
            "unit": check.unit,
            "rows": self.rows,
            "found": self.found,
            "extra": self.extra,
            **{name: _number(getattr(self, name)) for name in figures},
            "statistic": check.statistic.value,
            "limit": check.limit,
            "passed": self.passed,
        }


def judged(check: Check, material: Material) -> Result:
    """Return what ``check`` comes to on ``material``."""
    sample = check.compare(material)
    errors = np.asarray(sample.errors, dtype=np.float64)
    size = np.abs(errors) if errors.size else np.array([np.nan])
    median, p95, p99 = (float(value) for value in np.percentile(size, (50.0, 95.0, 99.0)))
    bias = float(np.mean(errors)) if errors.size else np.nan
    return Result(
        check,
        rows=sample.rows,
        found=errors.size,
        extra=sample.extra,
        median=median,
        p95=p95,
        p99=p99,
        maximum=float(np.max(size)),
        bias=bias,
    )


def _number(value: float) -> float | None:
    """Return six digits of a number, or None for what is none: JSON has no NaN."""
    return float(f"{value:.6g}") if np.isfinite(value) else None
