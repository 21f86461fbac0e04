"""Usernames: one spelling that all look-alikes share, and what a name may be made of."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LENGTHS: Final = (2, 50)
ROOM_AFTER: Final = 10  # of a proposal, for a number that makes it the only one
# Alphabets that are written together (UTS 39, "highly restrictive"); all others stay alone.
COMPANIES: Final = (
    frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "CJK", "HANGUL"}),
    frozenset({"LATIN", "CJK", "BOPOMOFO"}),
)
JOINERS: Final = frozenset("._-")
MARKS_IN_A_ROW: Final = 2
RESERVED: Final = frozenset(
    {
        "abuse", "account", "admin", "administrator", "anonymous", "api", "auditor", "billing",
        "bot", "contact", "curator", "everyone", "help", "hostmaster", "info", "mail", "me",
        "moderator", "news", "noreply", "nobody", "null", "official", "operator", "owner",
        "postmaster", "publisher", "root", "security", "service", "staff", "starscal",
        "starscalendar", "starscalendars", "superuser", "support", "system", "team", "telegram",
        "translator", "undefined", "webmaster", "www",
    }
)  # fmt: skip
# Signs of other alphabets and digits that pass for a Latin letter, for reserved names alone.
_POSING: Final = str.maketrans(
    {
        "а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "у": "y", "х": "x", "і": "i", "ј": "j",
        "ѕ": "s", "ԁ": "d", "м": "m", "т": "t", "к": "k", "в": "b", "н": "h", "ο": "o", "α": "a",
        "ν": "v", "ρ": "p", "τ": "t", "ι": "i", "κ": "k", "υ": "u", "օ": "o", "ս": "u", "ո": "n",
        "հ": "h", "ց": "g", "ա": "w", "ı": "i", "0": "o", "1": "i", "3": "e", "4": "a", "5": "s",
        "7": "t",
    }
)  # fmt: skip
_WORD: Final = re.compile(r"[A-Z]+")
_STRANGERS: Final = {"KATAKANA-HIRAGANA": "KATAKANA", "IDEOGRAPHIC": "CJK"}


def username_fold(username: str) -> str:
    """Return the NFKC, case-folded form that must be unique."""
    folded = unicodedata.normalize("NFKC", username).casefold()
    return unicodedata.normalize("NFKC", folded)


def username_clean(username: str) -> str:
    """Return the name as it is kept (NFKC), or refuse it for all that is wrong with it.

    Letters and digits of one alphabet, with ``.``, ``_`` or ``-`` between them. Everything that is
    invisible, turns the direction of writing or controls a terminal is no letter.

    Raises: ValidationError.
    """
    name = unicodedata.normalize("NFKC", username)
    username_check(name)
    if is_reserved(name):
        raise ValidationError(_("This name is reserved. Choose another one."))
    return name


def username_check(name: str) -> None:
    """Refuse a name (in NFKC) that is too short or long, or not of one alphabet.

    Raises: ValidationError.
    """
    least, most = LENGTHS
    if not least <= len(name) <= most:
        limits = {"least": least, "most": most}
        raise ValidationError(_("A name has %(least)d to %(most)d characters.") % limits)
    if not all(map(_is_allowed, name)) or not _is_well_formed(name):
        raise ValidationError(
            _(
                "A name is made of letters and digits; between them may stand a dot, an underscore "
                "or a hyphen."
            )
        )
    if not _are_together(scripts_of(name)):
        raise ValidationError(_("The letters of a name must be of one alphabet."))


def usernames_like(texts: Iterable[str]) -> Iterator[str]:
    """Yield names that may be had, made of texts that were written for something else.

    Of each text what is no letter or digit goes, and joins what stands beside it.
    """
    most = LENGTHS[1] - ROOM_AFTER
    for text in texts:
        kept = "".join(
            sign if _is_allowed(sign) else "_" for sign in unicodedata.normalize("NFKC", text)
        )
        name = re.sub(r"[._-]+", "_", kept)[:most].strip("_")
        try:
            yield username_clean(name)
        except ValidationError:
            continue


def is_reserved(name: str) -> bool:
    """Say whether a name is, or poses as, one that only the service may use."""
    folded = username_fold(name)
    bare = "".join(sign for sign in folded if sign not in JOINERS)
    return bool({bare, bare.translate(_POSING)} & RESERVED)


def scripts_of(name: str) -> frozenset[str]:
    """Return the alphabets of the letters, marks and digits, as Unicode names them."""
    return frozenset(script for sign in name if (script := _script(sign)))


def _script(sign: str) -> str:
    """Return the first word of the sign's Unicode name, which is its alphabet; digits have none."""
    if sign in JOINERS or (sign.isascii() and sign.isdigit()):
        return ""
    name = unicodedata.name(sign, "")
    if name.startswith("COMBINING "):
        return ""
    for beginning, script in _STRANGERS.items():
        if name.startswith(beginning):
            return script
    found = _WORD.match(name)
    return found[0] if found else "UNKNOWN"


def _is_allowed(sign: str) -> bool:
    if sign in JOINERS:
        return True
    kind = unicodedata.category(sign)
    # Modifier letters (Lm) are apostrophes and the like, but for those that Japanese needs.
    return kind in {"Lu", "Ll", "Lt", "Lo", "Mn", "Mc", "Nd"} or sign in "々ー"


def _is_well_formed(name: str) -> bool:
    """Say whether it begins and ends with a letter or digit and piles up neither marks nor dots."""
    kinds = "".join(
        "j" if sign in JOINERS else "m" if unicodedata.category(sign)[0] == "M" else "l"
        for sign in name
    )
    return (
        kinds[0] == "l"
        and kinds[-1] != "j"
        and not re.search(r"jj|jm", kinds)
        and "m" * (MARKS_IN_A_ROW + 1) not in kinds
    )


def _are_together(scripts: frozenset[str]) -> bool:
    return len(scripts) <= 1 or any(scripts <= company for company in COMPANIES)
