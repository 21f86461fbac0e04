"""Texts as a table for spreadsheets: UTF-8 with a mark, every cell a text and no formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from django.utils.translation import gettext as _

from events.exchange.cells import ROWS_MOST, Batch, Cell, Reading, Written
from events.exchange.refusals import line_unreadable, rows_too_many
from events.formulas import guarded, unguarded

COLUMNS: Final = Cell._fields
NEEDED: Final = ("key", "field", "language", "text", "seen")
SEPARATORS: Final = (",", ";", "\t")
HEADER_MOST: Final = 2_000  # characters


def csv_pieces(batches: Iterable[Batch], *, separator: str = ",") -> Iterator[str]:
    """Yield a table piece by piece."""
    yield "\ufeff" + _lines([COLUMNS], separator)
    for batch in batches:
        yield _lines([[guarded(text) for text in cell] for cell in batch], separator)


def csv_layout(text: str) -> tuple[list[str], str] | None:
    """Return the columns and the separator of a table of ours, None if it is none."""
    line = re.split(r"[\r\n]", text[:HEADER_MOST], maxsplit=1)[0]
    for separator in SEPARATORS:
        names = [name.strip(' "').lower() for name in line.split(separator)]
        if all(names.count(name) == 1 for name in NEEDED):
            return names, separator
    return None


def csv_read(text: str, *, names: Sequence[str], separator: str) -> Reading:
    """Return what a table says, row by row.

    Errors: validation.invalid for quotes that do not match and for more than 20,000 rows.
    """
    reading = Reading()
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 0  # as a spreadsheet counts: a row of it, however many lines its cells have
    try:
        for line, cells in enumerate(rows, start=1):
            if line > 1 and any(cells):
                _take(reading, line, names, cells)
    except csv.Error as error:
        raise line_unreadable(line + 1) from error
    return reading


def _take(reading: Reading, line: int, names: Sequence[str], cells: Sequence[str]) -> None:
    if len(reading) >= ROWS_MOST:
        raise rows_too_many()
    row = {name: unguarded(cell) for name, cell in zip(names, cells, strict=False)}
    key, field, language, seen = (
        row.get(name, "").strip() for name in ("key", "field", "language", "seen")
    )
    written = Written(line, key, field, language, row.get("text", ""), seen)
    if any(cells[len(names) :]):
        reading.refuse(written, _("The row has more cells than the header."))
    else:
        reading.take(written)


def _lines(rows: Iterable[Sequence[str]], separator: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return out.getvalue()
