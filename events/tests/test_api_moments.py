"""What comes next and what is under way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from events.models import ComputedWindow, Event
from events.services.generation import event_generate
from events.tests.api_support import EVENTS, ask, get
from events.windows import Span

pytestmark = pytest.mark.django_db
NEXT, NOW = f"{EVENTS}/next", f"{EVENTS}/now"
ECLIPSE = datetime(2026, 8, 12, 17, 45, 0, tzinfo=UTC)
SPAN = Span(datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))
FAMILIES = ("moon_phases", "seasons", "solar_eclipses", "lunar_eclipses")


@pytest.fixture(params=["stored", "computed"])
def sky(request: pytest.FixtureRequest) -> str:
    if request.param == "stored":
        event_generate(span=SPAN, families=FAMILIES)
    return str(request.param)


def at(moment: datetime, path: str, **query: Any) -> Any:
    with time_machine.travel(moment, tick=False):
        return ask(path, **query)


def test_the_next_event_is_the_first_whose_instant_is_not_past(sky: str) -> None:
    (moon,) = at(ECLIPSE - timedelta(days=3), NEXT, event_type="full_moon")["results"]
    instant = datetime.fromisoformat(moon["occurs_at"])
    assert instant.date().isoformat() == "2026-08-28"
    for moment, same in ((instant, True), (instant + timedelta(milliseconds=2), False)):
        (found,) = at(moment, NEXT, event_type="full_moon")["results"]
        assert (found["key"] == moon["key"]) is same
        assert found["stored"] is (sky == "stored")


@pytest.mark.parametrize("count", [1, 2, 20])
def test_as_many_come_as_are_asked_for_and_next_leads_on(sky: str, count: int) -> None:
    body = at(ECLIPSE, NEXT, family="moon_phases", count=count, lang="ru", tz="Asia/Tokyo")
    listed = at(ECLIPSE, EVENTS, family="moon_phases", limit=count + 1, lang="ru", tz="Asia/Tokyo")
    assert body["results"] == listed["results"][:count]
    assert body["next"].partition("?")[0] == "http://testserver/api/v1/events"
    further = get(body["next"].partition("testserver")[2]).json()
    assert further["results"][0] == listed["results"][count]
    assert body["coverage"]["page"][1] <= listed["results"][count]["occurs_at"]


def test_what_is_rare_may_lie_beyond_what_was_looked_at() -> None:
    body = at(ECLIPSE, NEXT, family="transits")
    assert body["results"] == []
    assert body["coverage"]["page"][1] > "2031"
    further = get(body["next"].partition("testserver")[2]).json()
    assert [row["event_type"] for row in further["results"]] in ([], ["transit"])
    assert at(datetime(2030, 1, 1, tzinfo=UTC), NEXT, family="transits")["results"]


@pytest.mark.parametrize(
    ("moment", "under_way"),
    [
        (ECLIPSE - timedelta(hours=4), 0),
        (ECLIPSE, 1),
        (ECLIPSE + timedelta(hours=4), 0),
    ],
    ids=["before", "during", "after"],
)
def test_under_way_is_what_has_begun_and_not_ended(
    sky: str, moment: datetime, under_way: int
) -> None:
    body = at(moment, NOW, family="solar_eclipses", tz="Europe/Madrid", lang="es")
    assert len(body["results"]) == under_way
    for row in body["results"]:
        assert row["slug"].endswith("2026-08-12")
        assert (row["stored"], row["lang_used"]) == (sky == "stored", "es")
        assert row["local"]["timezone"] == "Europe/Madrid"


def test_the_bounds_are_half_open(sky: str) -> None:
    (row,) = at(ECLIPSE, NOW, family="solar_eclipses")["results"]
    event = Event.objects.filter(pk=row["id"]).first()
    begins = event.begins_at if event else datetime.fromisoformat(row["begins_at"])
    ends = event.ends_at if event else datetime.fromisoformat(row["ends_at"])
    assert begins is not None
    assert ends is not None
    if event:  # what is computed has microseconds that the answer rounds away
        assert at(begins, NOW, family="solar_eclipses")["results"]
        assert not at(ends, NOW, family="solar_eclipses")["results"]
    assert not at(begins - timedelta(milliseconds=2), NOW, family="solar_eclipses")["results"]
    assert not at(ends + timedelta(milliseconds=2), NOW, family="solar_eclipses")["results"]


def test_a_gathering_of_weeks_is_under_way() -> None:
    Event.objects.create(
        key="staff-retreat", slug="staff-retreat", event_type="staff_event", family="staff",
        title_en="Retreat", occurs_at=ECLIPSE, begins_at=ECLIPSE, status="published",
        ends_at=ECLIPSE + timedelta(days=30),
    )  # fmt: skip
    later = ECLIPSE + timedelta(days=20)
    assert [row["key"] for row in at(later, NOW, family="staff")["results"]] == ["staff-retreat"]
    assert at(later, NOW, family="seasons")["results"] == []
    assert at(later, NOW, q="retreat")["results"]
    Event.objects.update(status="hidden")
    assert at(later, NOW, family="staff")["results"] == []


@pytest.mark.parametrize("is_stored", [True, False], ids=["stored", "computed"])
def test_whole_days_and_months_of_calendars_are_not_under_way(is_stored: bool) -> None:
    noon = datetime(2026, 2, 17, 4, 0, tzinfo=UTC)  # Chinese New Year, and the month it begins
    if is_stored:
        event_generate(
            span=Span(noon - timedelta(days=3), noon + timedelta(days=3)), families=("cultural",)
        )
        assert Event.objects.filter(begins_at__lte=noon, ends_at__gt=noon).exists()
    found = at(noon, NOW, family="cultural")["results"]
    assert {row["event_type"] for row in found} <= {"ekadashi", "purnima", "amavasya"}


def test_a_long_tithi_is_under_way_to_its_end() -> None:
    listed = ask(
        start="2026-01-01", end="2027-01-01", limit=200, event_type="ekadashi,purnima,amavasya"
    )
    lengths = {
        row["ends_at"]: datetime.fromisoformat(row["ends_at"])
        - datetime.fromisoformat(row["begins_at"])
        for row in listed["results"]
    }
    last = max(lengths, key=lambda end: lengths[end])
    assert lengths[last] > timedelta(days=1, hours=1)
    moment = datetime.fromisoformat(last) - timedelta(minutes=30)
    assert at(moment, NOW, event_type="ekadashi,purnima,amavasya")["results"]


def test_a_hidden_event_is_not_computed_behind_the_backs_of_staff() -> None:
    event_generate(span=SPAN, families=FAMILIES)
    Event.objects.filter(family="solar_eclipses").update(status="hidden")
    ComputedWindow.objects.all().delete()
    assert at(ECLIPSE, NOW, family="solar_eclipses")["results"] == []
    (found,) = at(ECLIPSE, NEXT, family="solar_eclipses")["results"]
    assert not found["slug"].endswith("2026-08-12")


@pytest.mark.parametrize("path", [NEXT, NOW])
def test_they_are_cached_for_a_short_while(path: str) -> None:
    event_generate(span=SPAN, families=FAMILIES)
    with time_machine.travel(ECLIPSE, tick=False):
        first = get(path, family="solar_eclipses")
        again = get(path, headers={"If-None-Match": first["ETag"]}, family="solar_eclipses")
    assert first["Cache-Control"] == "public, max-age=10"
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("path", "query", "says"),
    [
        (NEXT, "count=0", "from 1 to 20"),
        (NEXT, "count=21", "from 1 to 20"),
        (NEXT, "limit=5", "known ones are: event_type"),
        (NEXT, "start=2027-01-01", "known ones are: event_type"),
        (NEXT, "sign=lion", "aries, taurus"),
        (NOW, "count=1", "known ones are: event_type"),
        (NOW, "q=x", "2 to 100 characters"),
        (NOW, "end=2027-01-01", "known ones are: event_type"),
    ],
)
def test_what_they_do_not_know_is_refused(path: str, query: str, says: str) -> None:
    answer = get(f"{path}?{query}")
    assert answer.status_code == 400
    assert says in answer.json()["errors"][0]["detail"]
