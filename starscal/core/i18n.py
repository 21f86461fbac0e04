"""Find the language a reader wants: every spelling of a tag, one normal form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Final, NamedTuple

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
# ISO 639-2 and 639-3, with both codes of those languages that have a bibliographic one (ger, deu).
THREE_LETTERS: Final[Mapping[str, str]] = {
    "eng": "en",
    **dict.fromkeys(("zho", "chi", "cmn"), "zh"),
    "spa": "es",
    "hin": "hi",
    "por": "pt",
    **dict.fromkeys(("deu", "ger"), "de"),
    **dict.fromkeys(("fra", "fre"), "fr"),
    "jpn": "ja",
    "rus": "ru",
    **dict.fromkeys(("hye", "arm"), "hy"),
}
# The script that each language is written in here (ISO 15924); Chinese of Taiwan, Hong Kong and
# Macau is in the other one unless the tag says more.
SCRIPTS: Final[Mapping[str, frozenset[str]]] = {
    **dict.fromkeys(("en", "es", "pt-br", "de", "fr"), frozenset({"latn"})),
    "zh-hans": frozenset({"hans", "hani"}),
    "hi": frozenset({"deva"}),
    "ja": frozenset({"jpan"}),
    "ru": frozenset({"cyrl"}),
    "hy": frozenset({"armn"}),
}
TRADITIONAL: Final = frozenset({"tw", "hk", "mo"})
# What people, spreadsheets and POSIX put for the hyphen: every dash of Unicode, the low line.
DASHES: Final = dict.fromkeys(
    map(ord, "_\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\uff0d"), "-"
)
LONGEST_TAG: Final = 35  # of what RFC 5646 has a program keep


class Choice(NamedTuple):
    """One of our languages for a tag; not ``exact`` where it stands in for another writing."""

    code: str
    exact: bool


def language_resolve(tag: str) -> Choice | None:
    """Return our language for any spelling of a tag, or None for a language that we do not have.

    ``PT_br``, ``zh–CN``, ``de_DE.UTF-8@euro`` and ``rus`` are understood. A region does not matter:
    every Portuguese gets the Brazilian one. A script does: who asks for traditional Chinese gets
    the simplified one, which is not what was asked for.
    """
    return _resolved(tag.strip()[:LONGEST_TAG])


@lru_cache(maxsize=1024)
def _resolved(tag: str) -> Choice | None:
    spelled = tag.translate(DASHES).lower()
    parts = spelled.partition("@")[0].partition(".")[0].split("-")
    code = PRIMARY.get(THREE_LETTERS.get(parts[0], parts[0]))
    if code is None:
        return None
    return Choice(code, _is_written_so(code, parts[1:]))


def _is_written_so(code: str, parts: Sequence[str]) -> bool:
    """Say whether script and region of a tag, if it names any, are those of our texts."""
    script = next((part for part in parts if len(part) == 4 and part.isalpha()), "")
    if script:
        return script in SCRIPTS[code]
    return code != "zh-hans" or TRADITIONAL.isdisjoint(parts)


def language_normalize(tag: str) -> str | None:
    """Return our code for any spelling of a language tag (``PT_br``, ``zh-CN``), or None."""
    found = language_resolve(tag)
    return found.code if found else None


def language_negotiate(accept_language: str) -> Choice | None:
    """Return the best of our languages for an ``Accept-Language`` header, or None.

    It is exact as soon as any spelling of it in the header is: ``zh-TW, zh`` takes both.
    """
    accepted = [
        found
        for tag, weight in trans_real.parse_accept_lang_header(accept_language[:500].lower())
        if weight and (found := language_resolve(tag))
    ]
    if not accepted:
        return None
    best = accepted[0].code
    return Choice(best, Choice(best, exact=True) in accepted)


def language_choose(*, asked: str = "", header: str = "", user: str = "") -> tuple[str, bool]:
    """Return the language to answer in and whether it is a fallback for a wish that we lack.

    The order is: asked for explicitly, the user's own, the browser's, English. A browser of whose
    languages we have none wished for nothing in particular.
    """
    if asked:
        found = language_resolve(asked)
        return (found.code, not found.exact) if found else (settings.LANGUAGE_CODE, True)
    found = (language_resolve(user) if user else None) or language_negotiate(header)
    return (found.code, not found.exact) if found else (settings.LANGUAGE_CODE, False)


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
