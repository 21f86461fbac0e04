"""What a translation must share with its English text: one function a rule.

Each takes the English text, the translation and the language's code, and returns a complaint or
an empty string.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from functools import cache

from starscal.core.catalogues.languages import LOCALE_DIR
from starscal.core.catalogues.message import PLACEHOLDER, placeholders
from starscal.core.catalogues.typography import TYPOGRAPHY

Rule = Callable[[str, str, str], str]

SAME_AS_ENGLISH = LOCALE_DIR / "same_as_english.toml"
FIXED_COUNTS = LOCALE_DIR / "fixed_counts.toml"
# A number that a text counts with: "%(n)d events", "%(most)s new items".
COUNTED = re.compile(
    r"%\((?:\w+\)d|(?:n|count|number|total|most|least|seconds|limit)\)s) (?:[a-z]+ )?[a-z]{2,}s\b"
)
# How each script writes the mark that ends an English text.
ENDS: Mapping[str, str] = {
    ".": ".。।։:",
    "?": "?？",
    "!": "!！",
    ":": ":：՝",
    "…": "…",
    ";": ";；",
    ",": ",，、՝",
}
STOPS = frozenset(".。।։")
ABBREVIATED = re.compile(r"\b\w{1,5}\.$")
INITIALS = re.compile(r"\b\w\.\w\.$")
# Armenian sets its question and exclamation marks inside the word; the sentence ends in a stop.
ARMENIAN_ENDS: Mapping[str, str] = {"?": "։?", "!": "։!"}
FRENCH_SPACE = re.compile(r"[^\u202f\s;:!?(\x22][;:!?](?=\s|$)|[ \u00a0][;:!?»]|«[ \u00a0]")


def placeholders_kept(text: str, translation: str, _code: str) -> str:
    """Require the same placeholders."""
    wanted, found = placeholders(text), placeholders(translation)
    if wanted == found:
        return ""
    return f"placeholders {sorted(found)}, not {sorted(wanted)}"


def spaces_kept(text: str, translation: str, _code: str) -> str:
    """Require the same white space at both ends."""
    if _ends(text) == _ends(translation):
        return ""
    return "white space at the start or end differs"


def end_mark_kept(text: str, translation: str, code: str) -> str:
    """Require the mark that ends the English text, as the language's script writes it."""
    mark, last = text.strip()[-1:], translation.strip()[-1:]
    allowed = "" if INITIALS.search(text) else ENDS.get(mark, "")
    if code == "hy":
        allowed = ARMENIAN_ENDS.get(mark, allowed)
    if allowed:
        return "" if last in allowed else f"ends in {last!r}, the English text in {mark!r}"
    if mark.isalnum() and last in STOPS and not ABBREVIATED.search(translation.strip()):
        return f"ends in {last!r}, the English text without a stop"
    return ""


def translated_indeed(text: str, translation: str, code: str) -> str:
    """Refuse the English text itself, names aside."""
    has_words = re.search(r"[A-Za-z]{2}", PLACEHOLDER.sub("", text))
    if translation != text or not has_words or text in same_as_english(code):
        return ""
    return "is the English text"


def french_spacing_kept(_text: str, translation: str, code: str) -> str:
    """Require the narrow no-break space that French sets before ; : ! ? and inside « »."""
    if code == "fr" and FRENCH_SPACE.search(translation):
        return "lacks a narrow no-break space (U+202F) before ; : ! ? or inside « »"
    return ""


RULES: tuple[Rule, ...] = (
    placeholders_kept,
    spaces_kept,
    end_mark_kept,
    translated_indeed,
    french_spacing_kept,
    *TYPOGRAPHY,
)


def count_without_plural(text: str, plural: str) -> str:
    """Refuse an English text that counts without plural forms, listed limits aside."""
    if plural or not COUNTED.search(text) or text in fixed_counts():
        return ""
    return "counts without plural forms; use ngettext, or list a fixed limit in fixed_counts.toml"


@cache
def fixed_counts() -> frozenset[str]:
    """Return the texts whose number is a limit that the code sets, never one."""
    return frozenset(tomllib.loads(FIXED_COUNTS.read_text(encoding="utf-8"))["limits"])


@cache
def same_as_english(code: str) -> frozenset[str]:
    """Return the texts that rightly stand in English: in every language, and in this one."""
    listed: dict[str, list[str]] = tomllib.loads(SAME_AS_ENGLISH.read_text(encoding="utf-8"))
    return frozenset([*listed.get("every", []), *listed.get(code, [])])


def _ends(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
