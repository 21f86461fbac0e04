"""Lists and calendars of what can be seen from a place."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from icalendar import Calendar

from events.models import Event
from events.services.generation import event_generate
from events.tests.api_support import EVENTS, ask, get, keys
from events.windows import Span

pytestmark = pytest.mark.django_db
BERLIN = "52.52,13.405,34"
SPRING: dict[str, Any] = {"start": "2027-03-01", "end": "2027-05-01"}
FAMILIES = ("moon_phases", "seasons", "conjunctions", "occultations", "aspects")


@pytest.fixture
def stored() -> None:
    """Store April; March stays to be computed."""
    april = Span(datetime(2027, 4, 1, tzinfo=UTC), datetime(2027, 5, 1, tzinfo=UTC))
    event_generate(span=april, families=FAMILIES)


def seen_alone(place: dict[str, Any], rows: list[Any]) -> list[str]:
    return [
        row["key"]
        for row in rows
        if ask(f"{EVENTS}/{row['key']}/circumstances", **place)["visible"]
    ]


def walk(url: str, direction: str = "next") -> list[list[str]]:
    pages, following = [], url
    while following:
        body = get(following).json()
        pages.append(keys(body))
        following = body[direction]
        assert len(pages) < 300
    return pages


@pytest.mark.slow
def test_what_is_kept_is_what_the_circumstances_call_visible(stored: None) -> None:
    family = "moon_phases,seasons,occultations,conjunctions"
    span: dict[str, Any] = {"start": "2027-03-20", "end": "2027-04-04", "family": family}
    everything = ask(**span)
    seen = ask(visible_from=BERLIN, **span)
    place = {"lat": "52.52", "lon": "13.405", "elevation": "34"}
    assert keys(seen) == seen_alone(place, everything["results"])
    assert 0 < len(keys(seen)) < len(keys(everything))
    assert {row["stored"] for row in seen["results"]} == {True, False}


def test_seasons_and_gatherings_are_left_out(stored: None) -> None:
    Event.objects.create(
        key="gathering", slug="gathering", family="staff", event_type="staff_event",
        occurs_at=datetime(2027, 4, 3, tzinfo=UTC), status="published",
    )  # fmt: skip
    families = {row["family"] for row in ask(visible_from="0,0", **SPRING, limit="200")["results"]}
    assert not families & {"seasons", "aspects", "staff"}
    assert "conjunctions" in families
    only = ask(visible_from="0,0", family="seasons", **SPRING)
    assert (only["results"], only["next"]) == ([], None)


@pytest.mark.slow
@pytest.mark.parametrize("limit", [1, 7, 40])
def test_pages_forward_and_back_show_each_event_once(stored: None, limit: int) -> None:
    query = f"{EVENTS}?start=2027-03-24&end=2027-04-06&visible_from=-33.9,18.4"
    whole = [key for page in walk(f"{query}&limit=200") for key in page]
    assert len(whole) > 10
    assert len(set(whole)) == len(whole)
    pages = walk(f"{query}&limit={limit}")
    assert [key for page in pages for key in page] == whole
    assert all(len(page) <= limit for page in pages)
    last = get(f"{query}&limit={limit}").json()
    while last["next"]:
        last = get(last["next"]).json()
    backward = [keys(last), *(walk(last["previous"], "previous") if last["previous"] else [])]
    assert [key for page in reversed(backward) for key in page] == whole


def test_an_empty_page_leads_on() -> None:
    """Of the eclipses of the Sun from 2028 to 2030 the last alone crosses southern Africa."""
    query = "start=2028-01-01&end=2031-01-01&family=solar_eclipses"
    pages = walk(f"{EVENTS}?{query}&visible_from=-33.9,18.4")
    assert pages[0] == pages[1] == []
    (key,) = [key for page in pages for key in page]
    assert ask(f"{EVENTS}/{key}")["occurs_at"].startswith("2030-11-25")


def test_a_page_says_up_to_where_nothing_is_left_out(stored: None) -> None:
    body = ask(visible_from=BERLIN, **SPRING, limit="5")
    start, end = body["coverage"]["page"]
    inside = ask(visible_from=BERLIN, start=start, end=end, limit="200")
    assert keys(inside)[:5] == keys(body)
    assert len(keys(inside)) == 5


def test_a_cursor_is_bound_to_its_place(stored: None) -> None:
    body = ask(visible_from=BERLIN, **SPRING, limit="5")
    elsewhere = body["next"].replace("52.52", "51.52")
    assert get(elsewhere).json()["code"] == "cursor.invalid"
    assert "same filters" in get(elsewhere).json()["detail"]


def test_a_calendar_holds_what_can_be_seen(stored: None) -> None:
    query = f"start=2027-03-15&end=2027-04-15&visible_from={BERLIN}&limit=200"
    listed = [key for page in walk(f"{EVENTS}?{query}") for key in page]
    response = get(f"{EVENTS}.ics", start="2027-03-15", end="2027-04-15", visible_from=BERLIN)
    entries = Calendar.from_ical(response.content).walk("VEVENT")
    assert [str(entry["UID"]) for entry in entries] == listed


@pytest.mark.parametrize("place", ["+52.5,+13.4", " 52.5 , 13.4 ", "-90,180", "90,-180,9000"])
def test_places_may_be_written_with_signs_and_spaces(place: str) -> None:
    assert get(EVENTS, visible_from=place, start="2027-03-01", end="2027-03-02").status_code == 200


def test_a_refusal_speaks_the_language_of_the_reader() -> None:
    english, german = (
        get(EVENTS, visible_from="91,0", lang=lang).json()["errors"][0]["detail"]
        for lang in ("en", "de")
    )
    assert "from -90 to 90" in english
    assert "-90" in german


@pytest.mark.slow
def test_a_page_of_200_is_full_where_much_is_seen() -> None:
    query: dict[str, Any] = {"start": "2035-01-01", "end": "2036-01-01", "limit": "200"}
    body = ask(visible_from="-66.9,142.7", **query)
    assert len(body["results"]) == 200
