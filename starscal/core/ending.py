"""The end of tasks."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Any

CANCEL_S = 1.0


async def tasks_ended(tasks: Collection[asyncio.Task[Any]]) -> None:
    """Cancel tasks and wait until they have ended, whatever they raise.

    One that is cancelled just as an answer comes may miss it (Python 3.11's ``wait_for``), and is
    told again.
    """
    left = {task for task in tasks if not task.done()}
    while left:
        for task in left:
            task.cancel()
        _done, left = await asyncio.wait(left, timeout=CANCEL_S)
    await asyncio.gather(*tasks, return_exceptions=True)  # what they raised was seen
