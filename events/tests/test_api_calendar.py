from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from icalendar import Calendar

from events.models import Event
from events.services.generation import event_generate
from events.tests.api_support import EVENTS, ask, get
from events.windows import Span

pytestmark = pytest.mark.django_db
ICS = f"{EVENTS}.ics"
LANGUAGES = [code for code, _name in settings.LANGUAGES]
YEAR: dict[str, Any] = {"start": "2026-01-01", "end": "2027-01-01"}
QUERY = {"start": "2027-01-01", "end": "2027-03-01", "family": "moon_phases"}


@pytest.fixture
def stored() -> Event:
    span = Span(datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 3, 1, tzinfo=UTC))
    event_generate(span=span, families=("moon_phases",))
    event: Event = Event.objects.order_by("occurs_at")[0]
    return event


def calendar(**query: Any) -> Any:
    response = get(ICS, **{**QUERY, **query})
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(response.content)


def entry(event: Event, **query: Any) -> Any:
    return next(e for e in calendar(**query).walk("VEVENT") if e["UID"] == event.key)


def test_an_entry_tells_when_what_and_where(stored: Event) -> None:
    found = entry(stored)
    assert found.decoded("DTSTART") == stored.occurs_at.replace(microsecond=0)
    assert str(found["STATUS"]) == "CONFIRMED"
    assert found["SEQUENCE"] == 0
    assert str(found["URL"]).endswith(f"/en/events/{stored.slug}/")


def test_stored_and_computed_give_the_same_entries(stored: Event) -> None:
    before = {str(e["UID"]): e.decoded("DTSTART") for e in calendar().walk("VEVENT")}
    Event.objects.all().delete()
    from events.models import ComputedWindow

    ComputedWindow.objects.all().delete()
    after = {str(e["UID"]): e.decoded("DTSTART") for e in calendar().walk("VEVENT")}
    assert after == before


def test_sequence_rises_when_the_time_changes_and_only_then(stored: Event) -> None:
    rows = Event.objects.filter(pk=stored.pk)
    rows.update(title_en="Another title", revision=7)
    rows.update(occurs_at=stored.occurs_at.replace(microsecond=1))
    assert entry(stored)["SEQUENCE"] == 0
    rows.update(occurs_at=stored.occurs_at + timedelta(minutes=3))
    assert entry(stored)["SEQUENCE"] == 1
    stale = Event.objects.get(pk=stored.pk)
    stale.sequence = 0
    stale.occurs_at += timedelta(minutes=3)
    stale.save()
    assert entry(stored)["SEQUENCE"] == 2


def test_a_cancelled_event_stays_as_cancelled(stored: Event) -> None:
    Event.objects.filter(pk=stored.pk).update(status="cancelled")
    assert str(entry(stored)["STATUS"]) == "CANCELLED"


def test_the_calendar_names_itself_its_zone_and_when_to_come_again() -> None:
    found = calendar(tz="Asia/Tokyo", lang="ja")
    assert str(found["X-WR-TIMEZONE"]) == "Asia/Tokyo"
    assert found.decoded("REFRESH-INTERVAL") == timedelta(hours=6)
    assert found["NAME"] == found["X-WR-CALNAME"]
    assert found["NAME"].params["LANGUAGE"] == "ja-JP"


def test_when_to_come_again_is_a_duration() -> None:
    """RFC 5545, 3.3.6; RFC 7986, 5.7, which older programs know by its former name."""
    lines = get(ICS, **QUERY).content.split(b"\r\n")
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT6H" in lines
    assert b"X-PUBLISHED-TTL:PT6H" in lines


@pytest.mark.parametrize("text", ["पूर्णिमा " * 15, "満月" * 60, "🌕" * 40, "Լիալուսին " * 16])
def test_lines_are_folded_between_characters(stored: Event, text: str) -> None:
    Event.objects.filter(pk=stored.pk).update(title_en=text[:200], description_en=text)
    content = get(ICS, **QUERY).content
    for line in content.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
    assert str(entry(stored)["DESCRIPTION"]) == text


def test_texts_cannot_add_lines_of_their_own(stored: Event) -> None:
    evil = "Moon\r\nEND:VEVENT\r\nBEGIN:VALARM;x=\x0b\x85"
    Event.objects.filter(pk=stored.pk).update(title_en=evil, description_en=evil)
    content = get(ICS, **QUERY).content.decode()
    assert content.count("\r\nEND:VEVENT\r\n") == Event.objects.count()
    assert "\nBEGIN:VALARM" not in content.replace("\\n", "")
    assert len(content.replace("\r\n", "").splitlines()) == 1


def test_the_same_events_give_the_same_bytes(stored: Event) -> None:
    assert get(ICS, **QUERY).content == get(ICS, **QUERY).content


def test_by_default_it_holds_the_year_to_come() -> None:
    found = Calendar.from_ical(get(ICS, family="moon_phases").content).walk("VEVENT")
    assert 48 <= len(found) <= 52
    times = [e.decoded("DTSTART") for e in found]
    assert times == sorted(times)


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_of_every_script_come_back_whole_from_folded_lines(language: str) -> None:
    """RFC 5545, 3.1: at most 75 octets a line, and here no character is cut in two."""
    content = get(ICS, family="lunar_eclipses", lang=language, **YEAR).content
    for line in content.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
    listed = ask(family="lunar_eclipses", lang=language, **YEAR)["results"]
    rows = {row["key"]: row for row in listed}
    entries = Calendar.from_ical(content).walk("VEVENT")
    assert len(entries) == len(rows) > 0
    for found in entries:
        row = rows[str(found["UID"])]
        assert str(found["SUMMARY"]) == row["title"]
        assert str(found["DESCRIPTION"]).startswith(row["description"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_greatest_eclipse_is_told_on_the_clock_of_the_language(language: str) -> None:
    """CLDR: English and Hindi write twelve hours and the half of the day, the others 24 hours."""
    (eclipse,) = (
        e
        for e in calendar(family="lunar_eclipses", lang=language, **YEAR).walk("VEVENT")
        if e["DTSTART"].dt.month == 3
    )
    told = str(eclipse["DESCRIPTION"]).rpartition("\n")[2]
    half = {"en": "\u202fAM", "hi": " am"}.get(language, "")
    assert re.search(rf"(?<!\d)11:33:\d\d{half}(?! ?[ap]m)", told), told
