"""What somebody uploads: text in one of the encodings that spreadsheets write, packed or not."""

from __future__ import annotations

import codecs
import re
import zlib
from typing import Final

from events.exchange.cells import Reading
from events.exchange.csv_files import NEEDED, csv_layout, csv_read
from events.exchange.po_files import po_read
from events.exchange.refusals import no_exchange_file, no_text, too_large

MOST_BYTES: Final = 5 * 1024 * 1024
GZIP: Final = b"\x1f\x8b"
GZIP_WINDOW: Final = 31  # of zlib: with the header of gzip, and nothing else
PO: Final = re.compile(r'^msgid\s+"', re.MULTILINE)
MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def file_read(data: bytes) -> Reading:
    """Return what an uploaded file says, whichever of the formats it is in.

    Errors: validation.invalid for what is too large, no text, or not of ours.
    """
    text = file_text(data)
    if layout := csv_layout(text):
        names, separator = layout
        return csv_read(text, names=names, separator=separator)
    if PO.search(text):
        return po_read(text)
    raise no_exchange_file(", ".join(NEEDED))


def file_text(data: bytes) -> str:
    """Return the text of a file. Errors: validation.invalid."""
    raw = _unpacked(data) if data.startswith(GZIP) else data
    if len(raw) > MOST_BYTES:
        raise too_large()
    mark, encoding = next((pair for pair in MARKS if raw.startswith(pair[0])), (b"", "utf-8"))
    try:
        text = raw[len(mark) :].decode(encoding)
    except UnicodeDecodeError:
        raise no_text() from None
    if "\x00" in text:
        raise no_text()
    return text


def _unpacked(data: bytes) -> bytes:
    """Unpack no more than may be in a file, whatever is packed."""
    unpacking = zlib.decompressobj(wbits=GZIP_WINDOW)
    try:
        raw = unpacking.decompress(data, MOST_BYTES + 1)
    except zlib.error:
        raise no_text() from None
    if not unpacking.eof and len(raw) <= MOST_BYTES:
        raise no_text()
    return raw
