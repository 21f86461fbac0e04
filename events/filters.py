"""What a reader asks for; the same for stored and computed events."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache

from astronomy.observer.place import Place
from astronomy.observer.sightings import OBSERVABLE
from astronomy.occurrence import Occurrence
from events.facts import Facts
from events.kinds import COMPUTED, KINDS, STAFF_FAMILY, STAFF_KIND
from events.models import Event
from events.querysets import EventQuerySet
from events.searching import TitleSearch
from events.zodiac import signs_of, signs_told


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events to show; empty means all."""

    kinds: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    min_resonance: float | None = None
    bodies: tuple[str, ...] = ()
    min_significance: int = 1
    visible_from: Place | None = None
    signs: tuple[str, ...] = ()
    search: TitleSearch | None = None

    def stored(self) -> EventQuerySet:
        """Return the public events of the store that pass, in no order.

        Of ``visible_from`` only what can be seen from no place is left out: the sky decides the
        rest (events.sights).
        """
        # Words are read by column, so modeltranslation need not rewrite the query.
        rows: EventQuerySet = Event.objects.rewrite(False)
        if self.kinds:
            rows = rows.filter(event_type__in=self._kinds_of_families())
        elif self.families:
            rows = rows.filter(family__in=[name for name in self.families if self._able(name)])
        rows = (
            rows.public()
            .with_any_body(self.bodies, sieve=bool(self.families or self.kinds))
            .significant(self.min_significance)
            .resonant(self.min_resonance)
            .in_any_sign(self.signs)
        )
        if self.search is not None:
            rows = rows.filter(self.search.condition())
        return rows if self.visible_from is None else rows.of_families(OBSERVABLE)

    @property
    def computed_families(self) -> tuple[str, ...]:
        """Return the families to compute where nothing is stored; to search, nothing is."""
        return () if self.search else self.families_meant

    @property
    def families_meant(self) -> tuple[str, ...]:
        """Return the computed families of which an event may pass.

        Resonance is set by curators, on stored events alone: with ``min_resonance`` there is none.
        """
        if self.min_resonance is not None:
            return ()
        wanted = set(self.families or COMPUTED)
        if self.visible_from is not None:
            wanted &= OBSERVABLE
        return tuple(
            family
            for family in COMPUTED
            if family in wanted
            and self._able(family)
            and (not self.kinds or self._asks_kind_of(family))
        )

    def _kinds_of_families(self) -> list[str]:
        """Return the kinds that belong to a family asked for: then one index serves both."""
        return [code for code in self.kinds if self._asks_family(_family_of(code))]

    def _asks_family(self, family: str) -> bool:
        return (not self.families or family in self.families) and self._able(family)

    def _able(self, family: str) -> bool:
        """Say whether an event of the family may have a body and the significance asked for."""
        if family not in COMPUTED:  # gatherings are what their curators say
            return True
        if self.bodies and set(self.bodies).isdisjoint(COMPUTED[family].bodies):
            return False
        if self.signs and family not in signs_told():
            return False
        return self.min_significance <= most_significance(family)

    @property
    def narrows(self) -> bool:
        """Say whether much less passes than happens."""
        chosen = self.kinds or self.families or self.bodies or self.signs
        return bool(chosen or self.min_significance > 1)

    def _asks_kind_of(self, family: str) -> bool:
        return any(code in self.kinds for code in COMPUTED[family].kinds)

    def passes(self, occurrence: Occurrence) -> bool:
        """Say whether a computed event passes, the sky apart; its family was chosen before."""
        return (
            (not self.kinds or occurrence.kind in self.kinds)
            and (not self.bodies or not set(self.bodies).isdisjoint(occurrence.bodies))
            and (not self.signs or not signs_of(occurrence.details).isdisjoint(self.signs))
            and (self.min_significance <= 1 or self._matters(occurrence))
        )

    def _matters(self, occurrence: Occurrence) -> bool:
        if occurrence.kind not in KINDS:  # not served yet, so not shown either
            return False
        level = KINDS[occurrence.kind].significance.level(Facts.of(occurrence))
        return level >= self.min_significance

    def digest(self, *more: object) -> str:
        """Return a short digest of the filter and what else shapes a list."""
        own = (self.kinds, self.families, self.min_resonance, self.bodies, self.min_significance)
        words = self.search.words if self.search else ()
        parts = (*own, self.visible_from, *more, self.signs, words)
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


@cache
def most_significance(family: str) -> int:
    """Return the level that no event of the family exceeds."""
    return max(KINDS[code].significance.most for code in COMPUTED[family].kinds)


def _family_of(kind: str) -> str:
    return STAFF_FAMILY if kind == STAFF_KIND else KINDS[kind].family
