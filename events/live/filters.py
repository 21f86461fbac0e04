"""Which messages a subscription lets through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from astronomy.observer.place import Place

EVERYBODYS = 4  # announcements go to everyone from this significance on
ANNOUNCEMENTS = frozenset({"event.upcoming", "event.started", "event.ended"})
# What a client may hold already. It hears of a change even when the change takes the event below
# the significance it asked for: it could not drop the event otherwise.
CHANGES = frozenset({"event.updated", "event.cancelled"})


class Subject(NamedTuple):
    """What a message is about, as far as filters ask."""

    event_type: str
    family: str
    significance: int


@dataclass(frozen=True, slots=True)
class EventFilter:
    """A wish for some kinds, some families, or events that matter enough; empty lets all pass.

    What can be seen from ``place`` is asked of the sky beside this (events/live/sights.py).
    """

    event_types: frozenset[str] = frozenset()
    families: frozenset[str] = frozenset()
    min_significance: int | None = None
    place: Place | None = None

    def lets_through(self, kind: str, subject: Subject | None) -> bool:
        """Say whether a message passes; one that is about no single event always does."""
        if subject is None:
            return True
        if self.event_types and subject.event_type not in self.event_types:
            return False
        if self.families and subject.family not in self.families:
            return False
        return kind in CHANGES or subject.significance >= self._least(kind)

    def asks_the_sky(self, kind: str, subject: Subject | None) -> bool:
        """Say whether a message passes only if the place sees its event; changes always pass."""
        if self.place is None or subject is None or kind in CHANGES:
            return False
        return self.lets_through(kind, subject)

    def _least(self, kind: str) -> int:
        if self.min_significance is not None:
            return self.min_significance
        asked = self.event_types or self.families
        return EVERYBODYS if kind in ANNOUNCEMENTS and not asked else 0


EVERYTHING = EventFilter()
