"""How much load a test of the drill brings."""

from __future__ import annotations

import os
from typing import Final

LOAD: Final = "STARSCAL_DRILL"
FULL: Final = "full"
QUICK: Final = "quick"


def drill_full() -> bool:
    """Say whether the whole load is asked for (`make drill`); everywhere else a little will do."""
    return os.environ.get(LOAD, QUICK) == FULL
