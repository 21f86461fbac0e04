"""The desk's list of events: the same addresses, by index and arithmetic."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from events.desk.event_list import PAGES_MOST, selection_shown
from events.models import Event, TextState
from events.tests.desk_queries import LIST, PAGES, SEARCHES
from events.windows import Span
from starscal.testing.staff import staff_sign_in

ADMIN = "/admin/"


@pytest.fixture
def desk(client: Client, curator: User, summer: Span) -> Client:
    staff_sign_in(client, curator)
    return client


def links(answer: Any) -> list[dict[str, str]]:
    """Return what the ladder of dates leads to."""
    return [dict(parse_qsl(rung.link[1:])) for rung in answer.context["cl"].ladder().choices]


def titles(answer: Any) -> list[str]:
    return [rung.title for rung in answer.context["cl"].ladder().choices]


def test_the_ladder_goes_down_by_the_known_parameters(desk: Client) -> None:
    Event.objects.filter(slug="moon-full-2026-06-29").update(occurs_at="1987-03-02T10:00Z")
    years = links(desk.get(f"{LIST}?time=all"))
    assert years[0] == {"time": "all", "occurs_at__year": "1987"}
    assert years[-1]["occurs_at__year"] == "2026"
    assert len(years) == 40
    months = links(desk.get(f"{LIST}?occurs_at__year=2026"))
    assert [int(asked["occurs_at__month"]) for asked in months] == list(range(1, 13))
    days = desk.get(f"{LIST}?occurs_at__year=2028&occurs_at__month=2")
    assert len(links(days)) == 29
    assert titles(days)[0] == "February 1"
    one = desk.get(f"{LIST}?occurs_at__year=2026&occurs_at__month=7&occurs_at__day=29&lang=ru")
    assert "29 июля" in one.content.decode()
    assert "июль 2026" in one.content.decode()


def test_the_ladder_asks_for_two_ends_and_nothing_else(desk: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        desk.get(f"{LIST}?time=all")
    asked = [query["sql"].lower() for query in queries]
    assert [sql for sql in asked if "date_trunc" in sql or "distinct" in sql] == []
    assert len([sql for sql in asked if "min(" in sql]) == 1


def test_an_empty_calendar_has_no_years(client: Client, curator: User) -> None:
    staff_sign_in(client, curator)
    assert titles(client.get(f"{LIST}?time=all")) == []


@pytest.mark.parametrize(
    "query",
    ["occurs_at__month=5", "occurs_at__year=9999", "occurs_at__year=x", "title_en__icontains=a",
     "occurs_at__year=2026&occurs_at__day__gte=3", "provenance__a=1"],
)  # fmt: skip
def test_what_no_index_answers_is_refused(desk: Client, query: str) -> None:
    assert desk.get(f"{LIST}?{query}").status_code == 400


@pytest.mark.parametrize(
    "query",
    ["occurs_at__year=2026&occurs_at__month=13", "p=x", "p=-3", "o=x.-9", "_facets=True",
     "occurs_at__year=0"],
)  # fmt: skip
def test_odd_addresses_show_a_list(desk: Client, query: str) -> None:
    assert desk.get(f"{LIST}?{query}", follow=True).status_code == 200


def test_pages_end_with_a_word_of_advice(desk: Client) -> None:
    answer = desk.get(f"{LIST}?time=all&p={PAGES_MOST + 1}", follow=True)
    assert f"The list has at most {PAGES_MOST} pages" in answer.content.decode()


def test_only_time_sorts_both_ways(desk: Client) -> None:
    def slugs(query: str) -> list[str]:
        shown = desk.get(f"{LIST}?{query}").context["cl"].result_list
        return [event.key for event in shown]

    forwards = slugs("time=all")
    assert slugs("time=all&o=-1") == forwards[::-1]
    assert slugs("time=all&o=4") == forwards


def test_wide_columns_stay_in_the_database(desk: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        desk.get(f"{LIST}?time=all")
    rows = [q["sql"] for q in queries if '"title_ja"' in q["sql"]]
    assert len(rows) == 1
    for wide in ("description_", "astronomical_data", "provenance", "reflection"):
        assert wide not in rows[0]


@pytest.mark.parametrize("name", [*PAGES, *SEARCHES])
def test_a_selection_is_what_the_list_shows(
    desk: Client, curator: User, summer: Span, name: str
) -> None:
    query = {**PAGES, **SEARCHES}[name]
    events = list(Event.objects.in_time_order())
    for event, status in zip(events, ("draft", "hidden", "cancelled"), strict=False):
        Event.objects.filter(pk=event.pk).update(status=status)
    Event.objects.filter(pk=events[5].pk).update(origin="staff", status="draft")
    Event.objects.filter(pk=events[6].pk).update(occurs_at="2030-05-17T10:00Z")
    for event, code in zip(events[3:], ("de", "fr", "de"), strict=False):
        TextState.objects.create(
            event=event, field="title", language=code, source="human", status="stale"
        )
    TextState.objects.create(event=events[9], field="title", language="de", source="human")
    if "p=" not in query:
        shown = desk.get(f"{LIST}?{query}&all=1").context["cl"].result_list
        request = RequestFactory().get(f"{LIST}?{query}")
        selected = selection_shown(request, language="en").rows()
        assert {event.pk for event in shown} == set(selected.values_list("pk", flat=True))


@pytest.mark.parametrize(
    "address",
    [f"{LIST}?time=all&{name}=%00"
     for name in ("family", "event_type", "texts", "text_language", "status__exact",
                  "origin__exact")]
    + [f"{LIST}?time=all&texts=stale&text_language=%00"]
    + [f"{ADMIN}events/textstate/?{name}=%00"
       for name in ("language", "field", "status__exact")]
    + [f"{ADMIN}core/auditentry/?object_type=%00", f"{ADMIN}accounts/user/?language__exact=%00"],
)  # fmt: skip
def test_a_filter_by_a_zero_byte_is_refused(client: Client, summer: Span, address: str) -> None:
    staff_sign_in(client, User.objects.create_superuser("owner", password=None))
    assert client.get(address).status_code == 400
    assert client.get(address.replace("%00", "xyzzy")).status_code < 400


def test_texts_narrow_by_state_and_language_together(desk: Client) -> None:
    first, second = Event.objects.in_time_order()[:2]
    for event, code in ((first, "de"), (second, "fr")):
        TextState.objects.create(
            event=event, field="title", language=code, source="human", status="stale"
        )
    TextState.objects.create(event=first, field="title", language="fr", source="human")

    def found(query: str) -> list[Any]:
        return [e.pk for e in desk.get(f"{LIST}?time=all&{query}").context["cl"].result_list]

    assert found("texts=stale&text_language=fr") == [second.pk]
    assert found("text_language=fr") == [second.pk]
    assert found("texts=stale") == [first.pk, second.pk]
