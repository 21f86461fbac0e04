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
    assert language_negotiate(header) == code


@pytest.mark.parametrize(
    ("asked", "user", "header", "chosen"),
    [
        pytest.param("ja", "ru", "de", ("ja", False), id="asked"),
        pytest.param("xx", "ru", "de", ("en", True), id="asked-unknown"),
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
