"""What a text that people read may be made of, wherever one is kept."""

from __future__ import annotations

import unicodedata
from typing import Final

from django.utils.translation import gettext_lazy as _

from starscal.core.exceptions import ApplicationError, ErrorCode

# They turn the direction of what stands around them; none of the ten languages needs one.
TURNING: Final = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
HIDDEN: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})  # controls, half characters, foreign line ends
LINES: Final = frozenset("\n\t")


def is_hidden(sign: str) -> bool:
    """Say whether a sign shows nothing itself and changes what stands around it."""
    return sign in TURNING or unicodedata.category(sign) in HIDDEN


def text_settled(text: str, *, pointer: str, lines: bool) -> str:
    """Return a text in NFC with plain line ends; ``lines`` says whether it may have any.

    Joiners, which Devanagari and emoji need, are letters like others. What means something to a
    spreadsheet, a browser or a template is text, too: whoever writes it out escapes it there.
    Errors: validation.invalid for signs that nobody sees.
    """
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    allowed = LINES if lines else frozenset()
    for sign in plain:
        if sign not in allowed and is_hidden(sign):
            raise ApplicationError(
                ErrorCode.VALIDATION_INVALID,
                _("Invisible control characters are not allowed."),
                pointer=pointer,
            )
    return plain


def text_cleaned(text: str) -> str:
    """Return a text with plain line ends and without hidden signs, wherever it came from.

    Joiners stay, which are hidden too but part of letters in Devanagari and of emoji.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign in LINES or not is_hidden(sign))
