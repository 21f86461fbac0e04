"""Each group may do what the table says and nothing else: by services and by forged requests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from events.models import TRANSLATED_FIELDS, Announcement, Event, KindSetting
from events.services.curation import (
    EventEdit,
    event_cancel,
    event_create,
    event_hide,
    event_publish,
    event_update,
)
from events.services.kinds import kind_setting_update
from events.services.notices import (
    announcement_create,
    announcement_publish,
    announcement_update,
    announcement_withdraw,
)
from events.tests.desk_support import change_page, form_values, member
from events.tests.live_world import NOON
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.i18n import column
from starscal.testing.staff import staff_sign_in

pytestmark = pytest.mark.django_db
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
ALL_TEXTS = {f"write {code}" for code in LANGUAGES}
# Written by hand, not taken from the table in the code.
MAY: dict[str, set[str]] = {
    "Curator": {"create", "plain", "weigh", "draft notice", "edit notice"} | ALL_TEXTS,
    "Publisher": {
        "schedule", "publish", "hide", "cancel", "set kind", "publish notice", "withdraw notice",
    },
    **{f"Translator-{code}": {f"write {code}"} for code in LANGUAGES},
    "Auditor": set(),
}  # fmt: skip
GROUPS = tuple(MAY)
Wish = Callable[[], Any]


@pytest.fixture
def owner() -> User:
    return User.objects.create_superuser("owner", password=None)


@pytest.fixture
def event(owner: User) -> Event:
    """Return a public event of staff, of which everything can be edited."""
    edit = EventEdit(texts={column("title", code): f"Fire {code}" for code in LANGUAGES})
    event = event_create(actor=owner, occurs_at=NOON, edit=edit, at=NOON)
    return event_publish(event_id=event.pk, actor=owner)


@pytest.fixture
def notice(owner: User) -> Announcement:
    return announcement_create(actor=owner, fields={"title_en": "Maintenance"})


@pytest.fixture(params=GROUPS)
def group(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def wishes(event: Event, notice: Announcement, actor: User) -> Iterator[tuple[str, Wish]]:
    """Yield everything that can be asked of the services, by name."""

    def edit(**what: Any) -> Wish:
        wanted = EventEdit(**what, revision=event.revision)
        return lambda: event_update(event_id=event.pk, actor=actor, edit=wanted, at=NOON)

    one: dict[str, Any] = {"event_id": event.pk, "actor": actor}
    told: dict[str, Any] = {"announcement_id": notice.pk, "actor": actor}
    for code in LANGUAGES:
        texts = {column(field, code): "Other words" for field in TRANSLATED_FIELDS}
        yield f"write {code}", edit(texts=texts)
    new = EventEdit(fields={"significance": 2}, texts={"title_en": "A walk"})
    yield "create", lambda: event_create(actor=actor, occurs_at=NOON, edit=new, at=NOON)
    yield "plain", edit(fields={"quantum_resonance": 0.5})
    yield "weigh", edit(fields={"significance": 5})
    yield "schedule", edit(fields={"publish_at": NOON})
    yield "publish", lambda: event_publish(**one)
    yield "hide", lambda: event_hide(**one)
    yield "cancel", lambda: event_cancel(**one)
    yield "set kind", lambda: kind_setting_update(code="full_moon", needs_review=True, actor=actor)
    yield "draft notice", lambda: announcement_create(actor=actor, fields={"title_en": "Hello"})
    yield "edit notice", lambda: announcement_update(**told, fields={"title_en": "Hello"})
    yield "publish notice", lambda: announcement_publish(**told, at=NOON)
    yield "withdraw notice", lambda: announcement_withdraw(**told)


def test_the_services_do_what_a_group_may_and_nothing_else(
    group: str, event: Event, notice: Announcement
) -> None:
    actor = member(group)
    outcomes = {name: outcome(wish) for name, wish in wishes(event, notice, actor)}
    assert {name for name, refusal in outcomes.items() if refusal is None} == MAY[group]
    assert {*outcomes.values()} <= {None, ErrorCode.PERMISSION_DENIED}


def outcome(wish: Wish) -> ErrorCode | None:
    """Try something, undo it, and return why it was refused, if it was."""
    refusal = None
    with transaction.atomic():
        try:
            wish()
        except ApplicationError as caught:
            refusal = caught.code
        transaction.set_rollback(True)
    return refusal


def test_one_column_out_of_reach_refuses_the_whole_edit(event: Event) -> None:
    edit = EventEdit(texts={"title_hy": "Կրակ", "title_ru": "Костёр"})
    with pytest.raises(ApplicationError) as refused:
        event_update(event_id=event.pk, actor=member("Translator-hy"), edit=edit, at=NOON)
    assert refused.value.code == ErrorCode.PERMISSION_DENIED
    assert refused.value.extra == {"right": "events.translate_ru"}
    assert Event.objects.get(pk=event.pk).revision == event.revision


def test_changing_events_alone_allows_no_texts(event: Event) -> None:
    clerk = User.objects.create_user("clerk", password=None, is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="change_event"))
    edit = EventEdit(texts={"title_en": "Fire"})
    with pytest.raises(ApplicationError) as refused:
        event_update(event_id=event.pk, actor=clerk, edit=edit, at=NOON)
    assert refused.value.code == ErrorCode.PERMISSION_DENIED


def test_a_new_event_is_scheduled_by_publishers_alone() -> None:
    later = EventEdit(fields={"publish_at": NOON + timedelta(days=1)})
    with pytest.raises(ApplicationError) as refused:
        event_create(actor=member("Curator"), occurs_at=NOON, edit=later, at=NOON)
    assert refused.value.extra == {"right": "events.publish_event"}


def test_an_edit_of_nothing_takes_a_right_too(event: Event) -> None:
    nothing = EventEdit()
    with pytest.raises(ApplicationError):
        event_update(event_id=event.pk, actor=member("Auditor"), edit=nothing, at=NOON)
    translator = member("Translator-hy")
    assert event_update(event_id=event.pk, actor=translator, edit=nothing, at=NOON) == event


@pytest.mark.parametrize("column_name", ["title", "title_xx", "key", "status"])
def test_no_other_column_is_a_text(event: Event, owner: User, column_name: str) -> None:
    edit = EventEdit(texts={column_name: "Fire"})
    with pytest.raises(ApplicationError) as refused:
        event_update(event_id=event.pk, actor=owner, edit=edit, at=NOON)
    assert refused.value.code == ErrorCode.VALIDATION_INVALID


FORGED = {
    **{column(field, code): f"Forged {code}" for field in TRANSLATED_FIELDS for code in LANGUAGES},
    "significance": "5", "quantum_resonance": "0.5",
    "publish_at_0": "2027-01-01", "publish_at_1": "00:00:00",
    "occurs_at_0": "2027-01-01", "occurs_at_1": "00:00:00", "link": "https://forged.example/",
    "key": "forged", "status": "hidden", "revision": "9", "origin": "computed",
}  # fmt: skip
PLAIN = {"significance", "quantum_resonance", "occurs_at", "link"}
COLUMNS = (*(name for name in FORGED if "_at_" not in name), "publish_at", "occurs_at")


def columns_that_changed(before: Event) -> set[str]:
    after = Event.objects.get(pk=before.pk)
    names = {*COLUMNS} - {"revision"}
    return {name for name in names if getattr(after, name) != getattr(before, name)}


def test_a_forged_form_writes_what_the_group_may_and_nothing_else(
    client: Client, group: str, event: Event
) -> None:
    staff_sign_in(client, member(group))
    answer = client.post(change_page(event), {**FORGED, "seen_revision": str(event.revision)})
    may = MAY[group]
    expected = {
        *(
            column(f, code)
            for code in LANGUAGES
            for f in TRANSLATED_FIELDS
            if f"write {code}" in may
        ),
        *(PLAIN if "plain" in may else ()),
        *({"publish_at"} if "schedule" in may else ()),
    }
    assert columns_that_changed(event) == expected
    assert answer.status_code == (302 if expected else 403)


def test_the_form_holds_what_the_group_may_write(client: Client, group: str, event: Event) -> None:
    staff_sign_in(client, member(group))
    html = client.get(change_page(event)).content.decode()
    inputs = {name for name in form_values(html) if name.startswith(TRANSLATED_FIELDS)}
    may = MAY[group]
    languages = [code for code in LANGUAGES if f"write {code}" in may]
    assert inputs == {column(f, code) for code in languages for f in TRANSLATED_FIELDS}
    assert all(f"Fire {code}" in html for code in LANGUAGES)  # the rest is there to be read
    assert ('name="significance"' in html) == ("plain" in may)
    assert ('name="publish_at_0"' in html) == ("schedule" in may)
    assert ('value="hide"' in html) == ("hide" in may)
    assert ('name="_save"' in html) == bool(may)


@pytest.mark.parametrize("operation", ["hide", "cancel", "publish"])
def test_buttons_and_actions_are_the_publishers(
    client: Client, group: str, event: Event, operation: str
) -> None:
    staff_sign_in(client, member(group))
    if operation == "publish":
        Event.objects.filter(pk=event.pk).update(status="draft")
    before = Event.objects.get(pk=event.pk).status
    chosen = {"action": f"{operation}_chosen", "_selected_action": str(event.pk), "reason": "Rain"}
    client.post("/admin/events/event/?time=all", chosen)
    by_action = Event.objects.get(pk=event.pk).status != before
    Event.objects.filter(pk=event.pk).update(status=before)
    address = reverse("admin:events_event_status", args=[event.pk])
    answer = client.post(address, {"operation": operation})
    by_button = Event.objects.get(pk=event.pk).status != before
    allowed = operation in MAY[group]
    assert (by_action, by_button) == (allowed, allowed)
    assert answer.status_code == (302 if allowed else 403)


def test_other_forms_are_closed_to_other_groups(
    client: Client, group: str, notice: Announcement
) -> None:
    staff_sign_in(client, member(group))
    may = MAY[group]
    new = {
        "occurs_at_0": "2026-07-20", "occurs_at_1": "18:00:00", "significance": "3",
        "title_en": "Fire", "publish_at_0": "2026-07-20", "publish_at_1": "18:00:00",
    }  # fmt: skip
    client.post(reverse("admin:events_event_add"), new)
    assert Event.objects.exists() == ("create" in may)
    assert not Event.objects.filter(publish_at__isnull=False).exists()
    kind = {"code": "full_moon", "needs_review": "on"}
    client.post(reverse("admin:events_kindsetting_add"), kind)
    assert KindSetting.objects.exists() == ("set kind" in may)
    client.post(reverse("admin:events_announcement_add"), {"title_en": "Hello"})
    assert (Announcement.objects.count() == 2) == ("draft notice" in may)
    page = reverse("admin:events_announcement_change", args=[notice.pk])
    client.post(page, {"title_en": "Hello"})
    notice.refresh_from_db()
    assert (notice.text("title", "en") == "Hello") == ("edit notice" in may)
    status = reverse("admin:events_announcement_status", args=[notice.pk])
    client.post(status, {"operation": "publish"})
    notice.refresh_from_db()
    assert (notice.status == "published") == ("publish notice" in may)
