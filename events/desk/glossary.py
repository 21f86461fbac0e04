"""The page of the glossary: terms in English and in one language, searched without a script."""

from __future__ import annotations

from itertools import groupby
from typing import Any, Final, cast

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from events.desk.glossary_titles import TITLES
from events.desk.pages import page_path
from events.models import Event
from events.rights import languages_of
from starscal.core.catalogues.glossary_lookup import glossary_lookup, glossary_notes
from starscal.core.i18n import language_normalize
from starscal.core.pages import NATIVE_NAMES, html_tag

SOURCE: Final = "en"
TARGETS: Final = {code: name for code, name in NATIVE_NAMES.items() if code != SOURCE}
WORDS_MOST: Final = 100  # letters of what is searched for


def glossary_urls(model_admin: ModelAdmin[Event]) -> list[URLPattern]:
    return [page_path(model_admin, "desk/glossary/", "desk_glossary", "glossary.html", _glossary)]


def _glossary(request: HttpRequest) -> dict[str, Any]:
    language, words = _language(request), request.GET.get("q", "").strip()[:WORDS_MOST]
    found = glossary_lookup(language=language, words=words)
    return {
        "title": _("Glossary"),
        "languages": TARGETS.items(),
        "language": language,
        "language_name": NATIVE_NAMES[language],
        "language_tag": html_tag(language),
        "words": words,
        "count": len(found),
        "sections": [
            (TITLES.get(title, title), list(rows))
            for title, rows in groupby(found, lambda entry: entry.section)
        ],
        "notes": glossary_notes(language=language),
    }


def _language(request: HttpRequest) -> str:
    """Return the language that is asked for, the reader's own, or the first that they write."""
    asked = (request.GET.get("language", ""), get_language() or "")
    wishes = [*map(language_normalize, asked), *languages_of(cast("User", request.user)), *TARGETS]
    return next(code for code in wishes if code in TARGETS)
