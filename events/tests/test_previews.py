"""The preview shows what readers of ten languages get, of drafts too."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from accounts.models import User
from events.models import Event
from events.previews import event_previews
from events.rendering import ALL_LANGUAGES
from starscal.core.i18n import column
from starscal.core.pages import html_tag
from starscal.testing.staff import staff_sign_in

YEREVAN = ZoneInfo("Asia/Yerevan")


def preview_page(event: Event) -> str:
    return reverse("admin:events_event_preview", args=[event.pk])


@pytest.fixture
def desk(client: Client, curator: User) -> Client:
    staff_sign_in(client, curator)
    return client


def test_every_form_says_the_title_in_every_language(full_moon: Event, at: datetime) -> None:
    previews = event_previews(event=full_moon, zone=YEREVAN, at=at)
    assert tuple(previews) == ALL_LANGUAGES
    for code, preview in previews.items():
        title = full_moon.text("title", code)
        assert json.loads(preview.json)["title"] == title
        assert (title in preview.chat, title in preview.page) == (True, True)
        (entry,) = Calendar.from_ical(preview.ics).events
        assert (entry["uid"], entry["summary"]) == (full_moon.key, title)
        assert f"/{code}/events/{full_moon.slug}/" in str(entry["url"])


@pytest.mark.parametrize("language", ["en", "hy", "pt-br"])
def test_the_json_is_the_answer_of_the_api(
    client: Client, full_moon: Event, at: datetime, language: str
) -> None:
    address = f"/api/v1/events/{full_moon.pk}"
    answer = client.get(address, {"lang": language, "tz": "Asia/Yerevan"}).json()
    preview = event_previews(event=full_moon, zone=YEREVAN, at=at)[language]
    assert json.loads(preview.json) == answer


def test_nothing_is_asked_of_the_database(full_moon: Event, at: datetime) -> None:
    event = Event.objects.get(pk=full_moon.pk)
    with CaptureQueriesContext(connection) as queries:
        event_previews(event=event, zone=YEREVAN, at=at)
    assert len(queries) == 0


def test_words_are_text_and_no_markup(full_moon: Event, at: datetime) -> None:
    full_moon.title_en = "<script>1</script>"  # type: ignore[attr-defined] # modeltranslation's
    preview = event_previews(event=full_moon, zone=YEREVAN, at=at)["en"]
    assert "<script>" not in preview.page
    assert "&lt;script&gt;" in preview.page
    assert "<script>" in preview.chat


def test_drafts_are_previewed(desk: Client, draft: Event) -> None:
    html = desk.get(preview_page(draft)).content.decode()
    for code in ALL_LANGUAGES:
        assert f'<span lang="{html_tag(code)}">' in html
        assert html.count(draft.text("title", code)) >= 4
    assert "Draft" in html
    assert "Readers see the English text." not in html


def test_a_missing_text_is_told(desk: Client, draft: Event) -> None:
    names = {column(field, "hy"): "" for field in ("title", "description")}
    Event.objects.filter(pk=draft.pk).update(**names)
    html = desk.get(preview_page(draft)).content.decode()
    assert html.count("Readers see the English text.") == 1
    part = html[html.index('id="text-hy"') :]
    assert '<p class="preview-chat" lang="en">' in part


def test_events_of_staff_are_previewed(desk: Client, draft: Event) -> None:
    Event.objects.filter(pk=draft.pk).update(
        origin="staff", event_type="staff_event", family="staff", astronomical_data={}
    )
    assert desk.get(preview_page(draft)).status_code == 200


def test_who_may_look_at_events_may_look_at_previews(
    client: Client, draft: Event, visitor: User
) -> None:
    client.force_login(visitor)
    assert client.get(preview_page(draft)).status_code == 302
    onlooker = User.objects.create_user("onlooker", password=None, is_staff=True)
    staff_sign_in(client, onlooker)
    assert client.get(preview_page(draft)).status_code == 403
    onlooker.user_permissions.set(Permission.objects.filter(codename="view_event"))
    assert client.get(preview_page(draft)).status_code == 200
    assert client.post(preview_page(draft)).status_code == 405
    missing = reverse("admin:events_event_preview", args=[UUID(int=1)])
    assert client.get(missing).status_code == 404
