"""A pseudo-language: English in brackets, accented and longer, to see what bypasses gettext.

`pseudo_text("Save %(name)s")` reads `⟦Ŝåṽé %(name)s·····⟧`. What a page shows outside the brackets
was not translated, and what the longer words break would break in German.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil

from django.conf import settings
from django.utils import translation
from django.utils.translation import trans_real

from starscal.core.catalogues.languages import SOURCE_LANGUAGE
from starscal.core.catalogues.message import PLACEHOLDER
from starscal.core.catalogues.typography import MARKUP

OPEN, CLOSE, FILLER = "⟦", "⟧", "·"
GROWTH = 0.35
CONTEXT_MARK = "\x04"
ACCENTED = str.maketrans(
    "aceghijklnoprstuvwyzACEGHIJKLNOPRSTUVWYZ",
    "åçéĝĥîĵķļñöþŕšťûṽŵýžÅÇÉĜĤÎĴĶĻÑÖÞŔŠŤÛṼŴÝŽ",
)
KEPT = re.compile(f"{PLACEHOLDER.pattern}|{MARKUP.pattern}")


def pseudo_text(text: str) -> str:
    """Return a text accented, a third longer and in brackets, its placeholders and tags kept."""
    core = text.strip()
    if not core:
        return text
    before, _, after = text.partition(core)
    return f"{before}{OPEN}{_accented(core)}{FILLER * _growth(core)}{CLOSE}{after}"


def _accented(text: str) -> str:
    pieces, last = [], 0
    for kept in KEPT.finditer(text):
        pieces += [text[last : kept.start()].translate(ACCENTED), kept[0]]
        last = kept.end()
    return "".join([*pieces, text[last:].translate(ACCENTED)])


def _growth(text: str) -> int:
    """Return how many letters to add, the brackets counted, to what a reader sees of a text."""
    return max(0, ceil(len(KEPT.sub("", text)) * GROWTH) - len(OPEN + CLOSE))


class PseudoTranslation(trans_real.DjangoTranslation):
    """The source language, each text of it turned into pseudo-text."""

    def gettext(self, message: str) -> str:
        return pseudo_text(message.rpartition(CONTEXT_MARK)[2])

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


@contextmanager
def pseudo_language() -> Iterator[None]:
    """Let the source language read as pseudo-text; whoever caches its words clears them after."""
    # There is no public door to the words of one language.
    translations = vars(trans_real)["_translations"]
    translation.gettext("English")  # the words of last resort are the real ones
    for code, _name in settings.LANGUAGES:  # one first read below would keep its pseudo-text
        trans_real.translation(code)
    real = trans_real.translation(SOURCE_LANGUAGE)
    # What was active comes back last: it may be the source language, which is real again by then.
    with translation.override(None):
        translations[SOURCE_LANGUAGE] = PseudoTranslation(SOURCE_LANGUAGE)
        try:
            translation.activate(SOURCE_LANGUAGE)
            yield
        finally:
            translations[SOURCE_LANGUAGE] = real


def outside_brackets(texts: Iterator[str]) -> Iterator[str]:
    """Yield what stands outside all brackets in texts that follow each other, text by text."""
    depth = 0
    for text in texts:
        outside = []
        for letter in text:
            if letter == OPEN:
                depth += 1
            elif letter == CLOSE:
                depth = max(0, depth - 1)
            elif not depth:
                outside.append(letter)
        left = "".join(outside).strip()
        if any(letter.isalpha() for letter in left):
            yield left
