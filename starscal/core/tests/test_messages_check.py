from __future__ import annotations

from collections.abc import Callable

import polib
import pytest

from starscal.core.catalogues.checking import catalogue_check, catalogue_tally
from starscal.core.catalogues.files import catalogue_merge
from starscal.core.catalogues.glossary import glossary_deviations, glossary_terms
from starscal.core.catalogues.languages import LANGUAGES
from starscal.core.catalogues.message import Message
from starscal.core.catalogues.rules import RULES

BY_CODE = {language.code: language for language in LANGUAGES}
TITLE = Message("Total lunar eclipse", files=("events/texts/lunar_eclipses.py",))
LINE = Message("It lasts %(duration)s.", files=("events/page.py",))
COUNT = Message("%(n)d event", plural="%(n)d events", files=("events/admin.py",))
WANTED = {message.key: message for message in (TITLE, LINE, COUNT)}
GOOD = {
    "ru": (
        "Полное лунное затмение",
        "Длится %(duration)s.",
        ["%(n)d событие", "%(n)d события", "%(n)d событий", "%(n)d события"],
    ),
    "fr": (
        "Éclipse totale de Lune",
        "Dure %(duration)s.",
        ["%(n)d événement", "%(n)d d’événements", "%(n)d événements"],
    ),
    "ja": ("皆既月食", "%(duration)s続きます。", ["%(n)d件の天文現象"]),
    "hy": ("Լուսնի լրիվ խավարում", "Տևում է %(duration)s։", ["%(n)d իրադարձություն"] * 2),
}


def catalogue(code: str) -> polib.POFile:
    merged = catalogue_merge(polib.POFile(), WANTED.values(), BY_CODE[code])
    title, line, count = GOOD[code]
    merged[0].msgstr, merged[1].msgstr = title, line
    merged[2].msgstr_plural = dict(enumerate(count))
    return merged


def kinds(found: polib.POFile, code: str) -> list[str]:
    return [defect.kind for defect in catalogue_check(found, WANTED, BY_CODE[code])]


@pytest.mark.parametrize("code", GOOD)
def test_a_good_catalogue_has_no_defects(code: str) -> None:
    assert kinds(catalogue(code), code) == []
    assert catalogue_tally(catalogue(code), BY_CODE[code]).complete


def _set(number: int, words: str) -> Callable[[polib.POFile], None]:
    def change(found: polib.POFile) -> None:
        found[number].msgstr = words

    return change


def _form(number: int, words: str) -> Callable[[polib.POFile], None]:
    def change(found: polib.POFile) -> None:
        found[2].msgstr_plural[number] = words

    return change


def _fuzzy(found: polib.POFile) -> None:
    found[0].flags = ["fuzzy"]


def _one_form_less(found: polib.POFile) -> None:
    del found[2].msgstr_plural[3]


def _other_plural_rule(found: polib.POFile) -> None:
    found.metadata["Plural-Forms"] = "nplurals=2; plural=(n != 1);"


def _gone(found: polib.POFile) -> None:
    del found[0]


def _extra(found: polib.POFile) -> None:
    found.append(polib.POEntry(msgid="Old", msgstr="Старый"))


BROKEN: dict[str, tuple[Callable[[polib.POFile], None], str]] = {
    "missing": (_gone, "drift"),
    "no longer in the code": (_extra, "drift"),
    "untranslated": (_set(0, ""), "incomplete"),
    "one form empty": (_form(2, ""), "incomplete"),
    "fuzzy": (_fuzzy, "fuzzy"),
    "placeholder renamed": (_set(1, "Длится %(time)s."), "placeholders_kept"),
    "count lost": (_form(0, "событие"), "placeholders_kept"),
    "one form less": (_one_form_less, "plural"),
    "other plural rule": (_other_plural_rule, "header"),
    "space at the end": (_set(0, "Полное лунное затмение "), "spaces_kept"),
    "full stop lost": (_set(1, "Длится %(duration)s"), "end_mark_kept"),
    "full stop added": (_set(0, "Полное лунное затмение."), "end_mark_kept"),
    "English": (_set(1, "It lasts %(duration)s."), "translated_indeed"),
    "not the term": (_set(0, "Кровавая луна"), "glossary"),
}


@pytest.mark.parametrize(("change", "kind"), BROKEN.values(), ids=BROKEN)
def test_each_defect_is_found(change: Callable[[polib.POFile], None], kind: str) -> None:
    found = catalogue("ru")
    change(found)
    assert set(kinds(found, "ru")) == {kind}


def test_english_with_a_translation_is_a_defect() -> None:
    english = catalogue_merge(polib.POFile(), WANTED.values(), BY_CODE["en"])
    assert kinds(english, "en") == []
    english[0].msgstr = "Blood Moon"
    assert kinds(english, "en") == ["english"]


@pytest.mark.parametrize(
    ("text", "words", "code", "passes"),
    [
        ("Where?", "Որտե՞ղ։", "hy", True),
        ("Where?", "Որտե՞ղ", "hy", False),
        ("Note: %(x)s.", "Note\u202f: %(x)s.", "fr", True),
        ("Now: %(x)s.", "Maintenant : %(x)s.", "fr", False),
        ("Now: %(x)s.", "Maintenant: %(x)s.", "fr", False),
        ("Now!", "今！", "ja", True),
        ("%(value)s au", "%(value)s а. е.", "ru", True),
        ("Telegram", "Telegram", "de", True),
        ("Moon", "Moon", "de", False),
    ],
)
def test_rules_know_the_scripts(text: str, words: str, code: str, passes: bool) -> None:
    assert any(rule(text, words, code) for rule in RULES) is not passes


def test_every_glossary_term_has_ten_columns() -> None:
    terms = glossary_terms()
    assert len(terms) > 100
    assert all(set(term.forms) == set(BY_CODE) for term in terms)


def test_the_longest_term_governs() -> None:
    assert glossary_deviations("Total solar eclipse", "Totale Sonnenfinsternis", "de") == []
    lacking = glossary_deviations("Total solar eclipse", "Sonnenfinsternis", "de")
    assert [term.name for term in lacking] == ["Total solar eclipse"]
