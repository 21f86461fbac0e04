"""Where the tests look for one event among many."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from astronomy.occurrence import Occurrence


def nearest(candidates: Sequence[Occurrence], at: datetime) -> Occurrence:
    """Return the candidate whose UT1 is nearest to ``at``."""
    return min(candidates, key=lambda found: abs(found.ut1 - at))
