"""Announcements by staff: who may, what is said, who sees it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from channels.db import database_sync_to_async as in_thread
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from events.message_payloads import message_data
from events.models import Announcement
from events.services.notices import (
    announcement_create,
    announcement_publish,
    announcement_update,
    announcement_withdraw,
    announcements_publish_due,
)
from events.tests.live_talk import Talk
from events.tests.live_world import NOON
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.models import AuditEntry, OutboxMessage
from starscal.testing.staff import staff_sign_in

Said = Callable[[], list[OutboxMessage]]
TEXTS = {
    "title_en": "Maintenance", "body_en": "Tonight.", "title_de": "Wartung", "body_de": "Heute.",
}  # fmt: skip
RIGHTS = ("add_announcement", "change_announcement", "view_announcement")


@pytest.fixture
def publisher(db: None) -> User:
    return User.objects.create_superuser("publisher", password=None)


@pytest.fixture
def writer(db: None) -> User:
    user = User.objects.create_user("writer", password=None, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=RIGHTS))
    return user


@pytest.fixture
def notice(writer: User) -> Announcement:
    return announcement_create(actor=writer, fields={**TEXTS, "link": "https://sky.example/"})


def published(notice: Announcement, publisher: User, at: datetime = NOON) -> Announcement:
    return announcement_publish(announcement_id=notice.pk, actor=publisher, at=at)


def test_publishing_shows_audits_and_announces_once(
    notice: Announcement, publisher: User, messages: Said
) -> None:
    for _time in range(2):
        row = published(notice, publisher)
    (message,) = messages()
    assert (row.status, row.published_at, row.revision) == ("published", NOON, 2)
    assert (message.stream_id, message.kind) == ("events", "announcement")
    assert message.key == f"announcement-{row.pk}:published:rev2"
    assert message.body["words"]["de"] == {"title": "Wartung", "body": "Heute."}
    assert AuditEntry.objects.filter(action="announcement.publish").count() == 1


@pytest.mark.parametrize(
    ("language", "title", "fallback"),
    [("de", "Wartung", False), ("en", "Maintenance", False), ("hy", "Maintenance", True)],
)
def test_the_message_is_read_in_each_language(
    notice: Announcement,
    publisher: User,
    messages: Said,
    client: Client,
    language: str,
    title: str,
    fallback: bool,
) -> None:
    published(notice, publisher)
    data = message_data(messages()[0].body, language)
    assert (data["title"], data["fallback"]) == (title, fallback)
    (listed,) = client.get("/api/v1/announcements", {"lang": language}).json()["results"]
    assert listed == data


def test_withdrawing_takes_it_back_and_leaves_no_words(
    notice: Announcement, publisher: User, messages: Said, client: Client
) -> None:
    row = published(notice, publisher)
    announcement_withdraw(announcement_id=row.pk, actor=publisher)
    said = message_data(messages()[-1].body, "de")
    assert (said["id"], said["status"], said["title"]) == (str(row.pk), "withdrawn", "")
    assert said["link"] is None
    assert client.get("/api/v1/announcements").json() == {"results": []}
    again = published(notice, publisher)
    assert (again.status, again.revision) == ("published", 4)


def test_a_draft_is_withdrawn_in_silence(
    notice: Announcement, publisher: User, messages: Said
) -> None:
    announcement_withdraw(announcement_id=notice.pk, actor=publisher)
    assert messages() == []


def test_old_snapshot_and_messages_make_the_new_one(
    notice: Announcement, writer: User, publisher: User, messages: Said, client: Client
) -> None:
    other = announcement_create(actor=writer, fields={"title_en": "Second"})
    published(notice, publisher)
    published(other, publisher, NOON + timedelta(minutes=1))
    edit = {"body_en": "Tomorrow."}
    announcement_update(announcement_id=notice.pk, actor=publisher, fields=edit)
    announcement_withdraw(announcement_id=other.pk, actor=publisher)
    known: dict[str, Any] = {}
    for message in messages():
        data = message_data(message.body, "en")
        known[data["id"]] = data
    shown = [data for data in known.values() if data["status"] == "published"]
    assert client.get("/api/v1/announcements", {"lang": "en"}).json()["results"] == shown
    assert shown[0]["body"] == "Tomorrow."


def test_the_schedule_publishes_when_the_time_has_come(
    notice: Announcement, publisher: User, messages: Said
) -> None:
    wish = {"publish_at": NOON}
    announcement_update(announcement_id=notice.pk, actor=publisher, fields=wish)
    assert announcements_publish_due(at=NOON - timedelta(seconds=1)) == 0
    assert announcements_publish_due(at=NOON) == 1
    assert announcements_publish_due(at=NOON) == 0
    assert [message.kind for message in messages()] == ["announcement"]
    notice.refresh_from_db()
    assert (notice.status, notice.publish_at) == ("published", None)
    assert AuditEntry.objects.filter(action="announcement.publish", actor="scheduler").exists()


def test_what_was_withdrawn_is_not_scheduled_any_more(
    notice: Announcement, publisher: User
) -> None:
    wish = {"publish_at": NOON}
    announcement_update(announcement_id=notice.pk, actor=publisher, fields=wish)
    announcement_withdraw(announcement_id=notice.pk, actor=publisher)
    assert announcements_publish_due(at=NOON) == 0


def test_no_difference_no_write(notice: Announcement, writer: User, messages: Said) -> None:
    row = announcement_update(announcement_id=notice.pk, actor=writer, fields=dict(TEXTS))
    assert row.revision == notice.revision
    assert messages() == []


@pytest.mark.parametrize(
    "act",
    [
        lambda pk, who: announcement_publish(announcement_id=pk, actor=who, at=NOON),
        lambda pk, who: announcement_withdraw(announcement_id=pk, actor=who),
        lambda pk, who: announcement_update(
            announcement_id=pk, actor=who, fields={"publish_at": NOON}
        ),
    ],
    ids=["publish", "withdraw", "schedule"],
)
def test_who_writes_may_not_publish(
    notice: Announcement, writer: User, act: Callable[..., Any]
) -> None:
    with pytest.raises(ApplicationError) as refused:
        act(notice.pk, writer)
    assert refused.value.code is ErrorCode.PERMISSION_DENIED


def test_who_writes_may_not_change_what_is_public(
    notice: Announcement, writer: User, publisher: User
) -> None:
    published(notice, publisher)
    with pytest.raises(ApplicationError) as refused:
        announcement_update(announcement_id=notice.pk, actor=writer, fields={"title_en": "No"})
    assert refused.value.code is ErrorCode.PERMISSION_DENIED


@pytest.mark.parametrize(
    "fields",
    [
        {"title_en": ""},
        {"title_en": "x" * 201},
        {"body_hi": "x" * 2001},
        {"title_de": "a\u202eb"},
        {"link": "http://sky.example/"},
        {"link": "javascript:alert(1)"},
        {"link": "https://" + "x" * 500 + ".example/"},
    ],
    ids=["untitled", "long title", "long text", "turned", "plain http", "script", "long link"],
)
def test_what_cannot_be_said_is_refused(
    notice: Announcement, writer: User, fields: dict[str, str]
) -> None:
    with pytest.raises(ApplicationError) as refused:
        announcement_update(announcement_id=notice.pk, actor=writer, fields=fields)
    assert refused.value.code is ErrorCode.VALIDATION_INVALID


def test_the_database_takes_only_https(db: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Announcement.objects.create(title_en="Hello", link="http://sky.example/")


def test_one_that_does_not_exist(publisher: User) -> None:
    with pytest.raises(ApplicationError) as refused:
        announcement_publish(announcement_id=uuid4(), actor=publisher, at=NOON)
    assert refused.value.code is ErrorCode.NOT_FOUND


def test_the_list_is_cached_by_its_bytes(
    notice: Announcement, publisher: User, client: Client
) -> None:
    published(notice, publisher)
    first = client.get("/api/v1/announcements")
    etag = {"If-None-Match": first["ETag"]}
    assert client.get("/api/v1/announcements", headers=etag).status_code == 304
    assert client.get("/api/v1/announcements", {"limit": 3}).status_code == 400


def test_ten_cost_as_many_queries_as_one(
    writer: User, publisher: User, client: Client, django_assert_num_queries: Any
) -> None:
    for count in (1, 9):
        for _number in range(count):
            row = announcement_create(actor=writer, fields=dict(TEXTS))
            published(row, publisher)
        with django_assert_num_queries(1):
            client.get("/api/v1/announcements")


def test_the_page_shows_them_without_a_script(
    notice: Announcement, publisher: User, client: Client
) -> None:
    published(notice, publisher)
    german, armenian = (client.get(f"/{code}/").content.decode() for code in ("de", "hy"))
    assert "<strong>Wartung</strong>" in german
    assert 'href="https://sky.example/"' in german
    assert f'data-id="{notice.pk}" data-revision="2" lang="en"' in armenian


def test_the_admin_drafts_previews_and_publishes(publisher: User, client: Client) -> None:
    staff_sign_in(client, publisher)
    form = {"title_en": "Maintenance", "title_de": "Wartung", "link": "https://sky.example/"}
    client.post(reverse("admin:events_announcement_add"), form)
    row = Announcement.objects.get()
    assert (row.text("title", "de"), row.created_by) == ("Wartung", publisher)
    page = reverse("admin:events_announcement_change", args=[row.pk])
    assert '<p lang="en"><b>Հայերեն</b>: Maintenance' in client.get(page).content.decode()
    client.post(page, {**form, "title_de": "Pause"})
    status = reverse("admin:events_announcement_status", args=[row.pk])
    client.post(status, {"operation": "publish"})
    row.refresh_from_db()
    assert (row.status, row.text("title", "de")) == ("published", "Pause")
    chosen = {"action": "withdraw_chosen", "_selected_action": str(row.pk)}
    client.post(reverse("admin:events_announcement_changelist"), chosen)
    row.refresh_from_db()
    assert row.status == "withdrawn"


def test_the_admin_keeps_publishing_from_those_without_the_right(
    notice: Announcement, writer: User, client: Client
) -> None:
    staff_sign_in(client, writer)
    page = reverse("admin:events_announcement_change", args=[notice.pk])
    assert 'value="publish"' not in client.get(page).content.decode()
    status = reverse("admin:events_announcement_status", args=[notice.pk])
    assert client.post(status, {"operation": "publish"}).status_code == 403
    answer = client.post(page, {**TEXTS, "publish_at_0": "2026-07-01", "publish_at_1": "12:00"})
    assert answer.status_code == 200  # the form again, with what was refused
    notice.refresh_from_db()
    assert (notice.status, notice.publish_at) == ("draft", None)


async def test_sockets_hear_of_it_in_their_language_whatever_they_filter(
    talk: Talk, transactional_db: None
) -> None:
    def tell() -> None:
        editor = User.objects.create_superuser("teller", password=None)
        row = announcement_create(actor=editor, fields=dict(TEXTS))
        published(row, editor)

    german, other = await talk(), await talk()
    await german.hello(lang="de", filter={"family": ["moon_phases"], "min_significance": 5})
    await other.hello(lang="tlh")
    await in_thread(tell)()
    frames = [await socket.hear_op("event") for socket in (german, other)]
    assert [frame["type"] for frame in frames] == ["announcement"] * 2
    assert [frame["data"]["title"] for frame in frames] == ["Wartung", "Maintenance"]
    assert [frame["data"]["fallback"] for frame in frames] == [False, True]
