"""The glossary as writers look it up."""

from __future__ import annotations

import pytest

from starscal.core.catalogues.glossary_lookup import (
    glossary_hints,
    glossary_lookup,
    glossary_notes,
)
from starscal.core.catalogues.glossary_source import glossary_read
from starscal.core.catalogues.languages import LANGUAGES

TARGETS = [language.code for language in LANGUAGES if language.code != "en"]


@pytest.mark.parametrize("code", TARGETS)
def test_every_term_stands_in_every_language(code: str) -> None:
    entries = glossary_lookup(language=code)
    assert len(entries) == len(list(glossary_read().terms()))
    assert all(entry.source and entry.target for entry in entries)


def test_a_term_is_found_by_any_of_its_forms_in_either_language() -> None:
    for words in ("Mondes", "mondes", "the Moon", "MOON"):
        assert "moon" in [entry.key for entry in glossary_lookup(language="de", words=words)]
    assert glossary_lookup(language="de", words="Mond xyzzy") == []


def test_forms_stand_by_their_case_and_forbidden_ones_apart() -> None:
    (moon,) = [entry for entry in glossary_lookup(language="ru") if entry.key == "moon"]
    assert moon.target == "Луна"
    assert ("gen", "Луны") in moon.forms
    (neptune,) = [entry for entry in glossary_lookup(language="hi") if entry.key == "neptune"]
    assert neptune.forbidden == ("वरुण ग्रह",)
    assert not any(form in neptune.forbidden for _label, form in neptune.forms)


def test_hints_are_the_longest_terms_of_a_text_in_their_order() -> None:
    text = "Total solar eclipse near Regulus: the Moon covers the Sun."
    hints = [entry.target for entry in glossary_hints(text=text, language="es")]
    assert hints == ["eclipse solar total", "Régulo", "Luna", "Sol"]
    assert [entry.target for entry in glossary_hints(text="Moon phases", language="de")] == [
        "Mondphase"
    ]


def test_terms_of_a_single_context_are_hinted_too() -> None:
    (term,) = [
        section.terms[0] for section in glossary_read().sections if section.context == "feast"
    ]
    hints = glossary_hints(text=f"Today: {term.name}.", language="fr")
    assert term.forms["fr"]["nom"][0] in [entry.target for entry in hints]


@pytest.mark.parametrize(("text", "language"), [("", "de"), ("The Moon", "en"), ("Words", "de")])
def test_where_nothing_is_to_hint_nothing_is(text: str, language: str) -> None:
    assert glossary_hints(text=text, language=language) == ()


@pytest.mark.parametrize("text", ["Lunar ECL\u0130PSE", "ecl\u0131pse"])
def test_letters_that_are_only_like_those_of_a_term_hint_nothing(text: str) -> None:
    assert "eclipse" not in [e.source.casefold() for e in glossary_hints(text=text, language="de")]


def test_a_language_has_its_notes() -> None:
    assert glossary_notes(language="de")
    assert glossary_notes(language="en") == ()
