"""What the script of a language asks of a translation: letters, quotes, spaces, punctuation.

Rules as in rules.py: the English text, the translation, the language's code; a complaint or "".
"""

from __future__ import annotations

import re
import tomllib
from functools import cache

from starscal.core.catalogues.languages import LOCALE_DIR
from starscal.core.catalogues.message import PLACEHOLDER
from starscal.core.quotes import QUOTES

LATIN_WORDS = LOCALE_DIR / "latin_words.toml"
OTHER_SCRIPTS = frozenset({"hi", "hy", "ja", "ru", "zh-hans"})
MARKUP = re.compile(r"</?[a-zA-Z][^>]*>|&#?\w+;|%%")
# A sample of JSON is code: its quotes and words stay.
CODE = re.compile(r"\{\".*?\]?\}|`[^`]*`")
# Words of two letters and more, with what ties API names together: min_resonance, UTF-8, ws/v1.
WORD = re.compile(r"(?<![A-Za-z0-9_])[A-Za-z][A-Za-z0-9_./:-]*[A-Za-z0-9](?![A-Za-z0-9_])")
# Letters of two alphabets in one word look right and are not.
MIXED = re.compile(
    r"[A-Za-z][\u0400-\u04ff\u0531-\u0556\u0561-\u0587\u0904-\u0939]"
    r"|[\u0400-\u04ff\u0531-\u0556\u0561-\u0587\u0904-\u0939][A-Za-z]"
)
DOUBLED_SPACE = re.compile(r"\S[ \u00a0\u202f]{2,}\S")
ANY_QUOTE = re.compile("[\"“”„‚‘’«»‹›「」『』]|(?<=\\w)'(?=\\w)")
UNITS = r"(?:km/s|km|mm|cm|m|min|h|s|ua|MiB|KiB|kB|kg|%%?(?!\())"
LOOSE_UNIT = re.compile(rf"(?:\d|%\(\w+\)[sd]) {UNITS}(?![\w-])")
LOOSE_DEGREE = re.compile(r"(?:\d|%\(\w+\)[sd])\s°(?!C)")
NO_BREAK_BEFORE_UNITS = frozenset({"es", "fr", "pt-br"})
ARMENIAN_COLON = re.compile(r"[\u0531-\u0587)»]:(?=\s|$)")
# The polite words take no capital, but at the start of a sentence.
ARMENIAN_CAPITAL = re.compile(r"[^։\s]\s+(?:Դու[քռ]|Ձե[րզն])")
CJK_HALF_WIDTH = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff][,;:!?]")


def markup_kept(text: str, translation: str, _code: str) -> str:
    """Require the same tags, entities and %%."""
    wanted, found = sorted(MARKUP.findall(text)), sorted(MARKUP.findall(translation))
    return "" if wanted == found else f"markup {found}, not {wanted}"


def script_pure(_text: str, translation: str, code: str) -> str:
    """Refuse Latin words where the language has letters of its own, listed names aside."""
    plain = _plain(translation)
    if mixed := MIXED.search(plain):
        return f"mixes two alphabets in one word: {mixed[0]!r}"
    if code not in OTHER_SCRIPTS:
        return ""
    allowed = latin_words(code)
    strangers = [word for word in WORD.findall(plain) if word not in allowed]
    return f"has Latin words that latin_words.toml does not list: {strangers}" if strangers else ""


def single_spaces(text: str, translation: str, _code: str) -> str:
    """Refuse two spaces in a row, unless the English text has them."""
    if DOUBLED_SPACE.search(translation) and not DOUBLED_SPACE.search(text):
        return "has two spaces in a row"
    return ""


def quotes_of_language(_text: str, translation: str, code: str) -> str:
    """Require the quotation marks and the apostrophe that the language prints."""
    allowed = QUOTES.get(code, "")
    wrong = {mark for mark in ANY_QUOTE.findall(_plain(translation)) if mark not in allowed}
    return f"has the quotes {sorted(wrong)}; {code} has {allowed}" if wrong else ""


def units_spaced(_text: str, translation: str, code: str) -> str:
    """Require a no-break space before a unit and none before °."""
    if code not in NO_BREAK_BEFORE_UNITS:
        return ""
    if LOOSE_UNIT.search(translation):
        return "lacks a no-break space (U+00A0) between number and unit"
    return "has a space before °" if LOOSE_DEGREE.search(translation) else ""


def armenian_stops(_text: str, translation: str, code: str) -> str:
    """Require ։ rather than a colon, and polite words in small letters."""
    if code != "hy":
        return ""
    if ARMENIAN_COLON.search(translation):
        return "has a colon (:) where Armenian has ։ (U+0589) or ՝"
    return "has a polite word with a capital" if ARMENIAN_CAPITAL.search(translation) else ""


def full_width_marks(_text: str, translation: str, code: str) -> str:
    """Require full-width marks after Chinese and Japanese characters."""
    if code in {"ja", "zh-hans"} and (found := CJK_HALF_WIDTH.search(translation)):
        return f"has a half-width mark after a character: {found[0]!r}"
    return ""


TYPOGRAPHY = (
    markup_kept,
    script_pure,
    single_spaces,
    quotes_of_language,
    units_spaced,
    armenian_stops,
    full_width_marks,
)


@cache
def latin_words(code: str) -> frozenset[str]:
    """Return the Latin words that may stand in a text of ``code``: in every language, and in it."""
    listed: dict[str, list[str]] = tomllib.loads(LATIN_WORDS.read_text(encoding="utf-8"))
    return frozenset([*listed.get("every", []), *listed.get(code, [])])


def _plain(translation: str) -> str:
    """Return a text without its placeholders, tags and samples of code."""
    return PLACEHOLDER.sub("\0", MARKUP.sub("\0", CODE.sub("\0", translation)))
