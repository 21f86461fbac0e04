"""Compare two texts word by word, in scripts with spaces between words and without."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from itertools import groupby
from typing import Final, Literal, NamedTuple

Kind = Literal["same", "gone", "new"]

UNSPACED: Final = frozenset({"ja", "zh-hans"})  # languages that write words without spaces between
# Han with its iteration mark, Kana, and their rarer planes: each sign a step of its own.
SIGN: Final = re.compile(
    "[々〆〇\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)
JOINERS: Final = frozenset("\u200c\u200d")  # inside words of Devanagari
STEPS_MOST: Final = 4_000  # longer texts are not compared: the work grows with the square


class Part(NamedTuple):
    """A stretch of text that both have, that is gone, or that is new."""

    kind: Kind
    text: str


def words_compared(old: str, new: str, *, language: str) -> list[Part]:
    """Return how ``old`` became ``new``, in order; what is gone stands before what is new.

    The parts that are not new make up ``old``, those that are not gone make up ``new``.
    """
    if old == new:
        return [Part("same", old)] if old else []
    before, after = _steps(old, language), _steps(new, language)
    if max(len(before), len(after)) > STEPS_MOST:
        return _replaced(old, new)
    return list(_told(_stretches(before, after)))


class _Stretch(NamedTuple):
    """A stretch of both texts; equal, or one in place of the other."""

    is_same: bool
    old: str
    new: str


def _stretches(before: list[str], after: list[str]) -> Iterator[_Stretch]:
    changes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for place, (tag, start, end, other_start, other_end) in enumerate(changes):
        old, new = "".join(before[start:end]), "".join(after[other_start:other_end])
        # Space between two changed words is no pause in the change.
        is_gap = 0 < place < len(changes) - 1 and old.isspace()
        yield _Stretch(tag == "equal" and not is_gap, old, new)


def _told(stretches: Iterable[_Stretch]) -> Iterator[Part]:
    for is_same, group in groupby(stretches, lambda stretch: stretch.is_same):
        run = list(group)
        old, new = "".join(part.old for part in run), "".join(part.new for part in run)
        yield from [Part("same", old)] if is_same else _replaced(old, new)


def _replaced(old: str, new: str) -> list[Part]:
    return [part for part in (Part("gone", old), Part("new", new)) if part.text]


def _steps(text: str, language: str) -> list[str]:
    """Cut a text into what is compared: words, runs of space, signs."""
    steps: list[str] = []
    for sort, signs in groupby(text, lambda sign: _sort(sign, language)):
        run = "".join(signs)
        if sort in ("word", "space"):
            steps.append(run)
        else:
            steps += list(run)
    return steps


def _sort(sign: str, language: str) -> str:
    if sign.isspace():
        return "space"
    if language in UNSPACED and SIGN.match(sign):
        return "sign"
    is_word = sign in JOINERS or unicodedata.category(sign)[0] in "LMN"
    return "word" if is_word else "mark"
