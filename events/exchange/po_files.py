"""Texts as a PO file: what needs a look is fuzzy, and nothing fuzzy is taken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

import polib

from events.exchange.cells import ROWS_MOST, Batch, Cell, Reading, Written
from events.exchange.refusals import language_unknown, line_unreadable, rows_too_many
from starscal.core.catalogues.files import metadata_of
from starscal.core.catalogues.languages import LANGUAGES
from starscal.core.i18n import LOCALES, language_normalize

SEEN: Final = "seen: "
UNSURE: Final = frozenset({"needs_review", "stale"})
FIRST: Final = "#\n"  # what begins so is no name of a file, which polib would open
STRING: Final = re.compile(r'(?:msg(?:ctxt|id|str)\s+)?"[^"\\]*(?:\\.[^"\\]*)*"')
ENTRY_LINES_MOST: Final = 5_000  # polib's work grows with the square of them
PLACE: Final = re.compile(r"line (\d+)")


def po_pieces(batches: Iterable[Batch], *, language: str) -> Iterator[str]:
    """Yield a PO file piece by piece; a text without English has no place in it."""
    head = polib.POFile(wrapwidth=0)
    head.metadata = metadata_of(next(known for known in LANGUAGES if known.code == language))
    yield f"{head}\n"
    for batch in batches:
        if entries := "".join(f"\n{_entry(cell)}" for cell in batch if cell.english):
            yield entries


def po_read(text: str) -> Reading:
    """Return what a PO file says, entry by entry.

    Errors: validation.invalid for a file that is broken, in no language of ours, or too long.
    """
    _lines_check(text)
    try:
        found = polib.pofile(FIRST + text, wrapwidth=0, encoding="utf-8")
    except OSError as error:
        raise line_unreadable(_line_told(error)) from error
    language = language_normalize(found.metadata.get("Language", ""))
    if language is None:
        raise language_unknown(", ".join(LOCALES))
    entries = [entry for entry in found if not entry.obsolete]
    if len(entries) > ROWS_MOST:
        raise rows_too_many()
    reading = Reading()
    for entry in entries:
        _take(reading, entry, language)
    return reading


def _entry(cell: Cell) -> str:
    told = [f"{SEEN}{cell.seen}", f"date: {cell.date}", f"kind: {cell.kind}"]
    told += [f"status: {cell.status}", f"source: {cell.source}", f"machine: {cell.machine}"]
    entry = polib.POEntry(
        msgctxt=f"{cell.key}:{cell.field}",
        msgid=cell.english,
        msgstr=cell.text,
        comment="\n".join(told),
        flags=["fuzzy"] if cell.status in UNSURE and cell.text else [],
    )
    return str(entry.__unicode__(wrapwidth=0))


def _take(reading: Reading, entry: polib.POEntry, language: str) -> None:
    if entry.fuzzy:
        reading.fuzzy += 1
        return
    key, _colon, field = (entry.msgctxt or "").rpartition(":")
    lines = (line.strip() for line in entry.comment.split("\n"))
    seen = next((line.removeprefix(SEEN) for line in lines if line.startswith(SEEN)), "")
    line = max(1, (entry.linenum or 1) - FIRST.count("\n"))
    reading.take(Written(line, key, field, language, entry.msgstr, seen.strip()))


def _lines_check(text: str) -> None:
    """Refuse what polib would read otherwise than it was meant: a cut string loses a letter there.

    Errors: validation.invalid that names the line.
    """
    lines = 0
    for number, line in enumerate(map(str.strip, text.splitlines()), start=1):
        lines = 0 if line.startswith("msgid") else lines + 1
        is_well = not line or line.startswith("#") or STRING.fullmatch(line)
        if not is_well or lines > ENTRY_LINES_MOST:
            raise line_unreadable(number)


def _line_told(error: OSError) -> int:
    """Return the line that polib names, as the file counts it."""
    place = PLACE.search(str(error))
    return max(1, int(place[1]) - FIRST.count("\n")) if place else 1
