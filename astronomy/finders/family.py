"""What a family of events is: its name, its kinds, its definition and its finder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from astronomy.occurrence import Occurrence
from astronomy.sampling import Sky

Finder: TypeAlias = Callable[[Sky, datetime, datetime], list[Occurrence]]


@dataclass(frozen=True, slots=True)
class FamilyDefinition:
    """A family of events: what exactly is computed, in which frame and scale, and by whom.

    ``bodies`` are all that may take part in an event of the family.
    """

    name: str
    kinds: tuple[str, ...]
    bodies: tuple[str, ...]
    definition_id: str
    text: str
    frame: str
    scale: str
    source: str
    finder: Finder
