"""Festivals are whole days: the same day for every reader, in every form."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from icalendar import Calendar

from events.services.generation import event_generate
from events.tests.api_support import EVENTS, ask, get
from events.windows import Span

FEBRUARY = Span(datetime(2027, 2, 1, tzinfo=UTC), datetime(2027, 2, 25, tzinfo=UTC))
SPRING_FESTIVAL = date(2027, 2, 6)  # the first day of the year of the Goat: General Office, China

pytestmark = pytest.mark.django_db


@pytest.fixture
def february() -> None:
    event_generate(span=FEBRUARY, families=("cultural",))


def test_a_festival_names_its_day_and_a_tithi_its_instant(february: None) -> None:
    rows = ask(start="2027-02-01", end="2027-02-25", family="cultural", limit=200)["results"]
    days = {row["event_type"]: row["all_day"] for row in rows}
    assert days["chinese_new_year"] == SPRING_FESTIVAL.isoformat()
    assert days["purnima"] is None
    (festival,) = [row for row in rows if row["event_type"] == "chinese_new_year"]
    assert festival["occurs_at"] == "2027-02-05T16:00:00.000Z"


def test_a_calendar_holds_the_day_and_no_time(february: None) -> None:
    answer = get(f"{EVENTS}.ics?start=2027-02-01&end=2027-02-25&family=cultural")
    entries = Calendar.from_ical(answer.content).walk("VEVENT")
    (festival,) = [entry for entry in entries if entry["summary"] == "Spring Festival"]
    assert festival.decoded("dtstart") == SPRING_FESTIVAL
    assert festival.decoded("dtend") == SPRING_FESTIVAL + timedelta(days=1)


def test_a_page_shows_the_day_and_hides_the_time(client: Client, february: None) -> None:
    with time_machine.travel(FEBRUARY.start, tick=False):
        html = client.get("/en/").content.decode()
    (row,) = [part for part in html.split('<li class="row"')[1:] if ">Spring Festival<" in part]
    assert row.count('datetime="2027-02-06"') == 2
    assert '<b data-format="day">6</b>' in row
    assert 'data-format="time" hidden' in row
