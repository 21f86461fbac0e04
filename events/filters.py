"""What a reader asks for; the same for stored and computed events."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from astronomy.observer.place import Place
from astronomy.observer.sightings import OBSERVABLE
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
    visible_from: Place | None = None

    def stored(self) -> EventQuerySet:
        """Return the public events of the store that pass, in no order.

        Of ``visible_from`` only what can be seen from no place is left out: the sky decides the
        rest (events.sights).
        """
        # Words are read by column, so modeltranslation need not rewrite the query.
        rows: EventQuerySet = Event.objects.rewrite(False)
        rows = (
            rows.public()
            .of_kinds(self.kinds)
            .of_families(self.families)
            .resonant(self.min_resonance)
        )
        return rows if self.visible_from is None else rows.of_families(OBSERVABLE)

    @property
    def computed_families(self) -> tuple[str, ...]:
        """Return the families to compute where nothing is stored.

        Resonance is set by curators, on stored events alone: with ``min_resonance`` there is
        nothing to compute.
        """
        if self.min_resonance is not None:
            return ()
        wanted = set(self.families or COMPUTED)
        if self.visible_from is not None:
            wanted &= OBSERVABLE
        return tuple(
            family
            for family in COMPUTED
            if family in wanted and (not self.kinds or self._asks_kind_of(family))
        )

    def _asks_kind_of(self, family: str) -> bool:
        return any(code in self.kinds for code in COMPUTED[family].kinds)

    def passes(self, occurrence: Occurrence) -> bool:
        """Say whether a computed event passes, the sky apart; its family was chosen before."""
        return not self.kinds or occurrence.kind in self.kinds

    def digest(self, *more: object) -> str:
        """Return a short digest of the filter and what else shapes a list."""
        parts = (self.kinds, self.families, self.min_resonance, self.visible_from, *more)
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
