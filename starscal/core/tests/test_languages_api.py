"""What front ends are told of languages, and the texts that they load."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from babel import Locale
from django.test import Client
from django.utils.translation import ngettext, override, pgettext

from starscal.core.catalogues.export import catalogue_content
from starscal.core.catalogues.icu import forms_by_category, icu_plural, icu_text, plural_rule
from starscal.core.catalogues.scopes import SCOPES, scopes_of, texts_scoped
from starscal.core.formats import locale_of
from starscal.core.i18n import LOCALES, babel_locale

pytestmark = pytest.mark.django_db
LANGUAGES = "/api/v1/i18n/languages"
CATALOG = "/api/v1/i18n/catalog"
METEORS = "At best %(count)d meteor an hour can be seen, with the radiant overhead in a dark sky."


def get(path: str, **headers: str) -> Any:
    return Client().get(path, headers=headers)


def catalogue(code: str, query: str = "") -> Any:
    answer = get(f"{CATALOG}/{code}{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_the_languages_are_named_in_the_readers_and_in_their_own() -> None:
    body = get(f"{LANGUAGES}?lang=fr").json()
    assert (body["lang_used"], body["fallback"]) == ("fr", False)
    assert [told["code"] for told in body["languages"]] == list(LOCALES)
    russian = next(told for told in body["languages"] if told["code"] == "ru")
    assert russian == {
        "code": "ru", "tag": "ru-RU", "name": "Russe", "native_name": "Русский", "dir": "ltr",
        "first_weekday": 1, "hour_cycle": "h23",
        "plural_categories": ["one", "few", "many", "other"],
        "decimal": ",", "group": "\xa0", "default": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("code", "first_weekday", "hour_cycle", "decimal"),
    # The supplemental data of CLDR: weekData, timeData; numbers of each locale.
    [("en", 7, "h12", "."), ("de", 1, "h23", ","), ("hi", 7, "h12", "."), ("ja", 7, "h23", "."),
     ("pt-br", 7, "h23", ","), ("hy", 1, "h23", ","), ("es", 1, "h23", ","), ("fr", 1, "h23", ",")],
)  # fmt: skip
def test_culture_is_that_of_cldr(
    code: str, first_weekday: int, hour_cycle: str, decimal: str
) -> None:
    told = {told["code"]: told for told in get(LANGUAGES).json()["languages"]}[code]
    assert (told["first_weekday"], told["hour_cycle"], told["decimal"]) == (
        first_weekday, hour_cycle, decimal,
    )  # fmt: skip
    assert [told["code"] for told in get(LANGUAGES).json()["languages"] if told["default"]] == [
        "en"
    ]


@pytest.mark.parametrize("code", LOCALES)
def test_every_language_is_whole(code: str) -> None:
    body = catalogue(code)
    assert (body["lang_used"], body["fallback"], "untranslated" in body) == (code, False, False)
    assert body["scopes"] == list(SCOPES)
    assert len(body["messages"]) == len(texts_scoped()) > 500
    assert all(body["messages"].values())


@pytest.mark.parametrize("code", LOCALES)
def test_the_texts_are_those_that_the_service_says(code: str) -> None:
    messages = catalogue(code)["messages"]
    rule = plural_rule(code)
    with override(code):
        for number in (0, 1, 2, 5, 21, 101, 1_000_000):
            said = ngettext(METEORS, METEORS.replace("meteor ", "meteors "), number)
            assert messages[METEORS][rule(number)] == said
        named = [text for text in texts_scoped() if text.context][:50]
        assert named
        for text in named:
            assert messages[text.key] == pgettext(text.context, text.text)


@pytest.mark.parametrize(
    ("spelled", "code", "fallback"),
    [("PT_br", "pt-br", False), ("rus", "ru", False), ("zh-CN", "zh-hans", False),
     ("zh-TW", "zh-hans", True), ("tlh", "en", True), ("%00", "en", True), ("..", "en", True)],
)  # fmt: skip
def test_every_spelling_names_a_catalogue(spelled: str, code: str, fallback: bool) -> None:
    answer = get(f"{CATALOG}/{spelled}")
    body = answer.json()
    assert (body["lang_used"], body["fallback"]) == (code, fallback)
    assert answer["Content-Language"] == code


def test_scopes_choose_texts() -> None:
    kinds = catalogue("de", "?scope=kinds")
    assert kinds["messages"]["Full Moon"] == "Vollmond"
    assert kinds["scopes"] == ["kinds"]
    both = catalogue("de", "?scope=errors&scope=kinds,kinds")
    assert set(kinds["messages"]) < set(both["messages"]) < set(catalogue("de")["messages"])
    assert both["scopes"] == ["kinds", "errors"]
    assert scopes_of(["accounts/admin.py", "starscal/core/backup/journal.py"]) == frozenset()


@pytest.mark.parametrize(
    ("query", "told"),
    [("format=po", "gettext, icu"), ("format=", "gettext, icu"), ("scope=admin", ", ".join(SCOPES)),
     ("scope=", ", ".join(SCOPES)), ("format=icu,gettext", ""), ("format=icu&format=icu", ""),
     ("formt=icu", "format, scope, lang")],
)  # fmt: skip
def test_what_is_not_known_is_told_with_what_is(query: str, told: str) -> None:
    answer = get(f"{CATALOG}/de?{query}")
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert told in error["detail"]


def test_a_catalogue_is_kept_by_everybody() -> None:
    first = get(f"{CATALOG}/hi", **{"Accept-Encoding": "gzip"})
    assert first["Cache-Control"].startswith("public, max-age=3600")
    assert first["Content-Encoding"] == "gzip"
    assert len(first.content) < len(gzip.decompress(first.content)) / 3
    again = get(f"{CATALOG}/hi", **{"Accept-Encoding": "gzip", "If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert not first["ETag"].startswith("W/")
    assert "Authorization" not in first["Vary"]


def test_the_version_is_that_of_the_texts() -> None:
    plain, other = catalogue("de"), catalogue("ru")
    assert plain["version"] == catalogue("de")["version"] != other["version"]
    chosen: dict[str, Any] = {"code": "de", "style": "gettext", "scopes": frozenset()}
    one = catalogue_content(fallback=False, **chosen)
    assert one is catalogue_content(fallback=False, **chosen)
    assert json.loads(one.plain()) == plain


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("%(name)s rises.", "{name} rises."),
        ("%(left)d of %(all)05.2f", "{left} of {all}"),
        ("100%% of it", "100% of it"),
        ("50% of it", "50% of it"),
        ("l'éclipse d'%(name)s", "l''éclipse d''{name}"),
        ('such as {"events": 1}', "such as '{'\"events\": 1'}'"),
        ("at most {limit_value} #1", "at most {limit_value} #1"),
    ],
)
def test_texts_are_written_for_icu(text: str, written: str) -> None:
    assert icu_text(text) == written


@pytest.mark.parametrize(
    ("code", "forms", "written"),
    [
        ("de", ["%(n)d Tag", "%(n)d Tage"], "{n, plural, one {{n} Tag} other {{n} Tage}}"),
        ("ja", ["%(n)d日"], "{n, plural, other {{n}日}}"),
        (
            "ru",
            ["%(n)d день", "%(n)d дня", "%(n)d дней", "%(n)d дня"],
            "{n, plural, one {{n} день} few {{n} дня} many {{n} дней} other {{n} дня}}",
        ),
        (
            "hi",  # gettext gives none the form of many, CLDR that of one
            ["%(n)d दिन", "%(n)d दिनों"],
            "{n, plural, =0 {{n} दिनों} one {{n} दिन} other {{n} दिनों}}",
        ),
        (
            "fr",
            ["%(n)d jour d'été", "%(n)d de jours", "%(n)d jours #"],
            "{n, plural, one {{n} jour d''été} many {{n} de jours} other {{n} jours '#'}}",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) == 2 else None,
)
def test_plurals_are_written_for_icu(code: str, forms: list[str], written: str) -> None:
    assert icu_plural(forms, code) == written


@pytest.mark.parametrize("code", LOCALES)
def test_categories_and_forms_agree_on_every_number(code: str) -> None:
    by_category, rule = forms_by_category(code), plural_rule(code)
    for number in (*range(3, 1_200), 1_000_000, 2_000_000):
        assert by_category[locale_of(code).plural_form(number)] == rule(number), number
    told = catalogue(code, "?scope=kinds")["plural"]
    assert sorted(name for names in told["categories"] for name in names) == sorted(by_category)
    assert len(told["categories"]) == told["forms"]
    assert set(Locale.parse(babel_locale(code)).plural_form.tags) <= set(by_category)


@pytest.mark.parametrize("code", LOCALES)
def test_icu_leaves_nothing_of_gettext(code: str) -> None:
    messages = catalogue(code, "?format=icu")["messages"]
    assert all(isinstance(text, str) and "%(" not in text for text in messages.values())
    assert messages[METEORS].startswith("{count, plural, ")
