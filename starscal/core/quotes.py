"""Quotation marks as each language prints them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import get_language

from starscal.core.i18n import language_normalize

# By language: the outer marks, the inner ones, the apostrophe where it is yet another sign.
QUOTES: Final[Mapping[str, str]] = {
    "en": "“”‘’", "zh-hans": "“”‘’", "es": "«»“”", "hi": "“”‘’", "pt-br": "“”‘’", "de": "„“‚‘’",
    "fr": "«»“”’", "ja": "「」『』", "ru": "«»„“", "hy": "«»",
}  # fmt: skip
SPACED: Final = {"fr": "\u202f"}  # what stands inside the outer marks


def in_quotes(text: str) -> str:
    """Put a text between the outer quotation marks of the active language."""
    code = language_normalize(get_language() or "") or "en"
    marks, space = QUOTES[code], SPACED.get(code, "")
    return f"{marks[0]}{space}{text}{space}{marks[1]}"
