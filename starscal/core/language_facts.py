"""What front ends need to know of a language before they show a word of it, by CLDR."""

from __future__ import annotations

from functools import cache
from typing import Final, TypedDict

from babel.numbers import get_decimal_symbol, get_group_symbol
from django.conf import settings

from starscal.core.catalogues.icu import plural_categories
from starscal.core.culture import HourCycle, culture_of
from starscal.core.formats import locale_of
from starscal.core.i18n import LOCALES
from starscal.core.pages import NATIVE_NAMES


class LanguageFacts(TypedDict):
    """One language of the service; its name in the language of ``lang_used``."""

    code: str
    tag: str
    name: str
    native_name: str
    dir: str
    first_weekday: int
    hour_cycle: HourCycle
    plural_categories: list[str]
    decimal: str
    group: str
    default: bool


class LanguageList(TypedDict):
    """The languages of the service, in their fixed order."""

    languages: list[LanguageFacts]
    lang_used: str
    fallback: bool


NAMES: Final = dict(settings.LANGUAGES)


def languages_told(*, language: str, fallback: bool) -> LanguageList:
    """Return all languages, named in the active one, which is ``language``."""
    facts = [_facts(code).copy() for code in LOCALES]
    for fact in facts:
        fact["name"] = str(NAMES[fact["code"]])
    return {"languages": facts, "lang_used": language, "fallback": fallback}


@cache
def _facts(code: str) -> LanguageFacts:
    locale = locale_of(code)
    culture = culture_of(code)
    return {
        "code": code,
        "tag": LOCALES[code],
        "name": "",
        "native_name": NATIVE_NAMES[code],
        "dir": "rtl" if locale.text_direction == "rtl" else "ltr",
        "first_weekday": culture.first_weekday,
        "hour_cycle": culture.hour_cycle,
        "plural_categories": plural_categories(code),
        "decimal": get_decimal_symbol(locale),
        "group": get_group_symbol(locale),
        "default": code == settings.LANGUAGE_CODE,
    }
