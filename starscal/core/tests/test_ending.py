"""How tasks end."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from starscal.core import ending


async def test_a_task_that_missed_its_cancellation_is_told_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ending, "CANCEL_S", 0.01)

    async def waiting(misses: int) -> None:
        for _time in range(misses):
            with suppress(asyncio.CancelledError):
                await asyncio.Event().wait()
        await asyncio.Event().wait()

    tasks = [asyncio.create_task(waiting(misses)) for misses in (0, 1, 3)]
    await asyncio.sleep(0)
    async with asyncio.timeout(10):
        await ending.tasks_ended(tasks)
    assert all(task.cancelled() for task in tasks)
    await ending.tasks_ended([])
