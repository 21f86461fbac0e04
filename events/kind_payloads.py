"""The kinds of event as readers get them: name and description, definition, units, significance."""

from __future__ import annotations

from typing import TypedDict, get_type_hints

from django.utils.translation import gettext as _

from events.details import detail_notes, detail_unit
from events.kinds import COMPUTED, EVENT_TYPES, FAMILIES, KINDS, STAFF_FAMILY, STAFF_KIND
from events.kinds.definitions import DEFINITIONS


class KindDefinition(TypedDict):
    """What exactly is computed; the number at the end of the id grows when that changes."""

    id: str
    text: str
    frame: str
    scale: str
    source: str


class KindDetail(TypedDict):
    """One field of astronomical_data."""

    name: str
    unit: str | None
    meaning: str


class KindPayload(TypedDict):
    """One kind of event."""

    code: str
    family: str
    family_name: str
    name: str
    description: str
    definition: KindDefinition | None
    details: list[KindDetail]
    significance: str
    lang_used: str
    fallback: bool


def kind_payload(code: str, *, language: str, fallback: bool = False) -> KindPayload:
    """Return a kind in the active language, which is ``language``."""
    if code == STAFF_KIND:
        return _staff(language, fallback=fallback)
    kind = KINDS[code]
    return {
        "code": code,
        "family": kind.family,
        "family_name": str(FAMILIES[kind.family]),
        "name": str(kind.name),
        "description": str(kind.about),
        "definition": _definition(kind.family),
        "details": _details(kind.details),
        "significance": str(kind.significance.rule),
        "lang_used": language,
        "fallback": fallback,
    }


def kind_payloads(*, language: str, fallback: bool = False) -> list[KindPayload]:
    """Return every kind that an event may have, in the active language."""
    return [kind_payload(code, language=language, fallback=fallback) for code in EVENT_TYPES]


def _staff(language: str, *, fallback: bool) -> KindPayload:
    return {
        "code": STAFF_KIND,
        "family": STAFF_FAMILY,
        "family_name": str(FAMILIES[STAFF_FAMILY]),
        "name": _("Gathering"),
        "description": _("A gathering, a meditation or another event that our editors announce."),
        "definition": None,
        "details": [],
        "significance": _("As the editors set it."),
        "lang_used": language,
        "fallback": fallback,
    }


def _definition(family: str) -> KindDefinition:
    found = COMPUTED[family]
    words = DEFINITIONS[found.definition_id]
    return {
        "id": found.definition_id,
        "text": str(words.text),
        "frame": str(words.frame),
        "scale": str(words.scale),
        "source": found.source,
    }


def _details(details: type) -> list[KindDetail]:
    notes = detail_notes(details)
    return [
        {"name": name, "unit": _unit(name), "meaning": str(notes[name])}
        for name in get_type_hints(details)
    ]


def _unit(name: str) -> str | None:
    unit = detail_unit(name)
    return None if unit is None else str(unit)
