"""Read a position on the Earth as people write one, and write one as they read it."""

from __future__ import annotations

import math
import re
import unicodedata
from functools import cache
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from events.texts.places import latitude_text, longitude_text
from starscal.core.i18n import DASHES, language_active

LONGEST: Final = 80
DECIMALS: Final = 2  # about a kilometre: enough for the sky, and no house
LATITUDE_MOST: Final = 90.0
LONGITUDE_MOST: Final = 180.0
SIGNS: Final = {
    **DASHES,
    **dict.fromkeys(map(ord, "º˚"), "°"),
    **dict.fromkeys(map(ord, "′’‘`"), "'"),
    **dict.fromkeys(map(ord, "″”“"), '"'),
    ord("、"): ",",
}
# An angle: degrees, perhaps with minutes and seconds, and a letter on one of its two sides.
_ANGLE: Final = (
    r"(?P<before%(n)s>[NSEW])?\s*"
    r"(?P<deg%(n)s>[+-]?\d{1,3}(?:[.,]\d{1,17})?(?:E-\d\d)?)\s*"
    r"(?:°\s*(?:(?P<min%(n)s>\d{1,2}(?:[.,]\d{1,9})?)\s*'\s*"
    r"(?:(?P<sec%(n)s>\d{1,2}(?:[.,]\d{1,9})?)\s*(?:\"|'')\s*)?)?)?"
    r"(?P<after%(n)s>(?(before%(n)s)(?!)|[NSEW]))?"
)
_BETWEEN: Final = r"(?:\s*[,;/]\s*|(?<=[NSEW\s])|(?=[NSEW]))"
_PAIR: Final = re.compile(_ANGLE % {"n": 1} + _BETWEEN + _ANGLE % {"n": 2}, re.ASCII)


class NoSuchPlaceError(ValueError):
    """A position that is written well and that the Earth does not have."""


def position_read(text: str) -> tuple[float, float] | None:
    """Return latitude and longitude in degrees, rounded; None for what is written otherwise.

    ``48.2 16.4``, ``48,2; 16,4``, ``48°12′N 16°22′E`` and what ``position_text`` writes in the
    active language are read. Without letters the latitude comes first.
    Raises: NoSuchPlaceError beyond the limits.
    """
    found = _PAIR.fullmatch(_plain(text)) if len(text) <= LONGEST else None
    if found is None:
        return None
    letters = [found[f"before{n}"] or found[f"after{n}"] or "" for n in (1, 2)]
    angles = [_degrees(found, n) for n in (1, 2)]
    if letters[0] in {"E", "W"}:
        letters, angles = letters[::-1], angles[::-1]
    if "".join(letters) not in {"", "NE", "NW", "SE", "SW"}:
        return None
    return _within(_signed(letters[0], angles[0]), _signed(letters[1], angles[1]))


def position_rounded(latitude_deg: float, longitude_deg: float) -> tuple[float, float]:
    """Return a position as it is kept."""
    # Adding nothing makes a plain zero of one with a sign.
    return round(latitude_deg, DECIMALS) + 0.0, round(longitude_deg, DECIMALS) + 0.0


def position_text(latitude_deg: float, longitude_deg: float) -> str:
    """Write a position, as in “48.21° N, 16.37° E”."""
    return _("%(latitude)s, %(longitude)s") % {
        "latitude": latitude_text(latitude_deg, DECIMALS),
        "longitude": longitude_text(longitude_deg, DECIMALS),
    }


def _plain(text: str) -> str:
    """Return a text with one kind of signs, digits 0 to 9, and N, S, E, W for directions."""
    written = unicodedata.normalize("NFKC", text.translate(SIGNS)).casefold().strip()
    written = written.removeprefix("geo:")
    for word, letter in _directions(get_language() or "en"):
        written = re.sub(word, letter, written)
    digits = (str(unicodedata.decimal(sign, sign)) for sign in written)
    return "".join(digits)


@cache
def _directions(language: str) -> tuple[tuple[str, str], ...]:
    """Return patterns of the directions of a language and of English, and the letter of each."""
    with language_active(language):
        told = {
            "N": latitude_text(1.0, 0),
            "S": latitude_text(-1.0, 0),
            "E": longitude_text(1.0, 0),
            "W": longitude_text(-1.0, 0),
        }
    words = {letter.lower(): letter for letter in told}
    for letter, text in told.items():
        word = re.sub(r"[\d°.\s]", "", text).casefold()
        words |= dict.fromkeys({word, word[0]} if word.isascii() else {word}, letter)
    return tuple((_loosely(word), words[word]) for word in sorted(words, key=len, reverse=True))


def _loosely(word: str) -> str:
    """Return a pattern of a word whose parts may be abbreviated and stand apart."""
    return r"\.?\s*".join(map(re.escape, word)) + r"\.?"


def _degrees(found: re.Match[str], n: int) -> float:
    degrees, minutes, seconds = (
        float((found[f"{part}{n}"] or "0").replace(",", ".")) for part in ("deg", "min", "sec")
    )
    if max(minutes, seconds) >= 60.0:
        raise NoSuchPlaceError
    return math.copysign(abs(degrees) + minutes / 60.0 + seconds / 3600.0, degrees)


def _signed(letter: str, angle: float) -> float:
    if letter and math.copysign(1.0, angle) < 0.0:
        raise NoSuchPlaceError
    return -angle if letter in {"S", "W"} else angle


def _within(latitude_deg: float, longitude_deg: float) -> tuple[float, float]:
    if abs(latitude_deg) > LATITUDE_MOST or abs(longitude_deg) > LONGITUDE_MOST:
        raise NoSuchPlaceError
    return position_rounded(latitude_deg, longitude_deg)
