"""One spelling of a username that all its look-alikes of case and width share."""

from __future__ import annotations

import unicodedata


def username_fold(username: str) -> str:
    """Return the NFKC, case-folded form that must be unique."""
    folded = unicodedata.normalize("NFKC", username).casefold()
    return unicodedata.normalize("NFKC", folded)
