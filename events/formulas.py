"""Texts as cells that no spreadsheet computes."""

from __future__ import annotations

import re
from typing import Final

# What a spreadsheet computes, full width and behind spaces, too. Whatever matches still does so
# behind an apostrophe: that is what makes taking it away again safe.
FORMULA: Final = re.compile(r"[\s']*[=+\-@＝＋－＠]|'*[\t\r\n]")


def guarded(text: str) -> str:
    """Return a text as a cell that no spreadsheet computes: some get an apostrophe before them."""
    return f"'{text}" if FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """Return the text that ``guarded`` made a cell of."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell[1:]) else cell
