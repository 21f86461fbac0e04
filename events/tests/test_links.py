"""An event of staff leads to where there is more to know of it, wherever it is read."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import User
from events.chat_text import event_address, event_chat_text
from events.ical import calendar_bytes
from events.models import Event
from events.previews import event_preview
from events.services.curation import EventEdit, event_create, event_publish, event_update
from events.services.generation import event_generate
from events.tests.conftest import SUMMER_2026
from events.tests.desk_support import change_page, form_values, member
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.models import OutboxMessage
from starscal.testing.staff import staff_sign_in

LINK = "https://gathering.example/лес?from=sky&to=fire"
FIRE = datetime(2026, 7, 20, 18, tzinfo=UTC)


@pytest.fixture
def gathering(curator: User, at: datetime) -> Event:
    edit = EventEdit(fields={"link": LINK}, texts={"title_en": "Fire", "description_en": "Songs."})
    event = event_create(actor=curator, occurs_at=FIRE, edit=edit, at=at)
    return event_publish(event_id=event.pk, actor=curator)


def test_every_answer_tells_the_link(client: Client, gathering: Event) -> None:
    (listed,) = client.get("/api/v1/events?family=staff&start=2026-07-01&end=2026-08-01").json()[
        "results"
    ]
    found = client.get(f"/api/v1/events/{gathering.slug}").json()
    assert listed["link"] == found["link"] == LINK
    assert OutboxMessage.objects.get(kind="event.published").body["facts"]["link"] == LINK


def test_computed_events_have_none(client: Client, full_moon: Event) -> None:
    answer = client.get(f"/api/v1/events/{full_moon.slug}").json()
    unstored = client.get("/api/v1/events?family=seasons&start=2030-01-01&end=2031-01-01").json()
    assert answer["link"] is None
    assert {event["link"] for event in unstored["results"]} == {None}


def test_calendar_chat_page_and_preview_lead_there(client: Client, gathering: Event) -> None:
    ics = calendar_bytes([gathering], language="en", zone=None, address=lambda _e: "https://own/")
    unfolded = ics.decode().replace("\r\n ", "")
    assert f"\r\nURL:{LINK}\r\n" in unfolded
    chat = event_chat_text(event=gathering, language="en", zone=ZoneInfo("UTC"))
    assert chat.split("\n\n")[-1].splitlines() == [LINK, event_address(gathering, "en")]
    page = client.get(f"/en/events/{gathering.slug}/").content.decode()
    shown = f'rel="noopener" href="{LINK.replace("&", "&amp;")}">gathering.example</a>'
    assert shown in page
    preview = event_preview(event=gathering, language="de", zone=ZoneInfo("UTC"), at=FIRE)
    assert shown in preview.page


def test_a_calendar_without_a_link_leads_to_the_page(full_moon: Event) -> None:
    ics = calendar_bytes([full_moon], language="en", zone=None, address=lambda _e: "https://own/")
    assert "\r\nURL:https://own/\r\n" in ics.decode()


def test_a_gathering_that_lasts_has_no_greatest_moment(
    gathering: Event, curator: User, at: datetime
) -> None:
    times = {"begins_at": FIRE, "ends_at": FIRE.replace(hour=20)}
    edit = EventEdit(fields=times, revision=gathering.revision)
    event = event_update(event_id=gathering.pk, actor=curator, edit=edit, at=at)
    ics = calendar_bytes([event], language="en", zone=None, address=lambda _e: "https://own/")
    assert "DTEND:20260720T200000Z" in ics.decode()
    assert "Greatest" not in ics.decode()


@pytest.mark.parametrize(
    "link",
    [
        "http://plain.example/", "javascript:alert(1)", "HTTPS://loud.example/", "https://",
        "here", "https://turned.example/\u202egnp.exe", "https://two.example/\nlines",
        "https://a b.example",
        "https://long.example/" + "x" * 480,
    ],
)  # fmt: skip
def test_other_links_are_refused(gathering: Event, curator: User, at: datetime, link: str) -> None:
    edit = EventEdit(fields={"link": link}, revision=gathering.revision)
    with pytest.raises(ApplicationError) as refused:
        event_update(event_id=gathering.pk, actor=curator, edit=edit, at=at)
    assert refused.value.code == ErrorCode.VALIDATION_INVALID
    assert set(refused.value.extra["fields"]) == {"link"}


def test_a_computed_event_takes_none(full_moon: Event, curator: User, at: datetime) -> None:
    edit = EventEdit(fields={"link": LINK}, revision=full_moon.revision)
    with pytest.raises(ApplicationError) as refused:
        event_update(event_id=full_moon.pk, actor=curator, edit=edit, at=at)
    assert refused.value.code == ErrorCode.VALIDATION_INVALID
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.filter(pk=full_moon.pk).update(link=LINK)


def test_recomputing_leaves_events_of_staff_alone(gathering: Event) -> None:
    event_generate(span=SUMMER_2026, families=("moon_phases",))
    Event.objects.filter(origin="computed").update(facts_hash="older")
    event_generate(span=SUMMER_2026, families=("moon_phases",))
    gathering.refresh_from_db()
    assert gathering.link == LINK
    assert set(Event.objects.filter(origin="computed").values_list("link", flat=True)) == {""}


def test_two_editors_of_the_link_hear_of_each_other(
    gathering: Event, curator: User, at: datetime
) -> None:
    def save(link: str) -> Event:
        edit = EventEdit(fields={"link": link}, seen={"link": LINK})
        return event_update(event_id=gathering.pk, actor=curator, edit=edit, at=at)

    save("https://mine.example/")
    with pytest.raises(ApplicationError) as refused:
        save("https://yours.example/")
    assert refused.value.extra["cells"]["link"]["theirs"] == "https://mine.example/"


@pytest.mark.parametrize(("group", "may"), [("Curator", True), ("Translator-hy", False)])
def test_the_form_has_the_link_of_events_of_staff(
    client: Client, gathering: Event, full_moon: Event, group: str, may: bool
) -> None:
    staff_sign_in(client, member(group))
    html = client.get(change_page(gathering)).content.decode()
    assert ("link" in form_values(html)) == may
    assert "gathering.example" in html
    assert "link" not in form_values(client.get(change_page(full_moon)).content.decode())


def test_the_form_saves_the_link(client: Client, gathering: Event) -> None:
    staff_sign_in(client, member("Curator"))
    values = form_values(client.get(change_page(gathering)).content.decode())
    answer = client.post(change_page(gathering), values | {"link": "https://new.example/"})
    assert answer.status_code == 302
    gathering.refresh_from_db()
    assert gathering.link == "https://new.example/"
