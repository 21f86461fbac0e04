"""Read the glossary: locale/glossary/terms.toml, and a file of words for each language."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from starscal.core.catalogues.languages import LANGUAGES, LOCALE_DIR, SOURCE_LANGUAGE

FOLDER = LOCALE_DIR / "glossary"
# The forms a term may have: cases, phrases, then what the check reads and no dictionary prints.
LABELS = (
    "nom", "gen", "dat", "acc", "ins", "loc", "abl", "pl", "adj",
    "in", "into", "of", "with", "stem", "also", "never",
)  # fmt: skip
FORBIDDEN = "never"
NAMES_ONLY = "names"

Forms = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Term:
    """One term and its forms by language and label."""

    key: str
    names_only: bool
    note: str
    forms: Mapping[str, Forms]

    @property
    def name(self) -> str:
        return self.forms[SOURCE_LANGUAGE]["nom"][0]

    def accepted(self, code: str, label: str = "") -> tuple[str, ...]:
        """Return the forms that satisfy the term: of one label where it has that, else all."""
        forms = self.forms[code]
        if label in forms:
            return forms[label]
        return tuple(form for key, some in forms.items() if key != FORBIDDEN for form in some)

    def forbidden(self, code: str) -> tuple[str, ...]:
        return self.forms[code].get(FORBIDDEN, ())


@dataclass(frozen=True)
class Section:
    """Terms under one heading; with a context they govern the texts of that context alone."""

    key: str
    title: str
    context: str
    terms: tuple[Term, ...]


@dataclass(frozen=True)
class Glossary:
    """All sections, the form that a context asks for, and notes on single languages."""

    sections: tuple[Section, ...]
    contexts: Mapping[str, str]
    notes: Mapping[str, tuple[str, ...]]

    def terms(self) -> Iterator[Term]:
        for section in self.sections:
            yield from section.terms


@cache
def glossary_read(folder: Path = FOLDER) -> Glossary:
    """Return the glossary; raises ValueError where a language lacks a term or has one too many."""
    source = _toml(folder / "terms.toml")
    words = {
        language.code: _toml(folder / f"{language.code}.toml")
        for language in LANGUAGES
        if language.code != SOURCE_LANGUAGE
    }
    notes = {code: tuple(table.pop("notes", ())) for code, table in words.items()}
    sections = tuple(_section(key, table, words) for key, table in source["sections"].items())
    _refuse_strangers(sections, words)
    return Glossary(sections, source.get("contexts", {}), notes)


def _section(key: str, table: dict[str, Any], words: Mapping[str, dict[str, Any]]) -> Section:
    terms = tuple(
        Term(
            key=name,
            names_only=term.pop("scope", "") == NAMES_ONLY,
            note=term.pop("note", ""),
            forms={
                SOURCE_LANGUAGE: _forms(term, f"terms.toml: {key}.{name}"),
                **{code: _words(words[code], key, name, code) for code in words},
            },
        )
        for name, term in table["terms"].items()
    )
    return Section(key, table["title"], table.get("context", ""), terms)


def _words(table: dict[str, Any], section: str, name: str, code: str) -> Forms:
    place = f"{code}.toml: {section}.{name}"
    forms = table.get(section, {}).get(name)
    if not forms:
        raise ValueError(f"{place} is missing.")
    return _forms(forms, place)


def _forms(table: Mapping[str, str | list[str]], place: str) -> Forms:
    strangers = set(table) - set(LABELS)
    if strangers or "nom" not in table:
        raise ValueError(f"{place} needs nom and may have {', '.join(LABELS[1:])}: {strangers}.")
    forms = {
        label: (forms,) if isinstance(forms, str) else tuple(forms)
        for label, forms in table.items()
    }
    if not all(form.strip("* ") for some in forms.values() for form in some):
        raise ValueError(f"{place} has an empty form.")
    return forms


def _refuse_strangers(
    sections: tuple[Section, ...], words: Mapping[str, dict[str, dict[str, Any]]]
) -> None:
    known = {(section.key, term.key) for section in sections for term in section.terms}
    for code, table in words.items():
        held = {(section, name) for section, terms in table.items() for name in terms}
        if held - known:
            raise ValueError(f"{code}.toml has terms of no English one: {sorted(held - known)}.")


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path.name}: {error}") from error
