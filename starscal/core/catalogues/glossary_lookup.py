"""The glossary for those who write: terms to look up, and those that an English text holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from starscal.core.catalogues.glossary_source import FORBIDDEN, Section, Term, glossary_read
from starscal.core.catalogues.languages import SOURCE_LANGUAGE

NOMINAL: Final = "nom"
Place = tuple[str, str]  # of a term: its section and its key
TEXT_MOST: Final = 10_000  # letters of a text that are looked at


@dataclass(frozen=True, slots=True)
class Entry:
    """A term in English and in another language.

    ``forms`` are those beside the first one, by the label of their case or phrase; ``forbidden``
    ones may stand in no text. ``names_only`` terms bind names and titles alone.
    """

    key: str
    section: str
    context: str
    source: str
    target: str
    forms: tuple[tuple[str, str], ...]
    forbidden: tuple[str, ...]
    names_only: bool
    note: str
    sought: str


def glossary_lookup(*, language: str, words: str = "") -> list[Entry]:
    """Return the terms that hold every one of the words, in English or in the language."""
    wanted = words.casefold().split()
    return [
        entry for entry in _entries(language).values() if all(w in entry.sought for w in wanted)
    ]


@lru_cache(maxsize=2048)
def glossary_hints(*, text: str, language: str) -> tuple[Entry, ...]:
    """Return the terms that an English text holds, in their order; none for English itself."""
    if language == SOURCE_LANGUAGE or not text:
        return ()
    pattern, places = _english()
    # The pattern takes a dotless or dotted Turkish i for an English one; casefold does not.
    hits = [places.get(form.casefold()) for form in pattern.findall(text[:TEXT_MOST])]
    known = _entries(language)
    return tuple(known[place] for place in dict.fromkeys(hits) if place)


def glossary_notes(*, language: str) -> tuple[str, ...]:
    """Return what the glossary says of a language as a whole, in English."""
    return glossary_read().notes.get(language, ())


@cache
def _english() -> tuple[re.Pattern[str], Mapping[str, Place]]:
    """Return what finds the English forms in a text, the longest first, and whose they are.

    A term of all texts goes before one of a single context.
    """
    places: dict[str, Place] = {}
    for section in sorted(glossary_read().sections, key=lambda section: bool(section.context)):
        for term in section.terms:
            for form in term.accepted(SOURCE_LANGUAGE):
                places.setdefault(form.casefold(), (section.key, term.key))
    forms = "|".join(map(re.escape, sorted(places, key=len, reverse=True)))
    return re.compile(rf"\b(?:{forms})\b", re.IGNORECASE), places


@cache
def _entries(language: str) -> Mapping[Place, Entry]:
    return {
        (section.key, term.key): _entry(section, term, language)
        for section in glossary_read().sections
        for term in section.terms
    }


def _entry(section: Section, term: Term, language: str) -> Entry:
    forms = term.forms[language]
    first, *synonyms = forms[NOMINAL]
    told = [(NOMINAL, form) for form in synonyms]
    told += [
        (label, form)
        for label, some in forms.items()
        if label not in {NOMINAL, FORBIDDEN}
        for form in some
    ]
    sought = (*term.accepted(SOURCE_LANGUAGE), *term.accepted(language), *term.forbidden(language))
    return Entry(
        key=term.key,
        section=section.title,
        context=section.context,
        source=term.name,
        target=first,
        forms=tuple(told),
        forbidden=term.forbidden(language),
        names_only=term.names_only,
        note=term.note,
        sought="\n".join(sought).casefold(),
    )
