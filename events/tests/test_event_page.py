"""The page of one event: under which names it is found, and what its script is told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from events.kinds import slug_places
from events.models import Event, KindSetting
from events.services.curation import event_cancel
from events.tests.api_support import ask
from events.tests.test_views import page_data

pytestmark = pytest.mark.django_db
ECLIPSE = "solar-eclipse-1999-08-11"  # NASA's catalogue: total, greatest at 11:03 UT
AT_REQUEST = '<p class="computed">'


def page(client: Client, reference: str, language: str = "en") -> str:
    answer = client.get(f"/{language}/events/{reference}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_event_that_is_not_stored_is_computed_and_marked(client: Client) -> None:
    html = page(client, ECLIPSE)
    assert "Total solar eclipse" in html
    assert 'datetime="1999-08-11T11:03:' in html
    assert AT_REQUEST in html
    assert not Event.objects.exists()


def test_a_stored_event_is_not_marked_as_computed(client: Client, full_moon: Event) -> None:
    assert AT_REQUEST not in page(client, full_moon.slug)


@pytest.mark.slow
@pytest.mark.parametrize("year", ["1900", "1955", "2100"])
def test_whatever_the_list_names_has_a_page_by_slug_key_and_id(client: Client, year: str) -> None:
    rows = ask(start=f"{year}-01-01", end=f"{int(year) + 1}-01-01", limit=200)["results"]
    one_of_each = {row["event_type"]: row for row in rows}
    assert len(one_of_each) >= 9
    for row in one_of_each.values():
        by_slug, by_key = page(client, row["slug"], "de"), page(client, row["key"], "de")
        assert row["occurs_at"] in by_slug
        assert f'/de/events/{row["slug"]}/">' in by_key, "the canonical address is the slug's"
        assert page_data(by_key)["event"] == page_data(by_slug)["event"]


def test_stored_events_answer_to_id_and_key_as_well(client: Client, full_moon: Event) -> None:
    pages = {page_data(page(client, str(n)))["event"]["id"] for n in (full_moon.pk, full_moon.key)}
    assert pages == {str(full_moon.pk)}


@pytest.mark.parametrize(
    "reference",
    [
        "solar-eclipse-1999-08-12", "solar-eclipse-1999-02-30", "solar-eclipse-1999",
        "moon-full-1899-12-17", "moon-full-2101-01-15", "march-equinox-9999",
        "moon-full-9999-12-31", "march-equinox-1999-03-21", "comet-1999-01-01", "1999-08-11",
        "moon-phases-moon-999999-000",
    ],
)  # fmt: skip
def test_what_does_not_happen_has_no_page(client: Client, reference: str) -> None:
    assert client.get(f"/en/events/{reference}/").status_code == 404


@pytest.mark.parametrize("status", ["draft", "hidden"])
def test_what_staff_keep_back_is_not_computed_instead(
    client: Client, full_moon: Event, status: str
) -> None:
    Event.objects.filter(pk=full_moon.pk).update(status=status, slug="renamed")
    for reference in ("moon-full-2026-06-29", full_moon.key, full_moon.pk):
        assert client.get(f"/en/events/{reference}/").status_code == 404


def test_a_kind_that_waits_for_review_has_no_page(client: Client) -> None:
    KindSetting.objects.create(code="solar_eclipse", needs_review=True)
    assert client.get(f"/en/events/{ECLIPSE}/").status_code == 404


def test_the_page_carries_the_cursor_of_what_it_shows(
    client: Client, full_moon: Event, curator: User
) -> None:
    before = page_data(page(client, full_moon.slug))["cursors"]["events"]
    event_cancel(event_id=full_moon.pk, actor=curator)
    after: dict[str, Any] = page_data(page(client, full_moon.slug))
    assert after["cursors"]["events"] == [before[0], before[1] + 1]
    assert after["event"]["status"] == "cancelled"


def test_the_cursor_is_read_before_the_event(client: Client, full_moon: Event) -> None:
    with CaptureQueriesContext(connection) as queries:
        page(client, full_moon.slug)
    read = [query["sql"] for query in queries]
    assert len(read) == 2
    assert "core_stream" in read[0]


def test_a_slug_says_where_to_look() -> None:
    (place,) = slug_places("june-solstice-2031").items()
    assert place[0] == "june_solstice"
    assert place[1].start == datetime(2031, 1, 1, tzinfo=UTC)
    assert set(slug_places("mars-opposition-2031-01-01")) <= {"opposition"}
    assert slug_places("moon-full-2031") == {}
    assert slug_places("moon-full-2031-02-30") == {}
