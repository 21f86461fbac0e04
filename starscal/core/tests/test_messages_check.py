from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import polib
import pytest

from starscal.core.catalogues import checking
from starscal.core.catalogues.checking import catalogue_check, catalogue_tally
from starscal.core.catalogues.files import catalogue_merge
from starscal.core.catalogues.glossary import glossary_deviations, glossary_forbidden
from starscal.core.catalogues.glossary_page import (
    glossary_page,
    glossary_page_is_stale,
    glossary_page_write,
)
from starscal.core.catalogues.glossary_source import FOLDER, glossary_read
from starscal.core.catalogues.languages import LANGUAGES
from starscal.core.catalogues.message import Message
from starscal.core.catalogues.rules import RULES, count_without_plural

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
    # English words are of another script as well.
    assert set(kinds(found, "ru")) - {"script_pure"} == {kind}


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


# By rule: English text, language, a good translation and a bad one.
TYPOGRAPHY = {
    "markup_kept": ("<b>Now</b> &amp; 5%%", "de", "<b>Jetzt</b> &amp; 5%%", "<i>Jetzt</i> 5%"),
    "script_pure": ("Send JSON.", "ru", "Отправьте JSON.", "Send JSON, пожалуйста."),
    "script_pure, one word": ("Moon", "ru", "Луна", "Лyна"),
    "single_spaces": ("Now here", "es", "Ahora aquí", "Ahora  aquí"),
    "quotes_of_language": ("“%(name)s”", "hy", "«%(name)s»", "“%(name)s”"),
    "quotes_of_language, straight": ('"{name}"', "hi", "“{name}”", '"{name}"'),
    "units_spaced": ("%(value)s km", "fr", "%(value)s\u00a0km", "%(value)s km"),
    "units_spaced, degrees": ("%(value)s°", "es", "%(value)s°", "%(value)s\u00a0°"),
    "armenian_stops": ("Now.", "hy", "Հիմա։", "Հիմա:"),
    "armenian_stops, polite": ("Your data", "hy", "Ձեր տվյալները", "Պահել Ձեր տվյալները"),
    "full_width_marks": ("Now: %(x)s", "ja", "今：%(x)s", "今: %(x)s"),
}


@pytest.mark.parametrize(("name", "case"), TYPOGRAPHY.items(), ids=TYPOGRAPHY)
def test_each_rule_of_typography_bites(name: str, case: tuple[str, str, str, str]) -> None:
    text, code, good, bad = case
    rule = {rule.__name__: rule for rule in RULES}[name.partition(",")[0]]
    assert rule(text, good, code) == ""
    assert rule(text, bad, code) != ""


def test_a_sample_of_json_keeps_its_quotes() -> None:
    text = 'Send {"events": ["<epoch>", 17]}.'
    assert not any(rule(text, 'Отправьте {"events": ["<epoch>", 17]}.', "ru") for rule in RULES)


@pytest.mark.parametrize(
    ("text", "plural", "passes"),
    [
        ("%(n)d events", "", False),
        ("%(count)s new events", "", False),
        ("%(n)d event", "%(n)d events", True),
        ("%(body)s turns direct", "", True),
        ("Choose at most %(count)d events at once.", "", True),
    ],
)
def test_a_count_needs_plural_forms(text: str, plural: str, passes: bool) -> None:
    assert (not count_without_plural(text, plural)) is passes
    message = Message(text, plural=plural, files=("events/admin.py",))
    english = catalogue_merge(polib.POFile(), [message], BY_CODE["en"])
    found = catalogue_check(english, {message.key: message}, BY_CODE["en"])
    assert [defect.kind for defect in found] == ([] if passes else ["count_without_plural"])


def sky(text: str, context: str = "") -> Message:
    return Message(text, context, files=("events/texts/a.py",))


def lacking(message: Message, words: str, code: str) -> list[str]:
    return [term.name for term in glossary_deviations(message, words, code)]


def test_every_term_has_its_words_in_ten_languages() -> None:
    terms = list(glossary_read().terms())
    assert len(terms) > 300
    assert all(term.accepted(code) for term in terms for code in BY_CODE)


def test_every_accepted_form_is_found_by_the_check_itself() -> None:
    for term in glossary_read().terms():
        for code in set(BY_CODE) - {"en"}:
            assert set(term.forbidden(code)).isdisjoint(term.accepted(code))
            assert not list(glossary_forbidden(term.forms[code]["nom"][0], code)), (term.key, code)


def test_the_longest_term_governs() -> None:
    total = sky("Total solar eclipse")
    assert lacking(total, "Totale Sonnenfinsternis", "de") == []
    assert lacking(total, "Sonnenfinsternis", "de") == ["Total solar eclipse"]


@pytest.mark.parametrize(
    ("text", "words", "code", "terms"),
    [
        ("The Sun sets.", "La consola se pone.", "es", ["Sun"]),
        ("The Sun sets.", "El Sol se pone.", "es", []),
        ("The Moon rises.", "7月に昇る。", "ja", ["Moon"]),
        ("The Moon rises.", "月が昇る。", "ja", []),
        ("The Moon rises.", "7月升起。", "zh-hans", ["Moon"]),
        ("Moon and Sun", "Լուսի՞նը և Արեգակը", "hy", []),
        ("Mercury", "Меркурием", "ru", []),
        ("Mars", "Марсель", "ru", []),  # a stem is as wide as its star
    ],
)
def test_a_term_is_a_word_of_its_own(text: str, words: str, code: str, terms: list[str]) -> None:
    assert lacking(sky(text), words, code) == terms


def test_a_context_asks_for_the_form_of_its_phrase() -> None:
    phrase = sky("in Leo", "Moon phase in sign")
    assert lacking(phrase, "во Льве", "ru") == []
    assert lacking(phrase, "Лев", "ru") == ["Leo"]


def test_a_section_governs_its_context_alone() -> None:
    assert lacking(sky("Sagittarius", "constellation, entered"), "人马座", "zh-hans") == []
    assert lacking(sky("Sagittarius", "constellation, entered"), "射手座", "zh-hans")
    assert lacking(sky("Sagittarius"), "射手座", "zh-hans") == []


def test_some_terms_are_asked_for_in_names_only() -> None:
    assert lacking(sky("Transit across the Sun"), "Перед Солнцем", "ru") == ["transit"]
    assert lacking(sky("A transit is seen before the Sun."), "Видно перед Солнцем.", "ru") == []


def test_a_forbidden_form_is_a_defect_in_any_text() -> None:
    message = Message("Tonight", files=("events/page.py",))
    found = catalogue_merge(polib.POFile(), [message], BY_CODE["ru"])
    found[0].msgstr = "Звездопад"
    defects = list(catalogue_check(found, {message.key: message}, BY_CODE["ru"]))
    assert [defect.kind for defect in defects] == ["glossary"]
    assert "which the glossary refuses" in defects[0].complaint


def test_the_page_is_one_row_a_term_in_ten_columns() -> None:
    page = glossary_page()
    rows = [line for line in page.splitlines() if line.startswith("|")]
    assert {line.count(" | ") for line in rows if "---" not in line} == {9}
    assert "| in Aries" not in page
    assert "Овен; *gen* Овна; *in* в Овне; *into* в знак Овна" in page


def test_a_page_that_was_edited_by_hand_is_drift(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "glossary.md"
    assert not glossary_page_is_stale(page)  # an image has no docs
    assert glossary_page_write(page)
    assert not glossary_page_write(page)
    page.write_text(page.read_text(encoding="utf-8") + "More.\n", encoding="utf-8")
    monkeypatch.setattr(checking, "glossary_page_is_stale", lambda: glossary_page_is_stale(page))
    assert [defect.kind for defect in checking.glossary_page_check()] == ["drift"]


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("ru.toml", "[stars]", "[comets]", "is missing"),
        ("ru.toml", "[stars]", "[stars]\nsirius = { nom = 'Сириус' }", "of no English one"),
        ("ru.toml", 'nom = "Уран"', 'abc = "Уран"', "needs nom"),
        ("terms.toml", "[contexts]", "[contexts", "terms.toml"),
    ],
)
def test_a_broken_glossary_is_refused(
    tmp_path: Path, file: str, old: str, new: str, complaint: str
) -> None:
    folder = tmp_path / "glossary"
    shutil.copytree(FOLDER, folder)
    text = (folder / file).read_text(encoding="utf-8")
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ValueError, match=complaint):
        glossary_read(folder)
