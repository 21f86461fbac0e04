"""The admin gathers edits and calls services; it refuses kindly and never deletes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from events.models import Event, KindSetting, TextState
from events.services.curation import event_publish
from events.tests.desk_support import change_page, form_values
from events.windows import Span
from starscal.core import clock
from starscal.core.models import AuditEntry, OutboxMessage
from starscal.testing.staff import staff_sign_in

MessagesSince = Callable[[], list[OutboxMessage]]
LIST = "/admin/events/event/"
ALL_TIME = f"{LIST}?time=all"


@pytest.fixture
def desk(client: Client, curator: User) -> Client:
    staff_sign_in(client, curator)
    return client


@pytest.fixture
def owner_desk(client: Client, db: None) -> Client:
    staff_sign_in(client, User.objects.create_superuser("owner", password=None))
    return client


def send(desk: Client, event: Event, **changes: str) -> Any:
    values = form_values(desk.get(change_page(event)).content.decode())
    return desk.post(change_page(event), values | changes, follow=True)


def test_the_list_shows_titles_kinds_and_marks_of_texts(desk: Client, summer: Span) -> None:
    event = Event.objects.get(slug="moon-full-2026-06-29")
    TextState.objects.create(
        event=event, field="title", language="de", source="human", status="stale"
    )
    html = desk.get(ALL_TIME).content.decode()
    assert event.text("title", "en") in html
    assert '<span lang="de" title="Deutsch">de!</span>' in html
    assert '<span lang="ja" title="日本語">ja</span>' in html


@pytest.mark.parametrize(
    "query",
    ["family=moon_phases", "event_type=full_moon", "least=4", "texts=stale", "time=past",
     "status__exact=draft", "q=moon", "occurs_at__year=2026", "least=x", "o=3.-1"],
)  # fmt: skip
def test_filters_and_search_answer(desk: Client, summer: Span, query: str) -> None:
    assert desk.get(f"{LIST}?{query}", follow=True).status_code == 200


def test_a_search_finds_what_is_over(desk: Client, full_moon: Event) -> None:
    Event.objects.filter(pk=full_moon.pk).update(occurs_at=clock.now() - timedelta(days=3))
    assert change_page(full_moon) not in desk.get(f"{LIST}?q=").content.decode()
    assert change_page(full_moon) in desk.get(f"{LIST}?q={full_moon.slug}").content.decode()


def test_the_search_finds_any_case_by_the_indexes(desk: Client, summer: Span) -> None:
    def found(words: str) -> int:
        return int(desk.get(LIST, {"time": "all", "q": words}).context["cl"].result_count)

    assert found("FULL moon") == Event.objects.filter(event_type="full_moon").count() > 0
    assert found("full%moon") == found("full_moon") == 0
    assert found("moon-full-2026-06") == 1
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    model_admin = site.get_model_admin(Event)
    request = RequestFactory().get(LIST)
    plan = model_admin.get_search_results(request, Event.objects.all(), "full moon")[0].explain()
    assert "event_title_en_idx" in plan
    assert "Seq Scan" not in plan


def test_the_list_asks_as_often_for_one_as_for_ten(desk: Client, summer: Span) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(ALL_TIME).status_code == 200
        return len(queries)

    many = count()
    Event.objects.exclude(slug="moon-full-2026-06-29").delete()
    assert count() == many


def test_an_edit_goes_through_the_service(
    desk: Client, curator: User, full_moon: Event, messages: MessagesSince
) -> None:
    answer = send(desk, full_moon, title_de="Der Honigmond", quantum_resonance="0.75")
    assert answer.redirect_chain
    full_moon.refresh_from_db()
    assert (full_moon.text("title", "de"), full_moon.quantum_resonance) == ("Der Honigmond", 0.75)
    (state,) = TextState.objects.filter(event=full_moon)
    assert (state.language, state.source, state.editor) == ("de", "human", curator)
    (message,) = messages()
    assert message.kind == "event.updated"
    changes = AuditEntry.objects.get(action="event.update").changes
    assert set(changes) == {"title_de", "quantum_resonance"}


def test_saving_without_a_change_announces_nothing(
    desk: Client, full_moon: Event, messages: MessagesSince
) -> None:
    send(desk, full_moon)
    assert messages() == []
    assert Event.objects.get(pk=full_moon.pk).revision == full_moon.revision


def test_facts_of_computed_events_cannot_be_sent(desk: Client, full_moon: Event) -> None:
    send(
        desk, full_moon, occurs_at_0="2030-01-01", occurs_at_1="00:00:00", key="other",
        astronomical_data="{}", status="hidden",
    )  # fmt: skip
    unchanged = Event.objects.get(pk=full_moon.pk)
    for name in ("occurs_at", "key", "astronomical_data", "status", "revision"):
        assert getattr(unchanged, name) == getattr(full_moon, name)


@pytest.mark.parametrize(
    "changes",
    [{"quantum_resonance": "1.5"}, {"title_en": "x" * 201}, {"publish_at_0": "yesterday"},
     {"seen_revision": "not a number"}, {"seen_revision": ""}],
)  # fmt: skip
def test_a_bad_value_is_an_error_of_the_form(
    desk: Client, full_moon: Event, changes: dict[str, str]
) -> None:
    answer = send(desk, full_moon, **changes)
    assert answer.status_code == 200
    assert "errornote" in answer.content.decode()
    assert Event.objects.get(pk=full_moon.pk).revision == full_moon.revision


def test_staff_create_events_of_their_own(desk: Client, db: None) -> None:
    values = {
        "occurs_at_0": "2026-07-20", "occurs_at_1": "18:00:00", "significance": "3",
        "title_en": "Full Moon meditation", "title_ru": "Медитация в полнолуние",
    }  # fmt: skip
    answer = desk.post(reverse("admin:events_event_add"), values, follow=True)
    event = Event.objects.get(origin="staff")
    assert change_page(event) in answer.content.decode() or answer.redirect_chain
    assert (event.status, event.text("title", "ru")) == ("draft", "Медитация в полнолуние")
    assert AuditEntry.objects.filter(action="event.create", object_id=str(event.pk)).exists()


def test_times_of_staff_events_can_be_edited(desk: Client, curator: User) -> None:
    test_staff_create_events_of_their_own(desk, None)
    event = Event.objects.get(origin="staff")
    send(desk, event, occurs_at_1="19:30:00")
    event.refresh_from_db()
    assert f"{event.occurs_at:%H:%M}" == "19:30"


@pytest.mark.parametrize(
    ("action", "status", "said"),
    [("publish_chosen", "published", ["event.published"]), ("hide_chosen", "hidden", [])],
)
def test_actions_call_the_services(
    desk: Client, draft: Event, messages: MessagesSince, action: str, status: str, said: list[str]
) -> None:
    answer = desk.post(ALL_TIME, {"action": action, "_selected_action": str(draft.pk)}, follow=True)
    assert answer.status_code == 200
    assert Event.objects.get(pk=draft.pk).status == status
    assert [message.kind for message in messages()] == said


def test_an_action_that_is_refused_says_why(
    desk: Client, draft: Event, messages: MessagesSince
) -> None:
    chosen = {
        "action": "cancel_chosen", "_selected_action": str(draft.pk), "reason": "Clouds.",
    }  # fmt: skip
    answer = desk.post(ALL_TIME, chosen, follow=True)
    assert "Only a published event can be cancelled." in answer.content.decode()
    assert messages() == []


@pytest.mark.parametrize(
    ("operation", "status"),
    [("publish", "published"), ("hide", "hidden"), ("cancel", "draft"), ("explode", "draft")],
)
def test_buttons_call_the_services(desk: Client, draft: Event, operation: str, status: str) -> None:
    address = reverse("admin:events_event_status", args=[draft.pk])
    answer = desk.post(address, {"operation": operation, "reason": ""}, follow=True)
    assert answer.status_code == 200
    assert Event.objects.get(pk=draft.pk).status == status


def test_the_reason_of_a_cancellation_is_kept(desk: Client, full_moon: Event) -> None:
    address = reverse("admin:events_event_status", args=[full_moon.pk])
    desk.post(address, {"operation": "cancel", "reason": "Clouds."})
    assert AuditEntry.objects.get(action="event.cancelled").reason == "Clouds."


def test_buttons_need_a_post_and_the_right(
    client: Client, draft: Event, curator: User, visitor: User
) -> None:
    address = reverse("admin:events_event_status", args=[draft.pk])
    assert client.post(address, {"operation": "publish"}).status_code == 302
    client.force_login(visitor)
    assert client.post(address, {"operation": "publish"}).status_code == 302
    onlooker = User.objects.create_user("onlooker", password=None, is_staff=True)
    onlooker.user_permissions.set(Permission.objects.filter(codename="view_event"))
    staff_sign_in(client, onlooker)
    assert client.post(address, {"operation": "publish"}).status_code == 403
    staff_sign_in(client, curator)
    assert client.get(address).status_code == 405
    assert Event.objects.get(pk=draft.pk).status == "draft"


def test_onlookers_see_but_neither_publish_nor_save(client: Client, draft: Event) -> None:
    onlooker = User.objects.create_user("onlooker", password=None, is_staff=True)
    onlooker.user_permissions.set(Permission.objects.filter(codename="view_event"))
    staff_sign_in(client, onlooker)
    html = client.get(change_page(draft)).content.decode()
    assert draft.key in html
    assert 'name="_save"' not in html
    assert 'value="publish"' not in html


def test_nothing_is_deleted(owner_desk: Client, full_moon: Event) -> None:
    address = reverse("admin:events_event_delete", args=[full_moon.pk])
    assert owner_desk.post(address, {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": str(full_moon.pk)}
    owner_desk.post(ALL_TIME, chosen)
    assert Event.objects.filter(pk=full_moon.pk).exists()


def test_kinds_are_set_through_the_service(owner_desk: Client) -> None:
    owner_desk.post(
        reverse("admin:events_kindsetting_add"), {"code": "full_moon", "needs_review": "on"}
    )
    assert KindSetting.objects.get().needs_review
    owner_desk.post(reverse("admin:events_kindsetting_change", args=["full_moon"]), {})
    assert not KindSetting.objects.get().needs_review
    assert AuditEntry.objects.filter(action="kind_setting.update").count() == 2


def test_a_right_that_a_service_asks_for_is_an_error_of_the_form(client: Client, db: None) -> None:
    adder = User.objects.create_user("adder", password=None, is_staff=True)
    adder.user_permissions.set(Permission.objects.filter(codename="add_kindsetting"))
    staff_sign_in(client, adder)
    answer = client.post(
        reverse("admin:events_kindsetting_add"), {"code": "full_moon", "needs_review": "on"}
    )
    assert answer.status_code == 403 or "You may not do this" in answer.content.decode()
    assert not KindSetting.objects.exists()


@pytest.mark.parametrize(
    "name",
    ["events_textstate", "events_computedwindow", "core_stream", "core_outboxmessage",
     "core_auditentry", "events_kindsetting", "accounts_user"],
)  # fmt: skip
def test_every_list_opens(owner_desk: Client, draft: Event, curator: User, name: str) -> None:
    event_publish(event_id=draft.pk, actor=curator)
    assert owner_desk.get(reverse(f"admin:{name}_changelist")).status_code == 200


@pytest.mark.parametrize("name", ["core_stream", "core_auditentry", "events_textstate"])
def test_what_the_system_writes_is_only_read(owner_desk: Client, name: str) -> None:
    assert owner_desk.get(reverse(f"admin:{name}_add")).status_code == 403


def test_the_front_door_names_the_house(owner_desk: Client) -> None:
    html = owner_desk.get("/admin/").content.decode()
    assert "StarsCalendars" in html
    assert "Calendar administration" in html
