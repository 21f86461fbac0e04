"""Check catalogues against the code, the rules and the glossary."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polib

from starscal.core.catalogues.extraction import code_messages
from starscal.core.catalogues.files import (
    catalogue_merge,
    catalogue_read,
    catalogue_write,
    key_of,
    metadata_of,
)
from starscal.core.catalogues.glossary import (
    glossary_applies,
    glossary_deviations,
    glossary_forbidden,
    glossary_found,
)
from starscal.core.catalogues.glossary_page import glossary_page_is_stale
from starscal.core.catalogues.glossary_source import Term
from starscal.core.catalogues.languages import (
    LANGUAGES,
    LOCALE_DIR,
    SOURCE_LANGUAGE,
    Language,
)
from starscal.core.catalogues.library import library_missing, script_missing
from starscal.core.catalogues.message import Key, Message, placeholders
from starscal.core.catalogues.rules import RULES, count_without_plural

LISTED_CHARS = 60


@dataclass(frozen=True)
class Defect:
    """One thing that is wrong with one text of one language."""

    language: Language
    kind: str
    text: str
    complaint: str

    def __str__(self) -> str:
        text = self.text if len(self.text) <= LISTED_CHARS else f"{self.text[:LISTED_CHARS]}…"
        return f"locale/{self.language.locale}: {self.kind}: {text!r} {self.complaint}"


@dataclass(frozen=True)
class Tally:
    """How much of a language is translated."""

    language: Language
    total: int
    translated: int

    @property
    def complete(self) -> bool:
        return self.translated == self.total


def messages_wanted(language: Language) -> dict[Key, Message]:
    """Return what a language's catalogue must hold: our texts, then the libraries' gaps."""
    ours = _ours()
    gaps = {key: text for key, text in library_missing(language).items() if key not in ours}
    return {**ours, **gaps}


# The catalogues of a language and what each must hold.
DOMAINS: Mapping[str, Callable[[Language], dict[Key, Message]]] = {
    "django": messages_wanted,
    "djangojs": script_missing,
}


def catalogues_extract(folder: Path = LOCALE_DIR) -> list[Tally]:
    """Bring every catalogue to the code's texts, keeping translations; return what is done."""
    for language in LANGUAGES:
        for path, wanted in _catalogues_of(language, folder):
            merged = catalogue_merge(catalogue_read(path), wanted.values(), language)
            catalogue_write(merged, path)
    return catalogues_tallies(folder)


def catalogues_tallies(folder: Path = LOCALE_DIR) -> list[Tally]:
    """Return how complete each language's catalogues are as they stand."""
    return [_language_tally(language, folder) for language in LANGUAGES]


def _language_tally(language: Language, folder: Path) -> Tally:
    tallies = [
        catalogue_tally(catalogue_read(language.path(folder, domain)), language)
        for domain in DOMAINS
    ]
    return Tally(
        language, sum(tally.total for tally in tallies), sum(tally.translated for tally in tallies)
    )


def _catalogues_of(language: Language, folder: Path) -> Iterator[tuple[Path, dict[Key, Message]]]:
    """Yield the files of a language and what they must hold; none for nothing."""
    for domain, wanted_in in DOMAINS.items():
        path, wanted = language.path(folder, domain), wanted_in(language)
        if wanted or path.exists():
            yield path, wanted


def catalogue_tally(catalogue: polib.POFile, language: Language) -> Tally:
    done = sum(1 for entry in catalogue if is_complete(entry, language))
    return Tally(language, len(catalogue), done)


def catalogues_check(folder: Path = LOCALE_DIR) -> list[Defect]:
    """Return every defect of every catalogue, and whether the glossary's page is out of date."""
    defects = [
        defect
        for language in LANGUAGES
        for path, wanted in _catalogues_of(language, folder)
        for defect in catalogue_check(catalogue_read(path), wanted, language)
    ]
    return [*defects, *glossary_page_check()]


@dataclass(frozen=True)
class GlossaryUse:
    """How far a language keeps to the glossary: texts that hold terms, terms, and deviations."""

    language: Language
    texts: int
    terms: int
    deviations: tuple[Defect, ...]


def glossary_uses(folder: Path = LOCALE_DIR) -> Iterator[GlossaryUse]:
    """Yield how far each language keeps to the glossary."""
    for language in LANGUAGES:
        if language.code != SOURCE_LANGUAGE:
            yield _glossary_use(catalogue_read(language.path(folder)), language)


def _glossary_use(catalogue: polib.POFile, language: Language) -> GlossaryUse:
    wanted = messages_wanted(language)
    pairs = [(entry, wanted[key_of(entry)]) for entry in catalogue if key_of(entry) in wanted]
    held = [len(glossary_found(message)) for _, message in pairs if glossary_applies(message)]
    deviations = tuple(
        Defect(language, kind, entry.msgid, complaint)
        for entry, message in pairs
        if all(translations(entry))
        for kind, complaint in _terms(entry, message, language)
    )
    return GlossaryUse(language, sum(map(bool, held)), sum(held), deviations)


def glossary_page_check() -> Iterator[Defect]:
    """Yield a defect where docs/glossary.md is not what locale/glossary says."""
    if glossary_page_is_stale():
        complaint = "is out of date; run: python manage.py messages glossary --write"
        yield Defect(LANGUAGES[0], "drift", "docs/glossary.md", complaint)


def catalogue_check(
    catalogue: polib.POFile, wanted: Mapping[Key, Message], language: Language
) -> Iterator[Defect]:
    """Yield the defects of one catalogue against the texts it should hold."""
    yield from _header_defects(catalogue, language)
    yield from _drift(catalogue, wanted, language)
    for entry in catalogue:
        message = wanted.get(key_of(entry))
        if message is not None and not entry.obsolete:
            yield from entry_defects(entry, message, language)


def entry_defects(entry: polib.POEntry, message: Message, language: Language) -> Iterator[Defect]:
    """Yield what is wrong with one entry."""
    complaints = (
        _english(entry, message)
        if language.code == SOURCE_LANGUAGE
        else _foreign(entry, message, language)
    )
    for kind, complaint in complaints:
        yield Defect(language, kind, entry.msgid, complaint)


def is_complete(entry: polib.POEntry, language: Language) -> bool:
    """Say whether an entry is translated; English is its own translation."""
    if language.code == SOURCE_LANGUAGE:
        return True
    return not entry.fuzzy and all(translations(entry))


def translations(entry: polib.POEntry) -> list[str]:
    """Return the one translation of an entry, or one for each plural form."""
    if entry.msgid_plural:
        return [entry.msgstr_plural[form] for form in sorted(entry.msgstr_plural)]
    return [entry.msgstr]


@cache
def _ours() -> dict[Key, Message]:
    return code_messages()


def _header_defects(catalogue: polib.POFile, language: Language) -> Iterator[Defect]:
    for name, wanted in metadata_of(language).items():
        found = " ".join(catalogue.metadata.get(name, "").split())
        if found != wanted:
            yield Defect(language, "header", name, f"is {found!r}, not {wanted!r}")


def _drift(
    catalogue: polib.POFile, wanted: Mapping[Key, Message], language: Language
) -> Iterator[Defect]:
    held = {key_of(entry) for entry in catalogue if not entry.obsolete}
    for key in wanted:
        if key not in held:
            yield Defect(language, "drift", key[1], "is not in the catalogue")
    for entry in catalogue:
        if entry.obsolete or key_of(entry) not in wanted:
            yield Defect(language, "drift", entry.msgid, "is no longer in the code")


def _english(entry: polib.POEntry, message: Message) -> Iterator[tuple[str, str]]:
    if any(translations(entry)):
        yield "english", "has a translation; change the text in the code instead"
    if complaint := count_without_plural(message.text, message.plural):
        yield "count_without_plural", complaint


def _foreign(
    entry: polib.POEntry, message: Message, language: Language
) -> Iterator[tuple[str, str]]:
    if entry.fuzzy:
        yield "fuzzy", "is marked fuzzy"
    if bool(entry.msgid_plural) != bool(message.plural):
        yield "drift", "is a plural on one side only"
        return
    if not all(translations(entry)):
        yield "incomplete", "is not translated"
        return
    if message.plural:
        yield from _plural_complaints(entry, language)
    else:
        yield from _complaints(entry.msgid, entry.msgstr, language)
    yield from _terms(entry, message, language)


def _terms(entry: polib.POEntry, message: Message, language: Language) -> Iterator[tuple[str, str]]:
    forms, code = translations(entry), language.code
    if glossary_applies(message):
        for term in glossary_deviations(message, forms[0], code):
            yield "glossary", f"lacks {' / '.join(term.accepted(code))} ({term.name})"
    for form, term in dict(_refused(forms, code)).items():
        yield "glossary", f"has {form}, which the glossary refuses ({term.name})"


def _refused(forms: Iterable[str], code: str) -> Iterator[tuple[str, Term]]:
    for words in forms:
        yield from glossary_forbidden(words, code)


def _complaints(text: str, translation: str, language: Language) -> Iterator[tuple[str, str]]:
    for rule in RULES:
        complaint = rule(text, translation, language.code)
        if complaint:
            yield rule.__name__, complaint


def _plural_complaints(entry: polib.POEntry, language: Language) -> Iterator[tuple[str, str]]:
    forms = translations(entry)
    if len(forms) != language.forms:
        yield "plural", f"has {len(forms)} plural forms, not {language.forms}"
    for number, form in enumerate(forms):
        text = _counterpart(entry, number, form, language)
        yield from _complaints(text, form, language)


def _counterpart(entry: polib.POEntry, number: int, form: str, language: Language) -> str:
    """Return the English text that a plural form answers to.

    Only a form for exactly one may leave the count out; Russian's first is for 21 too.
    """
    only_one = number == 0 and language.forms in {2, 3}
    if only_one and placeholders(form) == placeholders(entry.msgid):
        return entry.msgid
    return entry.msgid_plural


def defects_counted(defects: Iterable[Defect]) -> dict[str, int]:
    """Return how many defects there are of each kind."""
    counts: dict[str, int] = {}
    for defect in defects:
        counts[defect.kind] = counts.get(defect.kind, 0) + 1
    return counts
