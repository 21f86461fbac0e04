"""Put whole sentences one after another, as the active language does."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language

UNSPACED: Final = frozenset({"zh-hans", "ja"})  # their full stop is as wide as a letter


def paragraph(*sentences: str | Promise) -> str:
    """Return sentences as one paragraph; what is empty is left out."""
    between = "" if get_language() in UNSPACED else " "
    return between.join(filter(None, map(str, sentences)))
