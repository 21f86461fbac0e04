"""Look at a page as its reader does: what sticks out, is a box, is in another language."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from typing import Final, TypeAlias, TypedDict

from babel.dates import get_period_names
from django.conf import settings
from playwright.sync_api import Page

from starscal.core.formats import locale_of

# How much wider than the window the page is, and what sticks out of it.
_WIDE: Final = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.body.querySelectorAll("*")]
    .filter((element) => element.getBoundingClientRect().right > width + 1)
    .map((found) => `${found.tagName}.${found.className} ${found.textContent.trim().slice(0, 60)}`);
}"""
# What has to be moved aside to be read, and buttons that are narrower than their words.
_CUT: Final = """() => {
  const isHidden = (element) => getComputedStyle(element).overflowX === "hidden";
  const words = (found) => found.textContent.trim().slice(0, 60);
  const told = (found) => `${found.tagName}.${found.className} ${words(found)}`;
  return [...document.body.querySelectorAll("*")].filter((element) => {
    if (element.scrollWidth <= element.clientWidth + 1 || !element.clientWidth) return false;
    const moved = ["auto", "scroll"].includes(getComputedStyle(element).overflowX);
    return moved || (!isHidden(element) && element.matches("button, .button, [type=submit]"));
  }).map(told);
}"""
# Signs that are drawn as what no font has: beside two code points that stand for nothing.
_BOXES: Final = r"""() => {
  const NOTHING = ["\u{10ffff}", "\u0378"];
  const canvas = new OffscreenCanvas(64, 64);
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  const drawn = (sign, font) => {
    brush.clearRect(0, 0, 64, 64);
    brush.font = font;
    brush.fillText(sign, 12, 44);
    return brush.getImageData(0, 0, 64, 64).data.join();
  };
  const known = new Map(), boxes = new Map(), found = new Set();
  const isBox = (sign, font) => {
    if (!boxes.has(font)) boxes.set(font, NOTHING.map((none) => drawn(none, font)));
    const key = sign + font;
    if (!known.has(key)) known.set(key, boxes.get(font).includes(drawn(sign, font)));
    return known.get(key);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement.closest("script, style, template")) continue;
    const style = getComputedStyle(node.parentElement);
    const font = `${style.fontStyle} ${style.fontWeight} 32px ${style.fontFamily}`;
    for (const sign of new Set(node.data)) {
      if (!/[\s\p{C}]/u.test(sign) || /\p{Cn}/u.test(sign)) if (isBox(sign, font)) found.add(sign);
    }
  }
  return [...found];
}"""
# Every text that somebody sees or hears, with the language that it is said to be in.
_TEXTS: Final = """() => {
  const QUOTING = ".desk-notes";  // remarks on the words of any language
  const SILENT = `script, style, template, code, pre, textarea, [hidden], .hidden, ${QUOTING}`;
  const found = [];
  const add = (element, text) => {
    const lang = element.closest("[lang]")?.lang ?? "";
    if (text?.trim()) found.push({ lang, text: text.trim().replace(/\\s+/g, " ") });
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.parentElement.closest(SILENT)) {
      add(node.parentElement, node.data);
    }
  }
  for (const name of ["aria-label", "alt", "title", "placeholder"]) {
    for (const element of document.body.querySelectorAll(`[${name}]`)) {
      if (!element.closest("template, [hidden]")) add(element, element.getAttribute(name));
    }
  }
  add(document.documentElement, document.title);
  return found;
}"""
_SCRIPTS: Final = {
    "zh-hans": {"CJK"}, "ja": {"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "IDEOGRAPHIC"},
    "hi": {"DEVANAGARI"}, "ru": {"CYRILLIC"}, "hy": {"ARMENIAN"},
}  # fmt: skip
# Names and signs that every language writes in Latin letters.
LATIN: Final = frozenset(
    {
        "StarsCalendars", "UTC", "GMT", "API", "JPL", "NASA", "DE", "Skyfield", "Park", "et", "al",
        "ICS", "JSON", "LDAP", "ZHR", "J", "Control", "Command", "Mac", "ID",
        "Single", "Sign", "On", "JPEG", "PNG", "WebP",
        "km", "au", "AU", "P", "U", "Δ", "T", "d", "h", "s", "min",
    }
)  # fmt: skip
# A word, cut where letters of another script follow without a space.
_WORD: Final = re.compile(r"[A-Za-z\u00c0-\u024f]+|[^\W\d_A-Za-z\u00c0-\u024f]+")
_ADDRESS: Final = re.compile(r"https?://\S+")
_PLACE: Final = re.compile(r"%\\\(\w+\\\)[sd]")  # a placeholder in an escaped text


RUN: Final = 4  # words in a row that no two languages share
Run: TypeAlias = tuple[str, ...]


class Text(TypedDict):
    """A text of a page and the language that it is in by the page's own account."""

    lang: str
    text: str


def sticking_out(page: Page) -> list[str]:
    """Return what makes the page wider than its window."""
    found: list[str] = page.evaluate(_WIDE)
    return found


def cut_off(page: Page) -> list[str]:
    """Return what has to be scrolled sideways, and buttons that are too narrow for their words."""
    found: list[str] = page.evaluate(_CUT)
    return found


def boxes(page: Page) -> list[str]:
    """Return the signs that no font of the browser has."""
    found: list[str] = page.evaluate(_BOXES)
    return found


def texts(page: Page) -> list[str]:
    """Return the texts that the page says are in its own language."""
    own = page.locator("html").get_attribute("lang")
    found: list[Text] = page.evaluate(_TEXTS)
    return [text["text"] for text in found if text["lang"] == own]


def foreign(shown: Iterable[str], language: str, english: Collection[str]) -> list[str]:
    """Return texts in letters of another script, and those that stand as in English.

    Four words in a row of ``english`` are English, too: a sentence may hold a name or a number.
    """
    runs = frozenset().union(*(_runs(_words(text, language)) for text in english))
    return sorted({text for text in shown if _is_foreign(text, language, english, runs)})


def _is_foreign(text: str, language: str, english: Collection[str], runs: frozenset[Run]) -> bool:
    words = _words(text, language)
    own = _SCRIPTS.get(language, {"LATIN"})
    if any(script not in own for word in words for script in _scripts(word)):
        return True
    if language == "en" or not words or _is_shared(text, language):
        return False
    return text in english or not runs.isdisjoint(_runs(words))


def _words(text: str, language: str) -> list[str]:
    text = _ADDRESS.sub(" ", text)
    return [word for word in _WORD.findall(text) if word not in LATIN | _of_dates(language)]


def _runs(words: Sequence[str]) -> frozenset[Run]:
    return frozenset(zip(*(words[at:] for at in range(RUN)), strict=False))


def _is_shared(text: str, language: str) -> bool:
    return _shared(language).fullmatch(text) is not None


@cache
def _of_dates(language: str) -> frozenset[str]:
    """Return the names of months, and of the halves of a day, as CLDR has them."""
    locale = locale_of(language)
    months = locale.months["stand-alone"]["wide"].values()
    halves = get_period_names("abbreviated", "format", locale)
    return frozenset({*months, halves["am"], halves["pm"]})


@cache
def _shared(language: str) -> re.Pattern[str]:
    """Return what reads the same in English and in a language, by the list of the catalogues."""
    listed = tomllib.loads((settings.BASE_DIR / "locale" / "same_as_english.toml").read_text())
    texts = [*listed["every"], *listed.get(language, ())]
    return re.compile("|".join(_PLACE.sub(".+", re.escape(text)) for text in texts))


def _scripts(word: str) -> Iterator[str]:
    """Yield the scripts of a word's letters by their names in Unicode.

    Greek letters name stars in every language.
    """
    for letter in word:
        if unicodedata.category(letter) in {"Lu", "Ll", "Lt", "Lo"} and letter not in "µªº":
            script = unicodedata.name(letter).split()[0]
            if script != "GREEK":
                yield script
