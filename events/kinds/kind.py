"""What makes a kind of event: its name, its slug, how much it matters and what is said of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.utils.functional import Promise

from events.facts import Facts, Text
from events.windows import Span

DAY, YEAR, MINUTE = "%Y-%m-%d", "%Y", "%Y-%m-%d-%H%M"
_DATED: Final = re.compile(r"(?P<name>[a-z-]+)-(?P<date>\d{4}(?:-\d\d-\d\d(?:-\d{4})?)?)", re.ASCII)
_LENGTHS: Final[Mapping[str, timedelta]] = {
    YEAR: timedelta(366),
    DAY: timedelta(1),
    MINUTE: timedelta(minutes=1),
}


@dataclass(frozen=True, slots=True)
class Slug:
    """How events of a kind are named in addresses: a name that holds the stem, and a date.

    ``shift`` is the offset from UTC of the zone whose dates are meant.
    """

    stem: str
    name: Text
    date: str = DAY
    shift: timedelta = timedelta(0)

    def __call__(self, facts: Facts) -> str:
        return f"{self.name(facts)}-{facts.at + self.shift:{self.date}}"

    def span(self, slug: str) -> Span | None:
        """Return where to look for the event of a slug, or None if the kind writes no such one."""
        found = _DATED.fullmatch(slug)
        if found is None or f"-{self.stem}-" not in f"-{found['name']}-":
            return None
        try:
            start = datetime.strptime(found["date"], self.date).replace(tzinfo=UTC)
            start -= self.shift
            return Span(start, start + _LENGTHS[self.date])
        except (ValueError, OverflowError):  # no such day, or one past the calendar
            return None


@dataclass(frozen=True, slots=True)
class Significance:
    """How much events of a kind matter, from 1 to 5, and the rule in words.

    5 is what people travel for, 4 what everybody hears of, 3 what is seen without looking for
    it, 2 a step on the way, 1 for the observer's notebook. ``most`` is what the rule never
    exceeds.
    """

    rule: str | Promise
    level: Callable[[Facts], int]
    most: int = 5


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind code with its family.

    ``details`` is the type of its facts. ``about`` says what such an event is and how to watch
    it; it also describes the single event, unless ``told`` has more to say of one.
    """

    code: str
    family: str
    name: str | Promise
    about: str | Promise
    details: type
    slug: Slug
    title: Text
    significance: Significance
    told: Text | None = None

    def description(self, facts: Facts) -> str:
        return self.told(facts) if self.told else str(self.about)


def always(level: int) -> Significance:
    """Return the rule of a kind whose events all matter alike: a number needs no words."""
    return Significance(f"{level}.", lambda _facts: level, level)


def by_type(rule: str | Promise, levels: Mapping[str, int]) -> Significance:
    """Return the rule of a kind whose details name a type."""
    return Significance(rule, lambda facts: levels[facts.details["type"]], max(levels.values()))


def dated(stem: str) -> Slug:
    """Return slugs such as ``moon-full-2026-12-24``."""
    return Slug(stem, lambda _facts: stem)


def with_bodies(stem: str) -> Slug:
    """Return slugs such as ``mars-jupiter-closest-approach-2026-11-16``."""
    return Slug(stem, lambda facts: "-".join([*facts.bodies, stem]))


def with_first_body(stem: str) -> Slug:
    """Return slugs such as ``mars-opposition-2027-02-19``."""
    return Slug(stem, lambda facts: f"{facts.body}-{stem}")
