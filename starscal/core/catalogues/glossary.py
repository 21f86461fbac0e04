"""Whether names, titles and descriptions keep to the terms of the glossary.

Where an English text holds a term, its translation must hold one of the forms that the glossary
lists, as a word of its own where the script parts words. Forbidden forms may stand nowhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from starscal.core.catalogues.glossary_source import Glossary, Term, glossary_read
from starscal.core.catalogues.languages import SOURCE_LANGUAGE
from starscal.core.catalogues.message import Message

SCOPE = ("astronomy/", "events/fact_labels.py", "events/kinds/", "events/texts/")
PLACEHOLDER = re.compile(r"%\(\w+\)\w")  # its name is not a word of the text
SENTENCE = re.compile(r"[.!?]$")
WORDLESS = frozenset({"zh-hans", "ja"})
LETTER = r"[\w\u0300-\u036f\u0900-\u0963\u0970-\u097f]"
# Stands inside a word, over its stressed vowel.
ARMENIAN_STRESS = str.maketrans("", "", "՞՛՜")


@dataclass(frozen=True)
class Index:
    """The English forms of some terms, to be found in one pass, the longest first."""

    pattern: re.Pattern[str]
    terms: dict[str, Term]

    def found_in(self, text: str) -> list[Term]:
        hits = [hit.casefold() for hit in self.pattern.findall(text)]
        return list({self.terms[hit].key: self.terms[hit] for hit in hits}.values())


def glossary_applies(message: Message) -> bool:
    """Say whether a text is of the sky: a name, a title or a description of what happens there."""
    return any(file.startswith(SCOPE) for file in message.files)


def glossary_found(message: Message) -> list[Term]:
    """Return the terms that a text holds and that its translations must give."""
    glossary = glossary_read()
    own = {section.context for section in glossary.sections if section.context}
    text = PLACEHOLDER.sub(" ", message.text)
    found = _index(message.context if message.context in own else "").found_in(text)
    sentence = bool(SENTENCE.search(message.text))
    return [term for term in found if not (sentence and term.names_only)]


def glossary_deviations(message: Message, translation: str, code: str) -> list[Term]:
    """Return the terms of a text that ``translation`` gives in no form of the glossary."""
    label = glossary_read().contexts.get(message.context, "")
    folded = _folded(translation, code)
    return [
        term
        for term in glossary_found(message)
        if not _pattern(term.accepted(code, label), code).search(folded)
    ]


def glossary_forbidden(translation: str, code: str) -> Iterator[tuple[str, Term]]:
    """Yield the forms in a translation that the glossary refuses, with their terms."""
    folded = _folded(translation, code)
    for pattern, form, term in _forbidden(code):
        if pattern.search(folded):
            yield form, term


@cache
def _forbidden(code: str) -> tuple[tuple[re.Pattern[str], str, Term], ...]:
    return tuple(
        (_pattern((form,), code), form, term)
        for term in glossary_read().terms()
        for form in term.forbidden(code)
    )


@cache
def _index(context: str) -> Index:
    terms = _by_form(glossary_read(), context)
    forms = sorted(terms, key=len, reverse=True)
    return Index(re.compile(rf"\b(?:{'|'.join(map(re.escape, forms))})\b", re.IGNORECASE), terms)


def _by_form(glossary: Glossary, context: str) -> dict[str, Term]:
    terms: dict[str, Term] = {}
    for section in glossary.sections:
        for term in section.terms if section.context == context else ():
            for form in term.accepted(SOURCE_LANGUAGE):
                if terms.setdefault(form.casefold(), term) is not term:
                    raise ValueError(f"terms.toml: two terms are called {form!r}.")
    return terms


@cache
def _pattern(forms: tuple[str, ...], code: str) -> re.Pattern[str]:
    return re.compile("|".join(_alternatives(forms, code)))


def _alternatives(forms: Iterable[str], code: str) -> Iterator[str]:
    for form in forms:
        folded = _folded(form, code)
        if code in WORDLESS:
            # 月 and 日 after a number are a month and a day.
            guard = r"(?<![\d〇一二三四五六七八九十])(?<!\)[sd])" if folded in {"月", "日"} else ""
            yield guard + re.escape(folded).replace(r"\*", "")
        else:
            left = "" if folded.startswith("*") else f"(?<!{LETTER})"
            body = re.escape(folded).replace(r"\*", f"{LETTER}*").replace(r"\ ", r"\s+")
            yield f"{left}{body}(?!{LETTER})"


def _folded(text: str, code: str) -> str:
    folded = unicodedata.normalize("NFC", text).casefold()
    if code == "hy":
        return folded.translate(ARMENIAN_STRESS)
    return folded.replace("ё", "е") if code == "ru" else folded
