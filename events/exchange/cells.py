"""One text of an event on its way into a translator's file and back."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

SOURCE_LANGUAGE: Final = "en"
ROWS_MOST: Final = 20_000  # of a file, either way
TEXT_MOST: Final = 10_000  # characters
PLACE_MOST: Final = 200  # characters of what a refusal repeats
DIGITS: Final = 10
TOKEN_LENGTH: Final = 1 + 2 * DIGITS


class Cell(NamedTuple):
    """A text as it goes out; ``date`` is UTC, ``seen`` stands for what its reader has seen."""

    key: str
    date: str
    kind: str
    field: str
    language: str
    english: str
    text: str
    machine: str
    status: str
    source: str
    seen: str


class Written(NamedTuple):
    """A text as it came back, and the line of the PO file or row of the table that it begins in."""

    line: int
    key: str
    field: str
    language: str
    text: str
    seen: str


class Refused(NamedTuple):
    """A line of a file that nothing is taken from, and why."""

    line: int
    place: str
    reason: str


@dataclass(slots=True)
class Reading:
    """What a file says; entries that are empty or marked as unsure say nothing."""

    written: list[Written] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    empty: int = 0
    fuzzy: int = 0

    def __len__(self) -> int:
        return len(self.written) + len(self.refused) + self.empty + self.fuzzy

    def take(self, written: Written) -> None:
        """Keep a text that is one and no book."""
        if len(written.text) > TEXT_MOST:
            self.refuse(written, text_too_long(TEXT_MOST))
        elif text := plain(written.text):
            self.written.append(written._replace(text=text))
        else:
            self.empty += 1

    def refuse(self, written: Written, reason: str) -> None:
        place = f"{written.key}:{written.field}"[:PLACE_MOST]
        self.refused.append(Refused(written.line, place, reason))


def text_too_long(most: int) -> str:
    return _("This text may have at most %(most)d characters.") % {"most": most}


Batch = Sequence[Cell]


def plain(text: str) -> str:
    """Return a text as it is compared: NFC, plain line ends, no space around it."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()


def seen_token(*, text: str, english: str, machine: str, language: str) -> str:
    """Return what stands for a text, and for what it was written beside.

    It begins with a letter, so that no spreadsheet takes it for a number.
    """
    beside = ("" if language == SOURCE_LANGUAGE else plain(english), plain(machine))
    return f"s{_digest(plain(text))}{_digest(*beside)}"


def token_fits(token: str, today: str, *, own: bool) -> bool:
    """Say whether nothing has changed since; ``own`` forgives a text that one wrote oneself."""
    if len(token) != TOKEN_LENGTH:
        return False
    return token == today or (own and token[-DIGITS:] == today[-DIGITS:])


def token_is_of(token: str, text: str) -> bool:
    """Say whether a text stands as it did when it was carried away, whatever became of it since."""
    return len(token) == TOKEN_LENGTH and token[1:-DIGITS] == _digest(plain(text))


def _digest(*texts: str) -> str:
    whole = "\x00".join(texts).encode(errors="surrogatepass")
    return hashlib.sha256(whole).hexdigest()[:DIGITS]
