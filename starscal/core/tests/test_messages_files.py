from __future__ import annotations

import gettext
import os
from pathlib import Path

import django
import polib
import pytest

from starscal.core.catalogues.compilation import catalogues_compile
from starscal.core.catalogues.files import catalogue_merge, catalogue_read, catalogue_write
from starscal.core.catalogues.languages import LANGUAGES, Language
from starscal.core.catalogues.message import Message

BY_CODE = {language.code: language for language in LANGUAGES}
RUSSIAN = BY_CODE["ru"]
MOON = Message("Full Moon", files=("events/kinds.py",))
COUNT = Message("%(n)d event", plural="%(n)d events", files=("events/admin.py",))


def translated(language: Language = RUSSIAN) -> polib.POFile:
    catalogue = catalogue_merge(polib.POFile(), [MOON, COUNT], language)
    catalogue[0].msgstr = "Полнолуние"
    catalogue[1].msgstr_plural = {form: f"%(n)d {form}" for form in range(language.forms)}
    return catalogue


def test_merging_keeps_translations_and_drops_what_is_gone() -> None:
    new = Message("New Moon", files=("events/kinds.py",))
    merged = catalogue_merge(translated(), [MOON, new], RUSSIAN)
    assert [(entry.msgid, entry.msgstr) for entry in merged] == [
        ("Full Moon", "Полнолуние"),
        ("New Moon", ""),
    ]


def test_a_text_that_becomes_a_plural_starts_anew() -> None:
    plural = Message("Full Moon", plural="Full Moons", files=("events/kinds.py",))
    entry = catalogue_merge(translated(), [plural], RUSSIAN)[0]
    assert (entry.msgstr, entry.msgstr_plural) == ("", {0: "", 1: "", 2: "", 3: ""})


def test_a_fuzzy_translation_is_not_kept() -> None:
    old = translated()
    old[0].flags = ["fuzzy"]
    entry = catalogue_merge(old, [MOON], RUSSIAN)[0]
    assert (entry.msgstr, entry.fuzzy) == ("", False)


def test_english_stays_empty() -> None:
    english = BY_CODE["en"]
    assert catalogue_merge(translated(english), [MOON], english)[0].msgstr == ""


def test_writing_twice_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ru" / "django.po"
    assert catalogue_write(translated(), path)
    before = path.read_bytes()
    again = catalogue_merge(catalogue_read(path), [MOON, COUNT], RUSSIAN)
    assert not catalogue_write(again, path)
    assert path.read_bytes() == before


def test_file_bears_neither_dates_nor_line_numbers(tmp_path: Path) -> None:
    path = tmp_path / "django.po"
    catalogue_write(translated(), path)
    text = path.read_text()
    assert "#: events/kinds.py\n" in text
    assert "Date" not in text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    catalogue_write(translated(), RUSSIAN.path(tmp_path))
    return tmp_path


def test_compiling_writes_only_what_is_stale(folder: Path) -> None:
    assert catalogues_compile(folder=folder) == 1
    assert catalogues_compile(folder=folder) == 0
    assert catalogues_compile(folder=folder, force=True) == 1
    later = RUSSIAN.path(folder).stat().st_mtime_ns + 1_000_000
    os.utime(RUSSIAN.path(folder), ns=(later, later))
    assert catalogues_compile(folder=folder) == 1


def test_compiled_file_is_what_gettext_reads(folder: Path) -> None:
    catalogues_compile(folder=folder)
    with RUSSIAN.path(folder).with_suffix(".mo").open("rb") as stream:
        read = gettext.GNUTranslations(stream)
    assert read.gettext("Full Moon") == "Полнолуние"
    counted = [read.ngettext("%(n)d event", "%(n)d events", n) for n in (1, 3, 5)]
    assert counted == ["%(n)d 0", "%(n)d 1", "%(n)d 2"]
    assert sorted(path.suffix for path in RUSSIAN.path(folder).parent.iterdir()) == [".mo", ".po"]


@pytest.mark.parametrize("language", LANGUAGES[1:], ids=lambda language: language.code)
def test_plural_rules_are_those_of_the_installed_django(language: Language) -> None:
    folder = Path(django.__file__).parent / "conf" / "locale"
    with language.path(folder).with_suffix(".mo").open("rb") as stream:
        header = gettext.GNUTranslations(stream).info()
    assert header["plural-forms"] == language.plural_forms
