from __future__ import annotations

import pytest
from babel import Locale
from django.conf import settings
from django.utils.translation import get_language

from starscal.core.i18n import (
    LOCALES,
    babel_locale,
    column,
    language_active,
    language_choose,
    language_negotiate,
    language_normalize,
    language_resolve,
)


def test_the_ten_languages_are_those_of_the_settings() -> None:
    assert [code for code, _name in settings.LANGUAGES] == list(LOCALES)


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("en", "en"),
        ("EN-us", "en"),
        ("zh", "zh-hans"),
        ("zh-CN", "zh-hans"),
        ("zh_Hans", "zh-hans"),
        ("zh-hans-cn", "zh-hans"),
        ("pt", "pt-br"),
        ("PT_br", "pt-br"),
        ("pt-PT", "pt-br"),
        (" hy-AM ", "hy"),
        ("ja-JP", "ja"),
        ("ru_RU", "ru"),
        ("fr-CA", "fr"),
        ("de-CH", "de"),
        ("es-419", "es"),
        ("hi-Deva-IN", "hi"),
        ("ru.UTF-8", "ru"),
        ("pt_BR.UTF-8", "pt-br"),
        ("de@euro", "de"),
        ("de_DE.ISO-8859-15@euro", "de"),
        ("zh_TW.Big5", "zh-hans"),
        ("pt\u2013BR", "pt-br"),
        ("fr\u2011CA", "fr"),
        ("es\uff0d419", "es"),
        ("zh\u2212CN", "zh-hans"),
        ("eng", "en"),
        ("zho", "zh-hans"),
        ("chi", "zh-hans"),
        ("cmn", "zh-hans"),
        ("cmn-Hans-CN", "zh-hans"),
        ("spa", "es"),
        ("hin", "hi"),
        ("por", "pt-br"),
        ("POR-br", "pt-br"),
        ("deu", "de"),
        ("ger", "de"),
        ("fra", "fr"),
        ("fre", "fr"),
        ("jpn", "ja"),
        ("rus_RU.KOI8-R", "ru"),
        ("hye", "hy"),
        ("arm", "hy"),
        ("C", None),
        ("POSIX", None),
        (".UTF-8", None),
        ("@euro", None),
        ("tlh", None),
        ("ruses", None),
        ("", None),
        ("xx", None),
        ("english", None),
        ("-en", None),
        ("e" * 10_000, None),
        ("\0", None),
    ],
)
def test_every_spelling_of_a_tag_is_known(tag: str, code: str | None) -> None:
    assert language_normalize(tag) == code


@pytest.mark.parametrize(
    ("tag", "exact"),
    [
        ("zh", True),
        ("zh-CN", True),
        ("zh-SG", True),
        ("zh-Hans-TW", True),
        ("zh-TW", False),
        ("zh_TW.UTF-8", False),
        ("zh-HK", False),
        ("zh-MO", False),
        ("zh-Hant", False),
        ("zh-hant-CN", False),
        ("cmn-Hant-TW", False),
        ("zho_HK", False),
        ("pt-PT", True),
        ("en-GB", True),
        ("es-MX", True),
        ("hi-Latn", False),
        ("hi-Deva-IN", True),
        ("ru-Cyrl", True),
        ("ru-Latn", False),
        ("de-1996", True),
        ("sl-rozaj", None),
    ],
)
def test_another_script_is_not_what_was_asked_for(tag: str, exact: bool | None) -> None:
    found = language_resolve(tag)
    assert (found.exact if found else None) is exact


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("pt-PT,pt;q=0.9,en;q=0.8", "pt-br"),
        ("xx,ja;q=0.5,de;q=0.7", "de"),
        ("ru;q=0,hy", "hy"),
        ("*", None),
        ("", None),
        ("xx-YY", None),
        ("\0;;,q=", None),
        ("x," * 10_000, None),
    ],
)
def test_the_best_of_the_browser_is_found(header: str, code: str | None) -> None:
    found = language_negotiate(header)
    assert (found.code if found else None) == code


@pytest.mark.parametrize(
    ("header", "exact"),
    [("zh-TW", False), ("zh-TW,zh;q=0.9,en;q=0.8", True), ("zh-HK,en;q=0.5", False)],
)
def test_a_browser_that_reads_both_scripts_gets_what_it_reads(header: str, exact: bool) -> None:
    assert language_negotiate(header) == ("zh-hans", exact)


@pytest.mark.parametrize(
    ("asked", "user", "header", "chosen"),
    [
        pytest.param("ja", "ru", "de", ("ja", False), id="asked"),
        pytest.param("xx", "ru", "de", ("en", True), id="asked-unknown"),
        pytest.param("zh-TW", "ru", "de", ("zh-hans", True), id="asked-in-another-script"),
        pytest.param("", "", "zh-TW", ("zh-hans", True), id="browser-in-another-script"),
        pytest.param("", "ru", "de", ("ru", False), id="user"),
        pytest.param("", "xx", "de", ("de", False), id="user-unknown"),
        pytest.param("", "", "de", ("de", False), id="browser"),
        pytest.param("", "", "xx", ("en", False), id="nothing-known"),
    ],
)
def test_the_wish_goes_before_the_user_before_the_browser(
    asked: str, user: str, header: str, chosen: tuple[str, bool]
) -> None:
    assert language_choose(asked=asked, user=user, header=header) == chosen


def test_a_language_is_active_in_its_block_alone() -> None:
    before = get_language()
    with language_active("hy"):
        assert get_language() == "hy"
    assert get_language() == before


@pytest.mark.parametrize("code", LOCALES)
def test_cldr_knows_every_language(code: str) -> None:
    assert Locale.parse(babel_locale(code)).language == code.partition("-")[0]


def test_columns_are_named_as_modeltranslation_names_them() -> None:
    assert [column("title", code) for code in ("en", "zh-hans", "pt-br")] == [
        "title_en",
        "title_zh_hans",
        "title_pt_br",
    ]
