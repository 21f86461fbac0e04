"""The kinds of event: what each is called, how much it matters, what is said of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from astronomy.bodies import BODIES
from astronomy.finders import FAMILIES as FOUND
from astronomy.finders.family import FamilyDefinition
from astronomy.stars import STARS
from events.facts import Facts
from events.kinds import cultural, planets, shows, sky
from events.kinds.kind import Kind
from events.windows import Span

STAFF_FAMILY: Final = "staff"
STAFF_KIND: Final = "staff_event"

# Every kind and family that has words, whether or not there is a finder for it.
KINDS: Final[Mapping[str, Kind]] = {
    kind.code: kind for kind in (*sky.KINDS, *planets.KINDS, *shows.KINDS, *cultural.KINDS)
}
FAMILIES: Final[Mapping[str, str | Promise]] = {
    **sky.FAMILIES,
    **planets.FAMILIES,
    **shows.FAMILIES,
    **cultural.FAMILIES,
    STAFF_FAMILY: _("Gatherings"),
}


def served(
    found: Mapping[str, FamilyDefinition], kinds: Mapping[str, Kind]
) -> dict[str, FamilyDefinition]:
    """Return the families that can be found and told: every kind of theirs has words."""
    return {
        name: family
        for name, family in found.items()
        if all(code in kinds and kinds[code].family == name for code in family.kinds)
    }


# What is stored and served.
COMPUTED: Final[Mapping[str, FamilyDefinition]] = served(FOUND, KINDS)
COMPUTED_KINDS: Final[Mapping[str, Kind]] = {
    code: KINDS[code] for family in COMPUTED.values() for code in family.kinds
}
EVENT_TYPES: Final = (*COMPUTED_KINDS, STAFF_KIND)
EVENT_FAMILIES: Final = (*COMPUTED, STAFF_FAMILY)
EVENT_BODIES: Final = (*BODIES, "earth", *STARS)


def kind_name(code: str) -> str:
    """Return what a kind is called; one that there is no more goes by its code."""
    if code == STAFF_KIND:
        return str(FAMILIES[STAFF_FAMILY])
    kind = KINDS.get(code)
    return str(kind.name) if kind else code


def slug_places(slug: str) -> dict[str, Span]:
    """Return the kinds whose event a slug may name, with the span in which to look for it."""
    places = {code: kind.slug.span(slug) for code, kind in COMPUTED_KINDS.items()}
    return {code: span for code, span in places.items() if span}


def texts_for(facts: Facts) -> dict[str, str]:
    """Return title and description in the active language."""
    kind = KINDS[facts.kind]
    return {"title": kind.title(facts), "description": kind.description(facts)}
