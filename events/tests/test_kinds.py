from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import get_type_hints

import pytest

from astronomy import provider
from astronomy.finders.family import FamilyDefinition
from astronomy.occurrence import Occurrence
from events.details import detail_notes
from events.facts import Facts
from events.filters import EventFilter, most_significance
from events.kinds import (
    COMPUTED,
    COMPUTED_KINDS,
    EVENT_FAMILIES,
    FAMILIES,
    KINDS,
    served,
    texts_for,
)
from events.onthefly import unstored
from events.rendering import facts_of

YEAR = datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@pytest.fixture(scope="module")
def year() -> list[Occurrence]:
    return provider.occurrences_between(start=YEAR[0], end=YEAR[1], families=tuple(COMPUTED))


def family(name: str, *kinds: str) -> FamilyDefinition:
    return FamilyDefinition(
        name, kinds, (), f"{name}/1", text="", frame="", scale="", source="",
        finder=lambda _sky, _start, _end: [],
    )  # fmt: skip


def test_a_finder_without_words_is_not_served() -> None:
    found = {
        "seasons": family("seasons", "march_equinox"),
        "comets": family("comets", "comet_perihelion"),
        "moon_phases": family("moon_phases", "full_moon", "crescent"),
        "stations": family("stations", "full_moon"),
    }
    assert list(served(found, KINDS)) == ["seasons"]


def test_what_cannot_be_told_does_not_break_an_answer(year: list[Occurrence]) -> None:
    assert unstored([replace(year[0], kind="comet_perihelion")]) == []


def test_a_filter_computes_served_families_alone() -> None:
    assert EventFilter().computed_families == tuple(COMPUTED)
    assert EventFilter(families=("comets", "seasons")).computed_families == ("seasons",)
    assert EventFilter(kinds=("full_moon",)).computed_families == ("moon_phases",)


def test_every_served_family_has_a_name() -> None:
    assert set(EVENT_FAMILIES) <= set(FAMILIES)


@pytest.mark.parametrize("code", COMPUTED_KINDS)
def test_every_field_of_a_kind_is_explained(code: str) -> None:
    details = KINDS[code].details
    assert set(get_type_hints(details)) <= set(detail_notes(details))


def test_every_event_of_a_year_has_words_a_slug_and_a_significance(
    year: list[Occurrence],
) -> None:
    for occurrence in year:
        facts = Facts.of(occurrence)
        words = texts_for(facts)
        assert words["title"]
        assert words["description"].endswith(".")
        assert "%" not in words["title"]
        assert len(words["title"]) <= 200
        assert 1 <= facts_of(occurrence)["significance"] <= 5


def test_slugs_tell_the_events_of_a_year_apart(year: list[Occurrence]) -> None:
    slugs = Counter(KINDS[o.kind].slug(Facts.of(o)) for o in year)
    assert [slug for slug, count in slugs.items() if count > 1] == []
    assert [slug for slug in slugs if not SLUG.fullmatch(slug) or len(slug) > 120] == []


def test_what_can_never_matter_enough_is_not_computed(year: list[Occurrence]) -> None:
    families = EventFilter(min_significance=3).computed_families
    assert "aspects" not in families
    levels = {
        o.family: KINDS[o.kind].significance.level(Facts.of(o))
        for o in sorted(year, key=lambda o: KINDS[o.kind].significance.level(Facts.of(o)))
    }
    assert {family for family, level in levels.items() if level >= 3} <= set(families)
    assert all(level <= most_significance(family) for family, level in levels.items())
