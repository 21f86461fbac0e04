"""What every HTML page shares: its language, the way to the other nine, its cache headers."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypedDict

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.cache import patch_cache_control

from starscal.core.i18n import language_choose, language_normalize

NATIVE_NAMES = {
    "en": "English",
    "zh-hans": "简体中文",
    "es": "Español",
    "hi": "हिन्दी",
    "pt-br": "Português (Brasil)",
    "de": "Deutsch",
    "fr": "Français",
    "ja": "日本語",
    "ru": "Русский",
    "hy": "Հայերեն",
}
HTML_TAGS = {"zh-hans": "zh-Hans", "pt-br": "pt-BR"}

View = Callable[..., HttpResponse]


class LanguageLink(TypedDict):
    """One entry of the language switch."""

    tag: str
    name: str
    path: str
    current: bool


def html_tag(language: str) -> str:
    """Return the language as HTML writes it (``zh-Hans``)."""
    return HTML_TAGS.get(language, language)


def path_language(path: str) -> str | None:
    """Return the language that the first part of a path names, if it is one of ours."""
    first = path.lstrip("/").partition("/")[0]
    return language_normalize(first) if first else None


def page_language(request: HttpRequest) -> str:
    """Return the language for a page without one in its address: what the reader's browser asks."""
    own = path_language(request.path)
    header = request.headers.get("Accept-Language", "")
    return own or language_choose(header=header)[0]


def language_context(language: str, tail: str = "") -> dict[str, Any]:
    """Return the language of a page and the ways to the others; ``tail`` follows the language."""
    links: list[LanguageLink] = [
        {
            "tag": html_tag(code),
            "name": NATIVE_NAMES[code],
            "path": f"/{code}/{tail}",
            "current": code == language,
        }
        for code, _name in settings.LANGUAGES
    ]
    return {
        "language": language,
        "html_lang": html_tag(language),
        "language_name": NATIVE_NAMES[language],
        "languages": links,
    }


def page_context(request: HttpRequest, language: str, tail: str = "") -> dict[str, Any]:
    """Return what the base template needs, absolute addresses for search engines included."""
    return {
        **language_context(language, tail),
        "origin": f"{request.scheme}://{request.get_host()}",
        "default_path": f"/{settings.LANGUAGE_CODE}/{tail}" if tail else "/",
    }


def localized_page(view: View) -> View:
    """Render a page in the language its address names; other spellings are sent to ours."""

    @wraps(view)
    def localized(request: HttpRequest, language: str, **parts: Any) -> HttpResponse:
        code = language_normalize(language)
        if code is None:
            raise Http404
        if code != language:
            return HttpResponseRedirect(_respelled(request, language, code))
        with translation.override(code):
            response = view(request, language=code, **parts)
        response.headers["Content-Language"] = html_tag(code)
        patch_cache_control(response, private=True, no_cache=True)
        return response

    return localized


def _respelled(request: HttpRequest, language: str, code: str) -> str:
    return request.get_full_path().replace(f"/{language}/", f"/{code}/", 1)
