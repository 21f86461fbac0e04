"""Searching titles and signs: what is found, in which languages, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings

from astronomy.finders.ingresses import SIGNS
from events.models import Event
from events.searching import words_read
from events.services.generation import event_generate
from events.tests.api_support import EVENTS, ask, get, keys
from events.windows import Span
from events.zodiac import signs_of

pytestmark = pytest.mark.django_db
LANGUAGES = [code for code, _name in settings.LANGUAGES]
YEAR: dict[str, Any] = {"start": "2026-01-01", "end": "2027-01-01", "limit": 200}
SPAN = Span(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
FAMILIES = ("moon_phases", "seasons", "solar_eclipses", "lunar_eclipses", "ingresses", "stations")


@pytest.fixture
def stored(db: None) -> None:
    event_generate(span=SPAN, families=FAMILIES)


def found(q: str, lang: str = "en", **more: Any) -> list[str]:
    """Return the slugs, by all pages."""
    return [row["slug"] for row in ask(q=q, lang=lang, **{**YEAR, **more})["results"]]


def by_hand(words: list[str], lang: str) -> list[str]:
    rows = Event.objects.order_by("occurs_at", "pk")
    return [
        event.slug
        for event in rows
        if any(
            all(word.casefold() in event.text("title", code).casefold() for word in words)
            for code in (lang, "en")
        )
    ][:200]


@pytest.mark.parametrize(
    ("q", "lang"),
    [
        ("eclipse", "en"), ("ECLIPSE", "de"), ("finsternis", "de"), ("затмение", "ru"),
        ("ЗАТМЕНИЕ", "ru"), ("皆既", "ja"), ("満月", "ja"), ("满月", "zh-hans"), ("月 食", "ja"),
        ("ग्रहण", "hi"), ("խավարում", "hy"), ("éclipse", "fr"), ("eclipse total", "es"),
        ("moon full", "en"), ("lua cheia", "pt-br"), ("Leo mars", "en"), ("full moon", "ja"),
    ],
)  # fmt: skip
def test_titles_are_found_in_the_language_and_in_english(stored: None, q: str, lang: str) -> None:
    slugs = found(q, lang)
    assert slugs == by_hand(q.split(), lang) != []


def test_two_letters_are_found_where_a_word_begins(stored: None) -> None:
    assert set(found("le")) == set(by_hand(["leo"], "en"))
    assert found("oo") == []
    assert set(found("fu moon")) == set(by_hand(["full"], "en"))


def test_signs_of_patterns_are_letters_like_others(stored: None) -> None:
    Event.objects.filter(slug="moon-full-2026-06-29").update(title_en="100% of_the\\Moon lit")
    for q in ("100%", "of_the", "the\\moon"):
        assert found(q) == ["moon-full-2026-06-29"], q
    assert found("%%moon") == []
    assert found("m__n") == []


def test_a_search_composes_with_filters_and_pages(stored: None) -> None:
    whole = found("moon", family="moon_phases", sign="leo")
    assert whole
    first = ask(q="moon", family="moon_phases", sign="leo", **{**YEAR, "limit": 1})
    second = get(first["next"].partition("testserver")[2]).json()
    assert [row["slug"] for row in (*first["results"], *second["results"])] == whole[:2]
    other = first["next"].replace("q=moon", "q=sun")
    assert get(other.partition("testserver")[2]).json()["code"] == "cursor.invalid"


def test_what_is_not_stored_is_not_searched_and_coverage_says_so(stored: None) -> None:
    body = ask(q="moon", start="2026-06-01", end="2030-01-01", family="moon_phases")
    assert body["coverage"]["stored"] == [["2026-06-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z"]]
    assert body["coverage"]["computed"] == []
    assert all(row["stored"] for row in body["results"])
    late = ask(q="moon", start="2028-01-01", end="2029-01-01", family="moon_phases")
    assert (late["results"], late["coverage"]["stored"]) == ([], [])


def test_hidden_events_are_not_found(stored: None) -> None:
    Event.objects.filter(slug="moon-full-2026-06-29").update(status="hidden")
    assert "moon-full-2026-06-29" not in found("full moon")


REFUSED = [
    "", " ", "a", "月", "  a  ", "%", "%%%%", "--", "🌕🌕", "a" * 101, "a b c d e f g h i",
    "ab\u202ecd", "ab\rcd\u0007", "''", "\u0301", "…", "। ॥",
]  # fmt: skip


@pytest.mark.parametrize("q", REFUSED, ids=ascii)
@pytest.mark.parametrize("path", [EVENTS, f"{EVENTS}.ics"])
def test_what_cannot_be_searched_for_is_refused(path: str, q: str) -> None:
    answer = get(path, q=q)
    told = answer.json()
    assert (answer.status_code, told["code"]) == (400, "parameter.invalid")
    assert told["errors"][0]["parameter"] == "q"
    assert "2 to 100 characters" in told["errors"][0]["detail"]


@pytest.mark.parametrize(
    "q",
    ["' OR 1=1 --", "\\\\ab", "ab%' ESCAPE", "$1 %s %(x)s", "{ab}", "e\u0301clipse", "ａｂ", "01"],
)
def test_hostile_words_find_nothing_and_break_nothing(stored: None, q: str) -> None:
    assert get(q=q, **YEAR).status_code == 200


def test_words_are_in_nfc_and_each_once() -> None:
    assert words_read("e\u0301clipse  Moon Moon") == ("éclipse", "Moon")


def test_a_sign_is_that_of_the_facts(stored: None) -> None:
    rows = ask(sign="leo", family=",".join(FAMILIES), **YEAR)["results"]
    facts = {event.slug: event.astronomical_data for event in Event.objects.all()}
    every = {slug for slug, details in facts.items() if "leo" in signs_of(details)}
    assert {row["slug"] for row in rows} == every
    assert {"ingress", "full_moon", "new_moon"} <= {row["event_type"] for row in rows}


def test_a_body_that_moves_backwards_enters_the_sign_before() -> None:
    border = {"sign": "aries", "longitude_deg": 30.0, "retrograde": True}
    assert signs_of(border) == {"aries"}
    assert signs_of({"longitude_deg": 30.0}) == {"taurus"}
    assert signs_of({"longitude_deg": 360.0}) == {"aries"}
    assert signs_of({"longitudes_deg": [10.0, 130.0]}) == {"aries", "leo"}
    assert signs_of({"greatest_lon_deg": 10.0, "solar_longitude_deg": 3.0}) == set()


@pytest.mark.parametrize(
    "details",
    [
        {"sign": "cancer", "longitude_deg": 120.0, "retrograde": True},
        {"longitude_deg": 120.0}, {"longitude_deg": 119.99999}, {"longitude_deg": 360.0},
        {"longitudes_deg": [150.0, 10.0]}, {"longitudes_deg": [100.0, 160.0]},
        {"moon_longitude_deg": 149.99999}, {"sun_longitude_deg": 0}, {"sun_longitude_deg": 270},
        {"planet_longitude_deg": 125.5}, {"moon_longitude_deg": None}, {"longitude_deg": "leo"},
        {"greatest_lon_deg": 125.0}, {},
    ],
    ids=str,
)  # fmt: skip
def test_the_database_knows_the_signs_as_we_do(stored: None, details: dict[str, Any]) -> None:
    slug = "moon-full-2026-06-29"
    Event.objects.filter(slug=slug).update(astronomical_data=details)
    numbers = not any(isinstance(value, str) for value in details.values()) or "sign" in details
    expected = signs_of(details) if numbers and None not in details.values() else frozenset()
    for sign in SIGNS:
        rows = Event.objects.filter(slug=slug).in_any_sign([sign])
        assert rows.exists() is (sign in expected), sign


@pytest.mark.parametrize("sign", ["aries", "leo", "pisces", "leo,aries"])
@pytest.mark.parametrize("family", ["ingresses", "aspects", "sun_conjunctions", "solar_terms"])
def test_stored_and_computed_pass_by_the_same_rule(sign: str, family: str) -> None:
    query: dict[str, Any] = {
        "start": "2026-01-01",
        "end": "2026-07-01",
        "family": family,
        "sign": sign,
        "limit": 200,
    }
    computed = ask(**query)
    event_generate(span=Span(SPAN.start, datetime(2026, 7, 1, tzinfo=UTC)), families=(family,))
    stored = ask(**query)
    assert keys(stored) == keys(computed)
    assert stored["results"] == [] or stored["results"][0]["stored"]
    assert not any(row["stored"] for row in computed["results"])


def test_families_without_signs_need_no_look(stored: None) -> None:
    body = ask(sign="leo", family="solar_eclipses", start="1950-01-01", end="2100-01-01")
    assert (body["results"], body["next"], body["coverage"]["computed"]) == ([], None, [])


@pytest.mark.parametrize("sign", ["", "lion", "Leo", "ophiuchus", "leo,", 'leo" || true', "$.sign"])
def test_unknown_signs_are_refused(sign: str) -> None:
    told = get(sign=sign).json()
    assert (told["status"], told["code"]) == (400, "parameter.invalid")
    assert "aries, taurus, gemini" in told["errors"][0]["detail"]
