"""Find the language a reader wants: every spelling of a tag, one normal form."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from django.conf import settings
from django.utils import translation
from django.utils.translation import trans_real

LOCALES = {
    "en": "en-US",
    "zh-hans": "zh-CN",
    "es": "es-ES",
    "hi": "hi-IN",
    "pt-br": "pt-BR",
    "de": "de-DE",
    "fr": "fr-FR",
    "ja": "ja-JP",
    "ru": "ru-RU",
    "hy": "hy-AM",
}
PRIMARY = {code.partition("-")[0]: code for code in LOCALES}


@lru_cache(maxsize=1024)
def language_normalize(tag: str) -> str | None:
    """Return our code for any spelling of a language tag (``PT_br``, ``zh-CN``), or None."""
    wanted = tag.strip().replace("_", "-").lower()[:35]
    if wanted in LOCALES:
        return wanted
    return PRIMARY.get(wanted.partition("-")[0])


def language_negotiate(accept_language: str) -> str | None:
    """Return the best of our languages for an ``Accept-Language`` header, or None."""
    for tag, weight in trans_real.parse_accept_lang_header(accept_language[:500].lower()):
        found = language_normalize(tag) if weight else None
        if found:
            return found
    return None


def language_choose(*, asked: str = "", header: str = "", user: str = "") -> tuple[str, bool]:
    """Return the language to answer in and whether it is a fallback for an unknown wish.

    The order is: asked for explicitly, the user's own, the browser's, English.
    """
    if asked:
        found = language_normalize(asked)
        return (found, False) if found else (settings.LANGUAGE_CODE, True)
    if user and (own := language_normalize(user)):
        return own, False
    return language_negotiate(header) or settings.LANGUAGE_CODE, False


@contextmanager
def language_active(code: str) -> Iterator[None]:
    """Render inside one person's language; a worker has none of its own."""
    with translation.override(code):
        yield


def babel_locale(code: str) -> str:
    """Return CLDR's name of our language, as Babel writes it."""
    return LOCALES[code].replace("-", "_") if code != "zh-hans" else "zh_Hans_CN"


def column(field: str, code: str) -> str:
    """Return the name of a translated field's column for a language."""
    return f"{field}_{code.replace('-', '_')}"
