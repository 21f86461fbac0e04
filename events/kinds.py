"""The kinds of event: what each is called, how much it matters, what is said of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from astronomy.finders import FAMILIES as FINDERS
from events.texts import lunar_eclipses, moon_phases, seasons, solar_eclipses
from events.windows import Span

Details = Mapping[str, Any]
Text = Callable[[str, Details], str]

# Significance, 1 to 5: 5 what people travel for, 4 what everybody hears of, 3 what is seen
# without looking for it, 2 a step on the way, 1 for the observer's notebook.
STAFF_KIND = "staff_event"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind code: its family, name, slug, significance and texts."""

    code: str
    family: str
    name: str | Promise
    slug: str
    slug_date: str
    title: Text
    description: Text
    significance: Callable[[Details], int]

    def slug_for(self, occurs_at: datetime) -> str:
        return f"{self.slug}-{occurs_at:{self.slug_date}}"


def _always(level: int) -> Callable[[Details], int]:
    return lambda _details: level


def _by_type(levels: Mapping[str, int]) -> Callable[[Details], int]:
    return lambda details: levels[details["type"]]


def _phase(code: str, name: str | Promise, slug: str, level: int) -> Kind:
    return Kind(
        code, "moon_phases", name, slug, "%Y-%m-%d",
        moon_phases.title, moon_phases.description, _always(level),
    )  # fmt: skip


def _season(code: str, name: str | Promise) -> Kind:
    return Kind(
        code, "seasons", name, code.replace("_", "-"), "%Y",
        seasons.title, seasons.description, _always(4),
    )  # fmt: skip


SOLAR_LEVELS = {"total": 5, "annular": 5, "hybrid": 5, "partial": 4}
LUNAR_LEVELS = {"total": 5, "partial": 4, "penumbral": 3}

KINDS: Mapping[str, Kind] = {
    kind.code: kind
    for kind in (
        _phase("new_moon", _("New Moon"), "moon-new", 3),
        _phase("first_quarter", _("First Quarter Moon"), "moon-first-quarter", 2),
        _phase("full_moon", _("Full Moon"), "moon-full", 3),
        _phase("last_quarter", _("Last Quarter Moon"), "moon-last-quarter", 2),
        _season("march_equinox", _("March equinox")),
        _season("june_solstice", _("June solstice")),
        _season("september_equinox", _("September equinox")),
        _season("december_solstice", _("December solstice")),
        Kind(
            "solar_eclipse", "solar_eclipses", _("Solar eclipse"), "solar-eclipse", "%Y-%m-%d",
            solar_eclipses.title, solar_eclipses.description, _by_type(SOLAR_LEVELS),
        ),
        Kind(
            "lunar_eclipse", "lunar_eclipses", _("Lunar eclipse"), "lunar-eclipse", "%Y-%m-%d",
            lunar_eclipses.title, lunar_eclipses.description, _by_type(LUNAR_LEVELS),
        ),
    )
}  # fmt: skip

BY_SLUG: Mapping[str, Kind] = {kind.slug: kind for kind in KINDS.values()}
SLUG: Final = re.compile(r"(?P<slug>[a-z-]+)-(?P<date>\d{4}(?:-\d\d-\d\d)?)", re.ASCII)
SPANS_OF_SLUGS: Mapping[str, timedelta] = {"%Y": timedelta(366), "%Y-%m-%d": timedelta(1)}


def slug_place(slug: str) -> tuple[Kind, Span] | None:
    """Return the kind that a slug names and a span that holds its date, or None for neither."""
    found = SLUG.fullmatch(slug)
    kind = BY_SLUG.get(found["slug"]) if found else None
    if found is None or kind is None:
        return None
    try:
        start = datetime.strptime(found["date"], kind.slug_date).replace(tzinfo=UTC)
        return kind, Span(start, start + SPANS_OF_SLUGS[kind.slug_date])
    except (ValueError, OverflowError):  # no such day, or one past the calendar
        return None


FAMILIES: Mapping[str, str | Promise] = {
    "moon_phases": _("Moon phases"),
    "seasons": _("Equinoxes and solstices"),
    "solar_eclipses": _("Solar eclipses"),
    "lunar_eclipses": _("Lunar eclipses"),
    "staff": _("Gatherings"),
}
EVENT_TYPES = (*KINDS, STAFF_KIND)
# A family is stored and served when its kinds have words here; the core may find more.
COMPUTED: tuple[str, ...] = tuple(name for name in FINDERS if name in FAMILIES)


def texts_for(kind: str, details: Details) -> dict[str, str]:
    """Return title and description in the active language."""
    spec = KINDS[kind]
    return {"title": spec.title(kind, details), "description": spec.description(kind, details)}
