"""The name of the engine that computed what a backup holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

_ENGINE: Final[list[Callable[[], str]]] = []


def engine_register(name: Callable[[], str]) -> None:
    """Have backups name the engine; the app that computes registers when it is ready."""
    _ENGINE[:] = [name]


def engine_name() -> str:
    """Return the name of the engine; empty if there is none."""
    return _ENGINE[0]() if _ENGINE else ""
