"""What the web server and the lanes agree on: a socket that takes ready frames."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

SINK: Final = "starscal.sink"  # the name of this extension in the scope of a socket


class Sink(Protocol):
    """A socket that takes ready frames, as the adapter of the web server offers it."""

    def push(self, wire: bytes) -> int:
        """Hand bytes to the system and return how many it took. Raises OSError: none."""

    def push_later(self, wire: bytes) -> None:
        """Have bytes written when the system takes more."""

    def write(self, wire: bytes) -> None:
        """Write bytes behind all that was written; nothing once the socket is closing."""

    @property
    def is_clear(self) -> bool:
        """Say whether nothing waits to be written and the socket is open."""

    def on_jam(self, leave: Callable[[], None] | None) -> None:
        """Have ``leave`` called as soon as anything waits, or the socket closes."""
