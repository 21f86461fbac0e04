"""The pages: languages, what is shown to whom, caching, and how much they ask the database."""

from __future__ import annotations

import json
import re
import string
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from events.models import Event
from events.services.curation import EventEdit, event_cancel, event_hide, event_update
from events.windows import Span

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
LANGUAGES = [code for code, _name in settings.LANGUAGES]
HTML_TAGS = {"zh-hans": "zh-Hans", "pt-br": "pt-BR"}

pytestmark = pytest.mark.django_db


def body(client: Client, path: str, **headers: Any) -> str:
    with time_machine.travel(NOW, tick=False):
        return client.get(path, headers=headers).content.decode()


def page_data(html: str) -> dict[str, Any]:
    found = re.search(r'<script id="page-data" type="application/json">(.*?)</script>', html)
    assert found is not None
    data: dict[str, Any] = json.loads(found.group(1))
    return data


def test_the_home_page_shows_what_is_seen_without_looking_for_it(
    client: Client, summer: Span
) -> None:
    shown = page_data(body(client, "/en/"))["events"]
    assert {event["significance"] for event in shown} <= {3, 4, 5}
    (eclipse,) = (event for event in shown if event["event_type"] == "solar_eclipse")
    assert eclipse["slug"].endswith("2026-08-12")


@pytest.mark.parametrize(
    ("header", "language"),
    [("", "en"), ("ru,en;q=0.5", "ru"), ("zh-CN", "zh-hans"), ("PT", "pt-br"), ("xx", "en")],
)
def test_root_leads_to_the_language_of_the_browser(
    client: Client, header: str, language: str
) -> None:
    answer = client.get("/", headers={"Accept-Language": header})
    assert (answer.status_code, answer["Location"]) == (302, f"/{language}/")
    assert "Accept-Language" in answer["Vary"]


@pytest.mark.parametrize(
    ("asked", "ours"),
    [("/pt/", "/pt-br/"), ("/zh-CN/", "/zh-hans/"), ("/zh_Hans/", "/zh-hans/"), ("/EN/", "/en/")],
)
def test_other_spellings_lead_to_ours(client: Client, asked: str, ours: str) -> None:
    answer = client.get(f"{asked}?from=link")
    assert (answer.status_code, answer["Location"]) == (302, f"{ours}?from=link")


@pytest.mark.parametrize("language", LANGUAGES)
def test_home_stands_in_every_language(client: Client, summer: Span, language: str) -> None:
    html = body(client, f"/{language}/")
    tag = HTML_TAGS.get(language, language)
    assert f'<html lang="{tag}"' in html
    assert f'hreflang="{tag}"' in html
    assert 'hreflang="x-default"' in html
    event = Event.objects.get(slug="moon-full-2026-06-29")
    assert event.text("title", language) in html


def test_home_lists_what_comes_next_and_nothing_of_the_past(client: Client, summer: Span) -> None:
    html = body(client, "/en/")
    slugs = re.findall(r'<p class="row-title"><a href="/en/events/([^/]*)/"', html)
    assert slugs[0] == "june-solstice-2026" or slugs[0].startswith("moon-new-2026-06-15")
    assert "moon-full-2026-06-29" in slugs
    assert not [slug for slug in slugs if slug.endswith(("2026-06-08", "2026-05-31"))]


def test_home_keeps_a_gathering_of_weeks_to_its_end(client: Client) -> None:
    Event.objects.create(
        key="staff-retreat", slug="retreat", event_type="staff_event", family="staff",
        title_en="Retreat", occurs_at=NOW - timedelta(days=20), status="published",
        ends_at=NOW + timedelta(seconds=1),
    )  # fmt: skip
    assert [event["slug"] for event in page_data(body(client, "/en/"))["events"]] == ["retreat"]
    Event.objects.update(ends_at=NOW)
    assert page_data(body(client, "/en/"))["events"] == []


def test_an_empty_calendar_says_so(client: Client) -> None:
    html = body(client, "/en/")
    assert "Nothing is in the calendar yet." in html
    assert page_data(html)["events"] == []


def test_home_carries_the_cursor_of_what_it_shows(
    client: Client, full_moon: Event, curator: User
) -> None:
    event_cancel(event_id=full_moon.pk, actor=curator)
    data = page_data(body(client, "/en/"))
    epoch, seq = data["cursors"]["events"]
    event = next(e for e in data["events"] if e["slug"] == full_moon.slug)
    assert (event["status"], seq > 0, len(epoch)) == ("cancelled", True, 36)


@pytest.mark.parametrize("status", ["draft", "hidden"])
def test_what_is_not_public_is_not_there(client: Client, full_moon: Event, status: str) -> None:
    Event.objects.filter(pk=full_moon.pk).update(status=status)
    assert full_moon.slug not in body(client, "/en/")
    assert client.get(f"/en/events/{full_moon.slug}/").status_code == 404


def test_words_cannot_become_markup(client: Client, full_moon: Event, curator: User) -> None:
    nasty = "</script><script>alert(1)</script>"
    edit = EventEdit(texts={"title_en": nasty})
    event_update(event_id=full_moon.pk, actor=curator, edit=edit, at=NOW)
    for path in ("/en/", f"/en/events/{full_moon.slug}/"):
        html = body(client, path)
        assert "<script>alert" not in html
    assert nasty in [e["title"] for e in page_data(body(client, "/en/"))["events"]]


def test_pages_hold_no_inline_script_or_style(client: Client, full_moon: Event) -> None:
    for path in ("/en/", f"/en/events/{full_moon.slug}/", "/en/events/none/"):
        html = body(client, path)
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", html)
        assert all("src=" in tag or "json" in tag for tag in re.findall(r"<script[^>]*>", html))
        assert not re.search(r'(?:src|href)="https?://(?!testserver)', html)


def test_event_page_tells_facts_and_their_source(client: Client, summer: Span) -> None:
    html = body(client, "/en/events/solar-eclipse-2026-08-12/")
    for part in ("Total solar eclipse", "Saros series", "126", "solar_eclipses/1", "DE440"):
        assert part in html
    assert 'datetime="2026-08-12T17:' in html
    assert "/api/v1/events.ics?lang=en&amp;event_type=solar_eclipse" in html


@pytest.mark.parametrize("language", ["en", "ru", "ja"])
def test_the_calendar_button_of_an_event_brings_that_event(
    client: Client, full_moon: Event, language: str
) -> None:
    html = body(client, f"/{language}/events/{full_moon.slug}/")
    (address,) = re.findall(r'class="button" href="([^"]*)"', html)
    calendar = body(client, unescape(address))
    assert calendar.count("BEGIN:VEVENT") == 1
    assert f"UID:{full_moon.key}" in calendar


def test_event_page_writes_numbers_as_the_language_does(client: Client, summer: Span) -> None:
    event = Event.objects.get(slug="moon-full-2026-06-29")
    thousands = f"{round(event.astronomical_data['moon_distance_km']):,}"
    assert thousands in body(client, f"/en/events/{event.slug}/")
    assert thousands.replace(",", ".") in body(client, f"/de/events/{event.slug}/")


def test_a_missing_text_stands_in_english_and_is_marked(client: Client, full_moon: Event) -> None:
    Event.objects.filter(pk=full_moon.pk).update(title_hy="")
    html = body(client, f"/hy/events/{full_moon.slug}/")
    assert f'<h1 lang="en">{full_moon.text("title", "en")}</h1>' in html


def test_an_unknown_event_is_a_page_of_the_reader(client: Client) -> None:
    answer = client.get("/ru/events/none/")
    assert answer.status_code == 404
    assert '<html lang="ru"' in answer.content.decode()
    assert 'href="/ru/"' in answer.content.decode()


def test_an_unknown_language_is_no_page(client: Client) -> None:
    assert client.get("/xx/").status_code == 404


def test_pages_are_revalidated_not_shared(client: Client, summer: Span) -> None:
    with time_machine.travel(NOW, tick=False):
        first = client.get("/en/")
        again = client.get("/en/", headers={"If-None-Match": first["ETag"]})
    assert first["Content-Language"] == "en"
    assert {"private", "no-cache"} <= set(first["Cache-Control"].split(", "))
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/", "/en/", "/en/events/moon-full-2026-06-29/"])
def test_pages_are_only_read(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


def test_one_row_costs_as_many_queries_as_eight(client: Client, summer: Span) -> None:
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            html = body(client, "/en/")
        counted.append(len(page_data(html)["events"]))
        return len(queries)

    counted: list[int] = []
    many = count()
    chosen = Event.objects.filter(occurs_at__gt=NOW).values_list("pk", flat=True)[:1]
    Event.objects.exclude(pk__in=list(chosen)).delete()
    assert count() == many
    assert counted[0] >= 8
    assert counted[1] == 1


def test_hiding_takes_an_event_off_the_page(
    client: Client, full_moon: Event, curator: User
) -> None:
    assert full_moon.slug in body(client, "/en/")
    event_hide(event_id=full_moon.pk, actor=curator)
    assert full_moon.slug not in body(client, "/en/")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_script_is_told_patterns_that_it_can_write(
    client: Client, summer: Span, language: str
) -> None:
    calendar = page_data(body(client, f"/{language}/"))["calendar"]
    for pattern in calendar["patterns"].values():
        letters = set(re.sub(r"'[^']*'", "", pattern)) & set(string.ascii_letters)
        assert letters <= set("yMLdEcHhmsa"), pattern
    assert len(set(calendar["months"])) == len(calendar["months_alone"]) == 12
    assert len(set(calendar["weekdays"])) == 7
