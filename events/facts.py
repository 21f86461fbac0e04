"""What the words, the slug and the significance of an event are made from."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from django.utils.functional import Promise

from astronomy.occurrence import Occurrence


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of one event, without words."""

    kind: str
    bodies: tuple[str, ...]
    details: Mapping[str, Any]
    at: datetime

    @classmethod
    def of(cls, occurrence: Occurrence) -> Facts:
        return cls(occurrence.kind, occurrence.bodies, occurrence.details, occurrence.utc)

    @property
    def body(self) -> str:
        return self.bodies[0]

    @property
    def other(self) -> str:
        return self.bodies[1]

    def rounded(self, name: str, digits: int) -> float:
        """Return a number of the details as it will be written: events that agree share a text."""
        number: float = self.details[name]
        return round(number, digits)

    def once(self, write: Callable[..., str], *given: Hashable) -> str:
        """Return a part of a text that depends on ``given`` alone: a memo may keep it."""
        return write(*given)


Text: TypeAlias = Callable[[Facts], str]
Phrases: TypeAlias = Mapping[str, "str | Promise"]
