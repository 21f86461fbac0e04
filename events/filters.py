"""What a reader asks for: kinds, families, resonance; the same for stored and computed events."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from astronomy.occurrence import Occurrence
from events.kinds import COMPUTED
from events.models import Event
from events.querysets import EventQuerySet


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events to show; empty means all."""

    kinds: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    min_resonance: float | None = None

    def stored(self) -> EventQuerySet:
        """Return the public events of the store that pass, in no order."""
        # Words are read by column, so modeltranslation need not rewrite the query.
        rows: EventQuerySet = Event.objects.rewrite(False)
        return (
            rows.public()
            .of_kinds(self.kinds)
            .of_families(self.families)
            .resonant(self.min_resonance)
        )

    @property
    def computed_families(self) -> tuple[str, ...]:
        """Return the families to compute where nothing is stored.

        Resonance is set by curators, on stored events alone: with ``min_resonance`` there is
        nothing to compute.
        """
        if self.min_resonance is not None:
            return ()
        wanted = self.families or tuple(COMPUTED)
        return tuple(
            family
            for family in COMPUTED
            if family in wanted and (not self.kinds or self._asks_kind_of(family))
        )

    def _asks_kind_of(self, family: str) -> bool:
        return any(code in self.kinds for code in COMPUTED[family].kinds)

    def passes(self, occurrence: Occurrence) -> bool:
        """Say whether a computed event passes; its family was chosen before."""
        return not self.kinds or occurrence.kind in self.kinds

    def digest(self, *more: object) -> str:
        """Return a short digest of the filter and what else shapes a list."""
        parts = (self.kinds, self.families, self.min_resonance, *more)
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
