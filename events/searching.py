"""Search titles: every word in the title of the reader's language, or every word in the English.

Each word asks an index. Those of trigrams serve words of three letters anywhere in a title and
shorter ones where a word begins; Japanese and Chinese, which put no spaces, have an index of single
characters beside them, so that two characters are found wherever they stand.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Final

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, F, Func, Q, TextField, Value

from starscal.core.i18n import column
from starscal.core.plain_text import is_hidden

LEAST: Final = 2
MOST: Final = 100
WORDS_MOST: Final = 8
TRIGRAM: Final = 3
UNSPACED: Final = ("zh-hans", "ja")
LETTERS: Final = ArrayField(TextField())


@dataclass(frozen=True, slots=True)
class TitleSearch:
    """Words to look for, and the language whose titles are searched beside the English ones."""

    words: tuple[str, ...]
    language: str

    def condition(self) -> Q:
        """Return what a row has to meet."""
        languages = dict.fromkeys((self.language, settings.LANGUAGE_CODE))
        return reduce(or_, (self._in_title(language) for language in languages))

    def _in_title(self, language: str) -> Q:
        return reduce(and_, (_has_word(language, word) for word in self.words))


def words_read(text: str) -> tuple[str, ...] | None:
    """Return the words of what was typed, in NFC, or None if they are not fit to be looked for."""
    typed = unicodedata.normalize("NFC", text)
    words = tuple(dict.fromkeys(typed.split()))
    fits = (
        LEAST <= len(text) <= MOST
        and len(words) <= WORDS_MOST
        and sum(map(_letters, words)) >= LEAST
        and not any(map(is_hidden, typed))
    )
    return words if fits else None


def _letters(word: str) -> int:
    """Count letters and digits with their marks, which are what the indexes know."""
    return sum(unicodedata.category(sign)[0] in "LMN" for sign in word)


def _has_word(language: str, word: str) -> Q:
    title = column("title", language)
    if language in UNSPACED and (signs := _unchanging(word)):
        return Q(_holds(title, signs)) & Q(**{f"{title}__contains_any_case": word})
    if _letters(word) >= TRIGRAM:
        return Q(**{f"{title}__contains_any_case": word})
    begins = Q(**{f"{title}__begins_any_case": word})
    return begins | Q(**{f"{title}__contains_any_case": f" {word}"})


def _unchanging(word: str) -> list[str]:
    """Return the letters that are the same in any case, such as Han and Kana."""
    return sorted({s for s in word if s.isalpha() and s.lower() == s.upper()})


def _holds(title: str, signs: list[str]) -> Func:
    return Func(
        characters(title),
        Value(signs, LETTERS),
        arg_joiner=" @> ",
        template="(%(expressions)s::text[])",
        output_field=BooleanField(),
    )


def characters(title: str) -> Func:
    """Return a title as the array of its characters, as the index has it."""
    return Func(F(title), Value(None), function="string_to_array", output_field=LETTERS)
