"""The page of a series, and the box that says an edit for all that come."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from events.models import Event
from events.models.series import EventSeries
from events.selectors_series import occurrences_of
from events.services.curation import EventEdit, event_create, event_publish
from events.services.series import SeriesRule, series_create
from events.tests.desk_support import change_page, form_values, member
from starscal.core import clock
from starscal.testing.staff import staff_sign_in

FRIDAY = datetime(2030, 7, 5, 17, tzinfo=UTC)
WEEKLY = {
    "rhythm": "weekly", "every": "1", "offset": "0", "timezone": "Europe/Berlin", "count": "4",
}  # fmt: skip


@pytest.fixture
def fire(curator: User) -> Event:
    edit = EventEdit(texts={"title_en": "Fire"})
    return event_create(actor=curator, occurs_at=FRIDAY, edit=edit, at=clock.now())


@pytest.fixture
def series(fire: Event, curator: User) -> EventSeries:
    rule = SeriesRule("weekly", "Europe/Berlin", count=4)
    return series_create(event_id=fire.pk, actor=curator, rule=rule, at=clock.now())


def page_of(event: Event) -> str:
    return reverse("admin:events_event_series", args=[event.pk])


def text_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_a_curator_repeats_an_event(client: Client, fire: Event) -> None:
    staff_sign_in(client, member("Curator"))
    assert page_of(fire) in text_of(client, change_page(fire))
    assert 'name="rhythm"' in text_of(client, page_of(fire))
    answer = client.post(page_of(fire), WEEKLY, follow=True)
    shown = answer.content.decode()
    assert "The series has 4 events." in shown
    assert "Every week: Friday." in shown
    assert shown.count('data-state="draft"') == 4
    assert 'name="operation"' not in shown  # which is the publisher's


def test_what_describes_a_field_stands_on_the_page(client: Client, fire: Event) -> None:
    staff_sign_in(client, member("Curator"))
    shown = client.post(page_of(fire), {"rhythm": "weekly", "every": "0"}).content.decode()
    named = [
        name for told in re.findall(r'aria-describedby="([^"]*)"', shown) for name in told.split()
    ]
    assert any(name.endswith("_helptext") for name in named)
    assert [name for name in named if f'id="{name}"' not in shown] == []


def test_what_is_wrong_stands_beside_its_field(client: Client, fire: Event) -> None:
    staff_sign_in(client, member("Curator"))
    wish = WEEKLY | {"until": "2030-08-01"}
    shown = client.post(page_of(fire), wish).content.decode()
    assert "Say until when, or how often, not both." in shown
    assert not EventSeries.objects.exists()
    wish = WEEKLY | {"rhythm": "hourly", "timezone": "Mars", "every": "0", "count": "x"}
    assert client.post(page_of(fire), wish).status_code == 200
    assert not EventSeries.objects.exists()


def test_a_publisher_publishes_and_ends(client: Client, fire: Event, series: EventSeries) -> None:
    staff_sign_in(client, member("Publisher"))
    answer = client.post(page_of(fire), {"operation": "publish"}, follow=True)
    assert "4 events are published." in answer.content.decode()
    ending = {"operation": "end", "reason": "No wood."}
    answer = client.post(page_of(fire), ending, follow=True)
    assert "4 events are cancelled." in answer.content.decode()
    assert "This series has ended." in answer.content.decode()
    assert {event.status for event in occurrences_of(series)} == {"cancelled"}


@pytest.mark.parametrize("group", ["Translator-de", "Auditor", "Publisher", "Curator"])
def test_each_group_does_its_own(client: Client, fire: Event, curator: User, group: str) -> None:
    staff_sign_in(client, member(group))
    begun = client.post(page_of(fire), WEEKLY)
    assert begun.status_code == (302 if group == "Curator" else 403)
    if group != "Curator":
        rule = SeriesRule("weekly", "UTC", count=3)
        series_create(event_id=fire.pk, actor=curator, rule=rule, at=clock.now())
    ended = client.post(page_of(fire), {"operation": "end"})
    assert ended.status_code == (302 if group == "Publisher" else 403)


@pytest.mark.parametrize(("tick", "titles"), [("", ["Glut", ""]), ("on", ["Glut", "Glut"])])
def test_the_box_says_it_for_all(
    client: Client, fire: Event, series: EventSeries, tick: str, titles: list[str]
) -> None:
    staff_sign_in(client, member("Curator"))
    values = form_values(text_of(client, change_page(fire))) | {"title_de": "Glut"}
    values = {name: value for name, value in values.items() if name != "spread"}
    answer = client.post(
        change_page(fire), values | ({"spread": tick} if tick else {}), follow=True
    )
    assert [event.text("title", "de") for event in occurrences_of(series)][:2] == titles
    assert ("3 events after it have changed with it." in answer.content.decode()) == bool(tick)


def test_events_that_do_not_repeat_have_no_box(
    client: Client, fire: Event, full_moon: Event
) -> None:
    staff_sign_in(client, member("Curator"))
    assert 'name="spread"' not in text_of(client, change_page(fire))
    assert 'name="spread"' not in text_of(client, change_page(full_moon))
    assert client.get(page_of(full_moon)).status_code == 404


def test_the_public_page_says_when_it_comes_again(
    client: Client, fire: Event, series: EventSeries, curator: User
) -> None:
    event_publish(event_id=fire.pk, actor=curator)
    assert "Every week: Friday." in text_of(client, f"/en/events/{fire.slug}/")
    answer = client.get(f"/api/v1/events/{fire.slug}").json()
    assert answer["series"] == str(series.pk)
