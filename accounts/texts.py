"""What a short text of a person may be made of, wherever one is kept."""

from __future__ import annotations

import unicodedata
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# They turn the direction of what stands around them; what is written in Arabic needs none.
TURNING: Final = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
REFUSED: Final = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})


def text_clean(text: str, *, most: int) -> str:
    """Return a text of one line in NFC without spaces around it.

    Raises: ValidationError for a text that is too long, for control characters, turned writing,
    lone surrogates and characters that Unicode does not know.
    """
    kept = unicodedata.normalize("NFC", text).strip()
    if len(kept) > most:
        raise ValidationError(_("At most %(most)d characters are allowed.") % {"most": most})
    if any(sign in TURNING or unicodedata.category(sign) in REFUSED for sign in kept):
        raise ValidationError(_("Invisible control characters are not allowed."))
    return kept
