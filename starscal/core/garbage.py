"""The collection of garbage in processes that run for long."""

from __future__ import annotations

import gc


def loaded_put_by() -> None:
    """Have no collection look again at what is loaded by now.

    That is hundreds of thousands of objects, over which a message would wait for 50 to 100 ms.
    """
    gc.collect()
    gc.freeze()
