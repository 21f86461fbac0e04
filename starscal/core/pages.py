"""What every HTML page shares: its language, the way to the other nine, its cache headers."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, NotRequired, TypedDict

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.cache import patch_cache_control

from starscal.core.i18n import language_normalize

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


class Page(TypedDict):
    """What the base template needs; without an origin it offers no absolute addresses."""

    language: str
    html_lang: str
    language_name: str
    languages: list[LanguageLink]
    origin: NotRequired[str]
    default_path: NotRequired[str]


def html_tag(language: str) -> str:
    """Return the language as HTML writes it (``zh-Hans``)."""
    return HTML_TAGS.get(language, language)


def language_page(language: str, tail: str = "") -> Page:
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


def public_page(request: HttpRequest, language: str, tail: str = "") -> Page:
    """Return what the base template needs of a page that search engines may find."""
    page = language_page(language, tail)
    page["origin"] = f"{request.scheme}://{request.get_host()}"
    page["default_path"] = f"/{settings.LANGUAGE_CODE}/{tail}" if tail else "/"
    return page


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
