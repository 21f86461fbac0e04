from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.http import http_date

from events.kinds import COMPUTED
from events.models import Event
from events.services.generation import event_generate
from events.tests.api_support import EVENTS, ask, get
from events.windows import Span

pytestmark = pytest.mark.django_db


@pytest.fixture
def stored() -> Event:
    span = Span(datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 3, 1, tzinfo=UTC))
    event_generate(span=span, families=("moon_phases",))
    event: Event = Event.objects.order_by("occurs_at")[0]
    return event


def test_a_stored_event_answers_to_id_slug_and_key(stored: Event) -> None:
    answers = [
        ask(f"{EVENTS}/{name}")
        for name in (stored.pk, str(stored.pk).upper(), stored.slug, stored.key)
    ]
    assert all(answer == answers[0] for answer in answers)
    assert answers[0]["stored"] is True
    assert answers[0]["id"] == str(stored.pk)


@pytest.mark.parametrize("family", list(COMPUTED))
def test_every_computed_event_answers_to_its_key(family: str) -> None:
    listed = ask(start="1953-01-01", end="1954-01-01", family=family)["results"]
    assert listed
    for row in (listed[0], listed[-1]):
        assert ask(f"{EVENTS}/{row['key']}") == row


@pytest.mark.parametrize("status", ["hidden", "draft"])
def test_what_is_not_public_is_not_found_by_any_name(stored: Event, status: str) -> None:
    Event.objects.filter(pk=stored.pk).update(status=status)
    for name in (stored.pk, stored.slug, stored.key):
        response = get(f"{EVENTS}/{name}")
        assert (response.status_code, response.json()["code"]) == (404, "event.not_found")


def test_a_key_that_names_nothing_is_not_found() -> None:
    for key in ("moon-phases-moon-999999-000", "moon-phases-moon-37105-045", "seasons-sun-1-000"):
        assert get(f"{EVENTS}/{key}").status_code == 404


def test_language_and_zone(stored: Event) -> None:
    body = ask(f"{EVENTS}/{stored.slug}", lang="pt", tz="America/Sao_Paulo")
    assert body["lang_used"] == "pt-br"
    assert body["local"]["occurs_at"].endswith("-03:00")
    unstored = ask(f"{EVENTS}/moon-phases-moon-37105-000", tz="UTC")
    assert unstored["local"]["occurs_at"].startswith("2000-01-06T18:1")


def test_a_stored_event_says_when_it_changed(stored: Event) -> None:
    response = get(f"{EVENTS}/{stored.slug}")
    stored.refresh_from_db()
    assert response["Last-Modified"] == http_date(stored.updated_at.timestamp())
    since = {"If-Modified-Since": response["Last-Modified"]}
    assert get(f"{EVENTS}/{stored.slug}", headers=since).status_code == 304


def test_one_query_finds_a_stored_event(stored: Event) -> None:
    with CaptureQueriesContext(connection) as queries:
        ask(f"{EVENTS}/{stored.slug}", lang="hy")
    assert len(queries) == 1
