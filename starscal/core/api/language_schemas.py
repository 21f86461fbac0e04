"""The schemas of languages and their texts in the OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from starscal.core.api.openapi import Schema, schema_of, schema_ref
from starscal.core.catalogues.export import FORMATS, Catalogue, PluralRule
from starscal.core.catalogues.icu import CATEGORIES
from starscal.core.catalogues.scopes import SCOPES
from starscal.core.i18n import LOCALES
from starscal.core.language_facts import LanguageFacts, LanguageList

CATEGORY: Final[Schema] = {"type": "string", "enum": list(CATEGORIES)}
FACT_NOTES: Final[Mapping[str, str | Schema]] = {
    "code": {"enum": list(LOCALES), "description": "What `lang` takes and `lang_used` says."},
    "tag": "The locale whose formats are used, as BCP 47 writes it.",
    "name": "Its name in the language of lang_used.",
    "native_name": "Its name in itself.",
    "dir": {"enum": ["ltr", "rtl"], "description": "Where its lines begin."},
    "first_weekday": {
        "minimum": 1,
        "maximum": 7,
        "description": "The day on which weeks begin, by ISO 8601: 1 is Monday.",
    },
    "hour_cycle": {
        "description": "How the clock is read, as `Intl.Locale` names it: 1 to 12, or 0 to 23.",
    },
    "plural_categories": {
        "items": CATEGORY,
        "description": "The categories of CLDR that numbers fall in.",
    },
    "decimal": "What stands before the fraction of a number.",
    "group": "What stands between the thousands.",
    "default": "True for the language of those who wish for none that we know.",
}
LIST_NOTES: Final[Mapping[str, str | Schema]] = {
    "lang_used": "The language of the names.",
    "fallback": "True where the language or the script that was asked for is not known.",
}
PLURAL_NOTES: Final[Mapping[str, str | Schema]] = {
    "forms": {"minimum": 1, "description": "How many forms a text that counts has."},
    "rule": "Which of them a number takes, as gettext writes it.",
    "categories": {
        "items": {"type": "array", "items": CATEGORY},
        "description": "The categories of CLDR that each form stands for.",
    },
}
CATALOGUE_NOTES: Final[Mapping[str, str | Schema]] = {
    "lang_used": "The language of the texts.",
    "fallback": "True where the language or the script that was asked for is not known, or a text "
    "stands in English.",
    "version": "Changes when a text does.",
    "format": {"enum": list(FORMATS), "description": "How the texts are written."},
    "scopes": {
        "items": {"type": "string", "enum": list(SCOPES)},
        "description": "What the texts are for.",
    },
    "messages": "The texts by their keys; those that count as a list of forms in gettext's format.",
    "untranslated": "The keys of texts that stand in English; left out where there are none.",
}


def schemas_add(result: Schema, **_context: Any) -> Schema:
    """Add the schemas of languages to the document (a hook of spectacular)."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas["LanguageFacts"] = schema_of(LanguageFacts, FACT_NOTES)
    schemas["LanguageList"] = schema_of(LanguageList, LIST_NOTES)
    schemas["PluralRule"] = schema_of(PluralRule, PLURAL_NOTES)
    catalogue = schema_of(Catalogue, CATALOGUE_NOTES)
    catalogue["properties"]["plural"] = schema_ref("PluralRule")
    schemas["LanguageCatalog"] = catalogue
    return result
