"""The terms of docs/glossary.md, and whether a name or title keeps to them.

A row is a term, a column a language, a cell its forms separated by " / ". Where an English name
holds a term, its translation must hold one of the forms of that row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starscal.core.catalogues.languages import LANGUAGES, ROOT, SOURCE_LANGUAGE
from starscal.core.catalogues.message import Message

GLOSSARY = ROOT / "docs" / "glossary.md"
SEPARATOR = " / "
SCOPE = ("astronomy/", "events/fact_labels.py", "events/kinds/", "events/texts/")
SENTENCE = re.compile(r"[.!?]$")
# Names of their own: a constellation is not the sign of its name, a solar term not a season.
OWN_NAMES = frozenset({"chinese festival", "constellation, entered", "solar term"})


@dataclass(frozen=True)
class Term:
    """One row: the forms of a term by language."""

    forms: Mapping[str, tuple[str, ...]]

    @property
    def name(self) -> str:
        return self.forms[SOURCE_LANGUAGE][0]

    @property
    def length(self) -> int:
        return max(len(form) for form in self.forms[SOURCE_LANGUAGE])

    def pattern(self) -> re.Pattern[str]:
        forms = sorted(self.forms[SOURCE_LANGUAGE], key=len, reverse=True)
        return re.compile(rf"\b(?:{'|'.join(map(re.escape, forms))})\b", re.IGNORECASE)

    def is_in(self, translation: str, code: str) -> bool:
        folded = translation.casefold()
        return any(form.casefold() in folded for form in self.forms[code])


@cache
def glossary_terms(path: Path = GLOSSARY) -> tuple[Term, ...]:
    """Return the glossary's terms, the longest English ones first."""
    codes = [language.code for language in LANGUAGES]
    terms = [Term(_row(cells)) for cells in _rows(path, codes)]
    return tuple(sorted(terms, key=lambda term: -term.length))


def glossary_applies(message: Message) -> bool:
    """Say whether a text is a name or a title that astronomers' terms govern."""
    named = any(file.startswith(SCOPE) for file in message.files)
    own_name = message.context in OWN_NAMES
    return named and not own_name and not SENTENCE.search(message.text)


def glossary_deviations(text: str, translation: str, code: str) -> list[Term]:
    """Return the terms of ``text`` that ``translation`` gives in no form of the glossary."""
    missing = []
    for term in glossary_terms():
        text, found = term.pattern().subn(" ", text)
        if found and not term.is_in(translation, code):
            missing.append(term)
    return missing


def _rows(path: Path, codes: Sequence[str]) -> Iterator[list[str]]:
    """Yield the rows of every table whose head is the list of our languages."""
    inside = False
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if cells == list(codes):
            inside = True
        elif not line.startswith("|"):
            inside = False
        elif inside and set("".join(cells)) != {"-"}:
            yield _checked(cells, path)


def _checked(cells: list[str], path: Path) -> list[str]:
    if len(cells) != len(LANGUAGES) or not all(cells):
        raise ValueError(f"{path.name}: the row of {cells[0]!r} has an empty or missing cell.")
    return cells


def _row(cells: list[str]) -> dict[str, tuple[str, ...]]:
    return {
        language.code: tuple(cell.split(SEPARATOR))
        for language, cell in zip(LANGUAGES, cells, strict=True)
    }
