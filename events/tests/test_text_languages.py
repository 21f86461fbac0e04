"""The language of each text: in payloads, on pages, in calendars."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from events.models import Event
from events.payloads import TextMark, event_payload
from events.tests.api_support import EVENTS, ask, get

ENGLISH: TextMark = {"lang": "en", "fallback": True}
HY: dict[str, Any] = {"title_hy": "Լիալուսին", "description_hy": "Նկարագրություն։"}


@pytest.fixture
def event(full_moon: Event) -> Event:
    """Return an event whose reflection is not translated."""
    Event.objects.filter(pk=full_moon.pk).update(reflection_en="Look up.", **HY)
    full_moon.refresh_from_db()
    return full_moon


def emptied(event: Event, name: str) -> None:
    """Empty a column of an event, in memory alone."""
    setattr(event, name, "")


def test_a_text_in_english_is_marked_and_no_other(event: Event) -> None:
    payload = event_payload(event, language="hy")
    assert (payload["lang_used"], payload["fallback"]) == ("hy", True)
    assert payload["texts"] == {"reflection": ENGLISH}


def test_what_is_whole_or_not_shown_is_no_fallback(event: Event) -> None:
    assert event_payload(event, language="en").get("texts") is None
    emptied(event, "reflection_en")
    payload = event_payload(event, language="hy")
    assert (payload["fallback"], "texts" in payload) == (False, False)


def test_a_text_of_ones_own_under_an_english_title_is_marked(event: Event) -> None:
    emptied(event, "title_hy")
    payload = event_payload(event, language="hy")
    assert (payload["lang_used"], payload["fallback"]) == ("en", True)
    assert payload["texts"] == {"description": {"lang": "hy", "fallback": False}}


def test_an_event_without_words_is_no_fallback() -> None:
    at = datetime(2026, 6, 29, tzinfo=UTC)
    bare = Event(key="k", family="staff", origin="staff", occurs_at=at)
    payload = event_payload(bare, language="hy")
    assert (payload["lang_used"], payload["fallback"]) == ("hy", False)


def test_list_and_detail_say_it_alike(event: Event) -> None:
    detail = ask(f"{EVENTS}/{event.slug}", lang="hy")
    (row,) = ask(start=detail["occurs_at"], family="moon_phases", lang="hy", limit=1)["results"]
    assert row["texts"] == detail["texts"] == {"reflection": ENGLISH}
    taiwan = ask(f"{EVENTS}/{event.slug}", lang="zh-TW")
    assert (taiwan["lang_used"], taiwan["fallback"]) == ("zh-hans", True)


def test_the_page_marks_the_very_block(event: Event) -> None:
    page = Client().get(f"/hy/events/{event.slug}/").content.decode()
    assert '<div data-text="reflection" lang="en"><p>Look up.</p>' in page
    assert '<div data-text="description"><p>' in page
    assert "<h1>Լիալուսին</h1>" in page


def test_a_calendar_marks_title_and_text(event: Event) -> None:
    Event.objects.filter(pk=event.pk).update(description_hy="")
    day = event.occurs_at.date()
    query = {"start": str(day), "end": event.occurs_at.isoformat()[:10] + "T23:59:59Z"}
    text = get(f"{EVENTS}.ics", lang="hy", family="moon_phases", **query).content.decode()
    assert "SUMMARY;LANGUAGE=hy-AM:" in text
    assert "DESCRIPTION;LANGUAGE=en-US:" in text
