"""Outlines of where a field on a grid is positive, as closed loops."""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np

from astronomy.timescales import Floats

Loop: TypeAlias = list[tuple[float, float]]
Edge: TypeAlias = tuple[int, int, int]  # row, column, and 0 for along the row, 1 for down

# The corners of a cell, clockwise from its upper left, count 1, 2, 4 and 8 where positive. Each
# case names the sides (0 above, 1 right, 2 below, 3 left) that the outline enters and leaves by,
# the positive part on its right.
_SEGMENTS: Final[dict[int, tuple[tuple[int, int], ...]]] = {
    1: ((0, 3),), 2: ((1, 0),), 3: ((1, 3),), 4: ((2, 1),), 5: ((0, 3), (2, 1)),
    6: ((2, 0),), 7: ((2, 3),), 8: ((3, 2),), 9: ((0, 2),), 10: ((3, 2), (1, 0)),
    11: ((1, 2),), 12: ((3, 1),), 13: ((0, 1),), 14: ((3, 0),),
}  # fmt: skip


def outlines(field: Floats) -> list[Loop]:
    """Return the loops (column, row) around the positive part of ``field`` (rows, columns).

    The border of the field must not be positive, so that every loop closes.
    Source: the marching squares of Lorensen and Cline (1987), in two dimensions.
    """
    positive = field > 0.0
    cases = (
        positive[:-1, :-1] * 1
        + positive[:-1, 1:] * 2
        + positive[1:, 1:] * 4
        + positive[1:, :-1] * 8
    )
    rows, columns = np.nonzero((cases > 0) & (cases < 15))
    follows: dict[Edge, Edge] = {}
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        for enters, leaves in _SEGMENTS[int(cases[row, column])]:
            follows[_edge(row, column, enters)] = _edge(row, column, leaves)
    return [[_crossing(field, edge) for edge in loop] for loop in _joined(follows)]


def _edge(row: int, column: int, side: int) -> Edge:
    return ((row, column, 0), (row, column + 1, 1), (row + 1, column, 0), (row, column, 1))[side]


def _joined(follows: dict[Edge, Edge]) -> list[list[Edge]]:
    loops = []
    while follows:
        start, at = follows.popitem()
        loop = [start]
        while at != start:
            loop.append(at)
            at = follows.pop(at)
        loops.append(loop)
    return loops


def _crossing(field: Floats, edge: Edge) -> tuple[float, float]:
    """Return where the field is zero along an edge."""
    row, column, down = edge
    first = float(field[row, column])
    second = float(field[row + down, column + 1 - down])
    share = first / (first - second)
    return (column, row + share) if down else (column + share, row)
