"""How much load a test of the drill brings."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Final, TypeVar

LOAD: Final = "STARSCAL_DRILL"
FULL: Final = "full"
QUICK: Final = "quick"
SHARE: Final = 4
Case = TypeVar("Case")


def drill_full() -> bool:
    """Say whether the whole load is asked for (`make drill`); everywhere else a little will do."""
    return os.environ.get(LOAD, QUICK) == FULL


def drill_part(cases: Sequence[Case]) -> Sequence[Case]:
    """Return each fourth of many like cases in `make drill-quick`; all of them everywhere else."""
    return cases[::SHARE] if os.environ.get(LOAD) == QUICK else cases
