"""A figure beside its target."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple


class Figure(NamedTuple):
    """One row of the second table. A target of None is a figure that only explains."""

    name: str
    title: str
    value: float
    most: float | None = None

    @property
    def is_reached(self) -> bool:
        return self.most is None or self.value <= self.most

    def cells(self) -> tuple[str, ...]:
        target = "—" if self.most is None else f"≤ {rounded(self.most)}"
        reached = "" if self.most is None else "yes" if self.is_reached else "no"
        return self.title, rounded(self.value), target, reached

    def line(self) -> str:
        title, value, target, reached = self.cells()
        return f"{title:58} {value:>9}  {target:8} {reached}"

    def as_json(self) -> dict[str, Any]:
        return self._asdict() | {"reached": self.is_reached}


Figures = Iterator[Figure]


def rounded(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"
