"""Take the parts of an update, whatever stands there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from events.chat_text import plain

BIGGEST: Final = 2**63 - 1  # what a column of numbers holds
NAME: Final = re.compile(r"[A-Za-z0-9_]{1,32}")
CODE: Final = re.compile(r"[A-Za-z0-9_-]{1,35}")
ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


def part_of(whole: object, name: str) -> Mapping[str, Any]:
    """Return an object within an object, or an empty one."""
    part = whole.get(name) if isinstance(whole, Mapping) else None
    return part if isinstance(part, Mapping) else {}


def number_of(whole: Mapping[str, Any], name: str) -> int:
    """Return a whole number that a column can hold, or 0."""
    number = whole.get(name)
    if isinstance(number, bool) or not isinstance(number, int):
        return 0
    return number if -BIGGEST <= number <= BIGGEST else 0


def degrees_of(whole: Mapping[str, Any], name: str, most: float) -> float | None:
    """Return an angle between ``-most`` and ``most``, or None."""
    number = whole.get(name)
    if isinstance(number, bool) or not isinstance(number, int | float):
        return None
    return float(number) if -most <= number <= most else None


def words_of(whole: Mapping[str, Any], name: str) -> str:
    """Return a text as it is, or an empty one."""
    text = whole.get(name)
    return text if isinstance(text, str) else ""


def line_of(text: str, longest: int) -> str:
    """Return the beginning of a text as one line without what hides or turns writing."""
    return " ".join(plain(text[: 2 * longest]).split())[:longest]


def matching(pattern: re.Pattern[str], text: str) -> str:
    """Return a text that is wholly as the pattern wants it, or an empty one."""
    return text if pattern.fullmatch(text) else ""
