"""What makes a kind of event: its name, its slug, how much it matters and what is said of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

from events.facts import Facts, Text


@dataclass(frozen=True, slots=True)
class Significance:
    """How much events of a kind matter, from 1 to 5, and the rule in words.

    5 is what people travel for, 4 what everybody hears of, 3 what is seen without looking for
    it, 2 a step on the way, 1 for the observer's notebook.
    """

    rule: str
    level: Callable[[Facts], int]


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
    slug: Text
    title: Text
    significance: Significance
    told: Text | None = None

    def description(self, facts: Facts) -> str:
        return self.told(facts) if self.told else str(self.about)


def always(level: int) -> Significance:
    return Significance(f"{level}.", lambda _facts: level)


def by_type(levels: Mapping[str, int]) -> Significance:
    """Return the rule of a kind whose details name a type."""
    rule = "; ".join(f"{level} if {name}" for name, level in levels.items())
    return Significance(f"{rule}.", lambda facts: levels[facts.details["type"]])


def dated(stem: str) -> Text:
    """Return slugs such as ``moon-full-2026-12-24``."""
    return lambda facts: f"{stem}-{facts.at:%Y-%m-%d}"


def with_bodies(stem: str) -> Text:
    """Return slugs such as ``mars-jupiter-conjunction-2026-11-16``."""
    return lambda facts: "-".join([*facts.bodies, stem, f"{facts.at:%Y-%m-%d}"])


def with_first_body(stem: str) -> Text:
    """Return slugs such as ``mars-opposition-2027-02-19``."""
    return lambda facts: f"{facts.body}-{stem}-{facts.at:%Y-%m-%d}"
