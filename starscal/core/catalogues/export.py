"""Our texts in one language for front ends, as the catalogues that Django has loaded say them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, NotRequired, TypedDict

import orjson
from django.utils.translation import trans_real

from starscal.core.api.content import Beginning, Content
from starscal.core.catalogues.icu import (
    forms_by_category,
    icu_plural,
    icu_text,
)
from starscal.core.catalogues.languages import LANGUAGES, PLURAL_FORMS, SOURCE_LANGUAGE
from starscal.core.catalogues.scopes import SCOPES, Text, texts_scoped

FORMATS: Final = ("gettext", "icu")
KEPT: Final = 48  # catalogues as bytes, some 100 KB each
FORMS: Final = {language.code: language.forms for language in LANGUAGES}


class PluralRule(TypedDict):
    """How the language counts: gettext's rule, and the category of CLDR of each of its forms."""

    forms: int
    rule: str
    categories: list[list[str]]


class Catalogue(TypedDict):
    """Texts in one language, by their English."""

    lang_used: str
    fallback: bool
    version: str
    format: str
    scopes: list[str]
    plural: PluralRule
    messages: dict[str, str | list[str]]
    untranslated: NotRequired[list[str]]


@lru_cache(maxsize=KEPT)
def catalogue_content(*, code: str, fallback: bool, style: str, scopes: frozenset[str]) -> Content:
    """Return the document of a catalogue, made once a process.

    ``fallback`` says that the language stands in for one that was asked for and is not known.
    """
    texts = [text for text in texts_scoped() if text.scopes & (scopes or frozenset(SCOPES))]
    translation: Any = trans_real.translation(code)  # the stubs do not know what it holds
    loaded = translation._catalog  # noqa: SLF001 - it has no other list
    missing = [text.key for text in texts if code != SOURCE_LANGUAGE and _own(text, loaded) is None]
    messages = {text.key: _written(text, loaded, code, style) for text in texts}
    document: Catalogue = {
        "lang_used": code,
        "fallback": fallback or bool(missing),
        "version": _version(messages),
        "format": style,
        "scopes": [scope for scope in SCOPES if scope in scopes or not scopes],
        "plural": plural_of(code),
        "messages": messages,
    }
    if missing:
        document["untranslated"] = missing
    return Content(Beginning(orjson.dumps(document), code))


def plural_of(code: str) -> PluralRule:
    """Return how a language counts."""
    by_category = forms_by_category(code)
    categories = [
        [name for name, form in by_category.items() if form == number]
        for number in range(FORMS[code])
    ]
    return {"forms": FORMS[code], "rule": PLURAL_FORMS[code], "categories": categories}


def _own(text: Text, loaded: Any) -> str | None:
    """Return the text in the language itself, its first form of a plural; None if it lacks."""
    found: str | None = loaded.get((text.key, 0) if text.plural else text.key)
    return found or None


def _written(text: Text, loaded: Any, code: str, style: str) -> str | list[str]:
    """Return the text or its forms: in the language, else in English, which is its key."""
    is_own = _own(text, loaded) is not None
    if not text.plural:
        plain = loaded.get(text.key) if is_own else text.text
        return icu_text(plain) if style == "icu" else plain
    forms, spoken = [text.text, text.plural], SOURCE_LANGUAGE
    if is_own:
        forms, spoken = [loaded.get((text.key, n)) or "" for n in range(FORMS[code])], code
    return icu_plural(forms, spoken) if style == "icu" else forms


def _version(messages: Mapping[str, Any]) -> str:
    return hashlib.sha256(orjson.dumps(messages)).hexdigest()[:16]
