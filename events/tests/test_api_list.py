from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models import Event
from events.services.generation import event_generate
from events.tests.api_support import EVENTS, ask, get, keys
from events.windows import Span
from starscal.core.models import Stream

pytestmark = pytest.mark.django_db
FAMILIES = ("moon_phases", "seasons")


def year(number: int) -> Span:
    return Span(datetime(number, 1, 1, tzinfo=UTC), datetime(number + 1, 1, 1, tzinfo=UTC))


@pytest.fixture
def stored_2027() -> None:
    event_generate(span=year(2027), families=FAMILIES)


def test_a_page_carries_results_coverage_and_cursors(stored_2027: None) -> None:
    body = ask(start="2027-01-01", end="2028-01-01", family="moon_phases,seasons", limit=200)
    stream = Stream.objects.get(pk="events")
    assert body["cursors"] == {"events": [str(stream.epoch), stream.last_seq]}
    assert len(body["results"]) == Event.objects.count()
    assert body["next"] is body["previous"] is None
    assert body["coverage"]["stored"] == [["2027-01-01T00:00:00.000Z", "2028-01-01T00:00:00.000Z"]]
    assert body["coverage"]["computed"] == []
    assert all(row["stored"] for row in body["results"])


def test_what_is_not_stored_is_computed_and_marked() -> None:
    body = ask(start="1950-01-01", end="1951-01-01", family="moon_phases,seasons", limit=200)
    assert len(body["results"]) >= 53
    assert not any(row["stored"] for row in body["results"])
    assert body["coverage"]["stored"] == []
    assert body["coverage"]["computed"] == [
        ["1950-01-01T00:00:00.000Z", "1951-01-01T00:00:00.000Z"]
    ]


def test_a_page_mixes_stored_and_computed_in_order_of_time(stored_2027: None) -> None:
    body = ask(start="2026-12-01", end="2028-02-01", family="moon_phases", limit=200)
    times = [row["occurs_at"] for row in body["results"]]
    assert times == sorted(times)
    by_year = {row["occurs_at"][:4]: row["stored"] for row in body["results"]}
    assert by_year == {"2026": False, "2027": True, "2028": False}


def walk(url: str | None, direction: str) -> list[list[str]]:
    pages = []
    while url:
        body = get(url).json()
        pages.append(keys(body))
        url = body[direction]
        assert len(pages) < 200
    return pages


@pytest.mark.parametrize("limit", [1, 7, 50])
def test_paging_forward_and_back_shows_each_event_once(stored_2027: None, limit: int) -> None:
    query = f"{EVENTS}?start=2026-11-01&end=2028-03-01&family=moon_phases,seasons"
    whole = [key for page in walk(f"{query}&limit=200", "next") for key in page]
    forward = walk(f"{query}&limit={limit}", "next")
    assert [key for page in forward for key in page] == whole
    last = get(f"{query}&limit={limit}").json()
    while last["next"]:
        last = get(last["next"]).json()
    backward = [keys(last), *walk(last["previous"], "previous")]
    assert [key for page in reversed(backward) for key in page] == whole


def test_the_bound_of_a_year_still_leads_on() -> None:
    body = ask(start="1950-01-01", family="seasons", limit=200)
    assert len(body["results"]) == 4
    assert body["coverage"]["page"] == ["1950-01-01T00:00:00.000Z", "1951-01-01T00:00:00.000Z"]
    following = get(body["next"]).json()
    assert [row["occurs_at"][:4] for row in following["results"]] == ["1951"] * 4
    back = [key for page in reversed(walk(following["previous"], "previous")) for key in page]
    assert back == keys(body)


def test_an_empty_page_leads_on_until_the_end() -> None:
    body = ask(start="2099-01-01", event_type="staff_event")
    assert body["results"] == []
    assert body["next"] is None, "gatherings need no computing, so nothing is left"


@pytest.mark.parametrize("status", ["hidden", "draft"])
def test_hidden_events_do_not_come_back_by_being_computed(stored_2027: None, status: str) -> None:
    hidden = Event.objects.order_by("occurs_at")[3]
    Event.objects.filter(pk=hidden.pk).update(status=status)
    assert hidden.key not in keys(ask(start="2027-01-01", end="2028-01-01", limit=200))
    # Widening the request makes the span of all families one that is not stored whole.
    everything = ask(start="2026-12-01", end="2027-06-01", limit=200)
    assert everything["coverage"]["computed"]
    assert hidden.key not in keys(everything)


def test_kinds_that_wait_for_review_are_not_computed() -> None:
    from events.models import KindSetting

    KindSetting.objects.create(code="full_moon", needs_review=True)
    body = ask(start="1950-01-01", end="1950-03-01", family="moon_phases")
    assert {row["event_type"] for row in body["results"]} == {
        "new_moon",
        "first_quarter",
        "last_quarter",
    }


def test_gatherings_appear_where_nothing_is_stored() -> None:
    Event.objects.create(
        key="staff-1",
        slug="gathering",
        event_type="staff_event",
        family="staff",
        title_en="Gathering",
        occurs_at=datetime(1950, 1, 10, tzinfo=UTC),
        status="published",
    )
    body = ask(start="1950-01-01", end="1950-02-01", family="moon_phases,staff")
    assert [row["key"] for row in body["results"] if row["stored"]] == ["staff-1"]
    assert any(not row["stored"] for row in body["results"])


def test_cancelled_events_stay_visible(stored_2027: None) -> None:
    event = Event.objects.order_by("occurs_at")[0]
    Event.objects.filter(pk=event.pk).update(status="cancelled")
    body = ask(start="2027-01-01", end="2027-02-01")
    assert {row["key"]: row["status"] for row in body["results"]}[event.key] == "cancelled"


@pytest.mark.parametrize("start", ["2027-01-01", "1950-01-01"], ids=["stored", "computed"])
def test_filters_are_the_same_for_stored_and_computed(stored_2027: None, start: str) -> None:
    end = f"{int(start[:4]) + 1}-01-01"
    kinds = ask(start=start, end=end, event_type=["new_moon", "march_equinox"], limit=200)
    assert {row["event_type"] for row in kinds["results"]} == {"new_moon", "march_equinox"}
    both = ask(start=start, end=end, event_type="new_moon", family="seasons")
    assert both["results"] == []


@pytest.mark.parametrize("stored", [True, False], ids=["stored", "computed"])
def test_bodies_and_significance_narrow_a_list(stored: bool) -> None:
    span = Span(datetime(1961, 2, 1, tzinfo=UTC), datetime(1961, 5, 1, tzinfo=UTC))
    if stored:
        event_generate(span=span, families=("aspects", "sun_conjunctions", "solar_eclipses"))
    asked: dict[str, Any] = {
        "start": "1961-02-01",
        "end": "1961-05-01",
        "family": "aspects,sun_conjunctions,solar_eclipses",
        "limit": 200,
    }
    rows = ask(**asked, body="saturn,pluto")["results"]
    assert {row["stored"] for row in rows} == {stored}
    assert all({"saturn", "pluto"} & set(row["bodies"]) for row in rows)
    assert any("pluto" not in row["bodies"] for row in rows)
    assert [row["key"] for row in ask(**asked, min_significance=4)["results"]] == [
        row["key"] for row in ask(**asked)["results"] if row["significance"] >= 4
    ]
    # The total eclipse of 15 February 1961 and nothing else.
    assert [row["event_type"] for row in ask(**asked, min_significance=5)["results"]] == [
        "solar_eclipse"
    ]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        pytest.param({"body": "vulcan"}, "The known values are: sun, moon", id="body"),
        pytest.param({"min_significance": "6"}, "from 1 to 5", id="too much"),
        pytest.param({"min_significance": "high"}, "from 1 to 5", id="a word"),
    ],
)
def test_wrong_bodies_and_levels_are_told_what_is_allowed(query: dict[str, str], says: str) -> None:
    assert says in ask(status=400, **query)["errors"][0]["detail"]


def test_min_resonance_shows_what_curators_set(stored_2027: None) -> None:
    first, second = Event.objects.order_by("occurs_at")[:2]
    Event.objects.filter(pk=first.pk).update(quantum_resonance=0.4)
    Event.objects.filter(pk=second.pk).update(quantum_resonance=0.9)
    body = ask(start="2027-01-01", min_resonance="0.5")
    assert keys(body) == [second.key]
    assert body["next"] is None


def test_words_come_in_the_language_and_times_in_the_zone(stored_2027: None) -> None:
    Event.objects.update(title_de="Titel")
    body = ask(start="2027-01-01", family="moon_phases", lang="de-AT", tz="Asia/Kolkata", limit=1)
    row = body["results"][0]
    assert (row["title"], row["lang_used"], row["fallback"]) == ("Titel", "de", False)
    assert row["local"]["timezone"] == "Asia/Kolkata"
    assert row["local"]["occurs_at"].endswith("+05:30")
    unknown = ask(start="2027-01-01", lang="tlh", limit=1)["results"][0]
    assert (unknown["lang_used"], unknown["fallback"]) == ("en", True)


@pytest.mark.parametrize("start", ["2027-01-01", "1950-01-01"], ids=["stored", "computed"])
def test_queries_do_not_grow_with_rows(stored_2027: None, start: str) -> None:
    counts = []
    for limit in (1, 10):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            ask(start=start, family="moon_phases", limit=limit, lang="ja")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_keyset_goes_by_the_index(stored_2027: None) -> None:
    from events.filters import EventFilter
    from events.pages import PageRequest, Place, rows_stored

    place = Place(datetime(2027, 3, 1, tzinfo=UTC))
    request = PageRequest(EventFilter(), year(2027), 5, "en", place)
    with connection.cursor() as cursor, CaptureQueriesContext(connection) as queries:
        rows_stored(request)
        # With few rows anything is cheap; a sort that is needed stands in the plan nevertheless.
        for way in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute("EXPLAIN " + queries[0]["sql"])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "event_time_idx" in plan
    assert "Sort" not in plan


def test_links_are_named_in_the_header_too() -> None:
    response = get(start="1950-01-01", limit=5)
    body: Any = response.json()
    assert response["Link"] == f'<{body["next"]}>; rel="next"'


def test_a_cursor_belongs_to_its_filters() -> None:
    body = ask(start="1950-01-01", limit=5)
    mixed = get(body["next"].replace("start=1950-01-01", "start=1960-01-01"))
    assert (mixed.status_code, mixed.json()["code"]) == (400, "cursor.invalid")
    forged = get(body["next"][:-2] + "xx")
    assert (forged.status_code, forged.json()["code"]) == (400, "cursor.invalid")


def test_the_list_begins_now() -> None:
    body = ask(limit=1)
    now = datetime.now(UTC)
    start = datetime.fromisoformat(body["coverage"]["start"])
    assert 0 <= (now - start).total_seconds() < 120
    assert body["coverage"]["end"] == "2101-01-01T00:00:00.000Z"


@pytest.mark.parametrize("start", ["2027-01-01", "1950-01-01"], ids=["stored", "computed"])
def test_a_family_is_sifted_for_the_bodies_that_may_be_in_it(stored_2027: None, start: str) -> None:
    end = f"{int(start[:4]) + 1}-01-01"
    found = ask(start=start, end=end, body="moon", family="moon_phases,seasons", limit=200)
    assert {row["family"] for row in found["results"]} == {"moon_phases"}
    assert ask(start=start, end=end, body="spica", family="moon_phases")["results"] == []
