"""A socket's frames are counted by the one table of limits."""

from __future__ import annotations

from typing import Any

import pytest

from events.live.line import Line
from events.live.refusals import Close, RefusalError
from starscal.core.limits import SOCKET_FRAMES


async def nothing(*_said: Any) -> Any:
    """Neither hear nor say anything."""


def frames_taken(most: int) -> int:
    line = Line(nothing, nothing, "en")
    for number in range(most):
        try:
            line.charge()
        except RefusalError as refusal:
            return number if refusal.close == Close.RATE else -1
    return most


@pytest.mark.parametrize("capacity", [3, 40])
def test_the_table_of_limits_says_how_many_frames_a_socket_sends(
    settings: Any, capacity: int
) -> None:
    settings.RATE_LIMITS = {"socket-frames": (capacity, 3600)}
    assert frames_taken(100) == capacity


def test_the_table_has_what_the_documentation_says(settings: Any) -> None:
    settings.RATE_LIMITS = {}
    assert (SOCKET_FRAMES.current.capacity, SOCKET_FRAMES.window_s) == (100, 5)
