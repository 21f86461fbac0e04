"""Mean motions that count: they name events, they place nothing in time."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from astronomy.timescales import Floats, Ints

Locate: TypeAlias = Callable[[re.Match[str]], float]


@dataclass(frozen=True, slots=True)
class MeanCount:
    """A count of mean periods: number ``base`` belongs to the passage at ``anchor_days``.

    Days are of TT since J2000.0. ``phase`` is the fraction of the period at which an event
    happens; the number of an event is the nearest integer, so that an event may stray from its
    mean by almost half a period.
    """

    anchor_days: float
    period_d: float
    base: int

    def numbers(self, days: Floats, phase: float | Floats = 0.0) -> Ints:
        """Return the number of each instant."""
        since = (days - self.anchor_days) / self.period_d - phase
        return self.base + np.rint(since).astype(np.int64)

    def days(self, number: int, phase: float = 0.0) -> float:
        """Return the mean instant of a number."""
        return self.anchor_days + (number - self.base + phase) * self.period_d


@dataclass(frozen=True, slots=True)
class KeyRule:
    """How a key leads back to its event: near ``locate`` of the match, within ``reach_d``."""

    family: str
    pattern: re.Pattern[str]
    locate: Locate
    reach_d: float


def key_rule(family: str, pattern: str, locate: Locate, reach_d: float) -> KeyRule:
    """Return the rule of the keys that are ``family`` with hyphens, followed by ``pattern``."""
    text = f"{family.replace('_', '-')}-{pattern}"
    return KeyRule(family, re.compile(text, re.ASCII), locate, reach_d)
