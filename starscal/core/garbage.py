"""The collection of garbage in processes that run for long."""

from __future__ import annotations

import gc
from typing import Final

SELDOM: Final = 250  # collections of the young before one of all: of hundreds of sockets, 100 ms


def loaded_put_by() -> None:
    """Have no collection look again at what is loaded by now.

    That is hundreds of thousands of objects, over which a message would wait for 50 to 100 ms; and
    look seldom at what came since and stays. Sockets leave nothing that only a collection frees.
    """
    gc.collect()
    gc.freeze()
    young, middle, _old = gc.get_threshold()
    gc.set_threshold(young, middle, SELDOM)
