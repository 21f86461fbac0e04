from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections, transaction

from accounts.models import User
from events.models import Event, TextState
from events.services.curation import (
    EventEdit,
    event_cancel,
    event_create,
    event_hide,
    event_publish,
    event_update,
    events_publish_due,
)
from events.tests.concurrency import in_own_connection, wait_until_blocked
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.models import AuditEntry, OutboxMessage

MessagesSince = Callable[[], list[OutboxMessage]]


def test_publishing_shows_audits_and_announces(
    draft: Event, curator: User, messages: MessagesSince
) -> None:
    event = event_publish(event_id=draft.pk, actor=curator)
    (message,) = messages()
    assert event.status == "published"
    assert (message.kind, message.key) == (
        "event.published",
        f"{draft.key}:published:rev{draft.revision + 1}",
    )
    assert message.body["words"]["en"]["title"] == draft.text("title", "en")
    entry = AuditEntry.objects.get(action="event.published")
    assert (entry.actor, entry.changes) == (str(curator.pk), {"status": ["draft", "published"]})


def test_publishing_twice_says_it_once(
    draft: Event, curator: User, messages: MessagesSince
) -> None:
    event_publish(event_id=draft.pk, actor=curator)
    event_publish(event_id=draft.pk, actor=curator)
    assert len(messages()) == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_publishing_at_once_say_it_once(draft: Event, curator: User) -> None:
    def publish(_number: int) -> None:
        try:
            event_publish(event_id=draft.pk, actor=curator)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(publish, range(2)))
    assert OutboxMessage.objects.filter(kind="event.published").count() == 1


def test_hiding_tells_clients_to_drop_it_and_nothing_else(
    full_moon: Event, curator: User, messages: MessagesSince
) -> None:
    event_hide(event_id=full_moon.pk, actor=curator)
    event_hide(event_id=full_moon.pk, actor=curator)
    (message,) = messages()
    assert message.kind == "event.cancelled"
    assert message.body == {
        "id": str(full_moon.pk),
        "key": full_moon.key,
        "slug": full_moon.slug,
        "status": "hidden",
        "revision": full_moon.revision + 1,
    }


def test_hiding_a_draft_gives_nothing_away(
    draft: Event, curator: User, messages: MessagesSince
) -> None:
    assert event_hide(event_id=draft.pk, actor=curator).status == "hidden"
    assert messages() == []


def test_cancelling_keeps_it_visible_as_cancelled(
    full_moon: Event, curator: User, messages: MessagesSince
) -> None:
    event_cancel(event_id=full_moon.pk, actor=curator, reason="Clouds over the garden.")
    event_cancel(event_id=full_moon.pk, actor=curator)
    assert [m.body["facts"]["status"] for m in messages()] == ["cancelled"]
    assert Event.objects.public().filter(pk=full_moon.pk).exists()
    assert AuditEntry.objects.get(action="event.cancelled").reason == "Clouds over the garden."


def test_a_draft_cannot_be_cancelled(draft: Event, curator: User) -> None:
    with pytest.raises(ApplicationError) as caught:
        event_cancel(event_id=draft.pk, actor=curator)
    assert (caught.value.code, caught.value.status) == (ErrorCode.EVENT_STATE, 409)


def test_an_edit_is_saved_audited_and_announced(
    full_moon: Event, curator: User, at: datetime, messages: MessagesSince
) -> None:
    texts = {"title_ru": "Полнолуние у озера"}
    edit = EventEdit({"quantum_resonance": 0.7}, texts, full_moon.revision)
    event = event_update(event_id=full_moon.pk, actor=curator, edit=edit, at=at)
    (message,) = messages()
    assert message.kind == "event.updated"
    assert message.body["facts"]["quantum_resonance"] == 0.7
    assert message.body["words"]["ru"]["title"] == "Полнолуние у озера"
    state = TextState.objects.get(event=event)
    assert (state.field, state.language, state.source) == ("title", "ru", "human")
    assert state.generated_text == full_moon.text("title", "ru")
    changes = AuditEntry.objects.get(action="event.update").changes
    assert changes["quantum_resonance"] == [None, 0.7]
    assert changes["title_ru"] == [full_moon.text("title", "ru"), "Полнолуние у озера"]


def test_an_edit_without_difference_writes_nothing(
    full_moon: Event, curator: User, at: datetime, messages: MessagesSince
) -> None:
    edit = EventEdit(
        fields={"quantum_resonance": full_moon.quantum_resonance},
        texts={"title_en": full_moon.text("title", "en")},
    )
    event = event_update(event_id=full_moon.pk, actor=curator, edit=edit, at=at)
    assert event.revision == full_moon.revision
    assert messages() == []


def test_editing_a_draft_stays_private(
    draft: Event, curator: User, at: datetime, messages: MessagesSince
) -> None:
    edit = EventEdit(fields={"quantum_resonance": 0.5}, revision=draft.revision)
    event_update(event_id=draft.pk, actor=curator, edit=edit, at=at)
    assert messages() == []


def test_emptying_a_persons_text_brings_the_machines_back(
    full_moon: Event, curator: User, at: datetime
) -> None:
    def edit(words: str) -> Event:
        return event_update(
            event_id=full_moon.pk, actor=curator, edit=EventEdit(texts={"title_es": words}), at=at
        )

    assert edit("Luna del solsticio").text("title", "es") == "Luna del solsticio"
    assert edit("").text("title", "es") == full_moon.text("title", "es")
    assert not TextState.objects.exists()


def test_a_second_editor_is_told_instead_of_overwriting(
    full_moon: Event, curator: User, at: datetime
) -> None:
    edit = EventEdit(fields={"quantum_resonance": 0.4}, revision=full_moon.revision)
    event_update(event_id=full_moon.pk, actor=curator, edit=edit, at=at)
    late = EventEdit(fields={"quantum_resonance": 0.1}, revision=full_moon.revision)
    with pytest.raises(ApplicationError) as caught:
        event_update(event_id=full_moon.pk, actor=curator, edit=late, at=at)
    assert caught.value.code == ErrorCode.EVENT_CONFLICT
    assert Event.objects.get(pk=full_moon.pk).quantum_resonance == 0.4


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        pytest.param({"quantum_resonance": 1.5}, ErrorCode.VALIDATION_INVALID, id="resonance"),
        pytest.param({"significance": 5}, ErrorCode.VALIDATION_INVALID, id="computed fact"),
        pytest.param(
            {"occurs_at": datetime(2026, 1, 1, tzinfo=UTC)},
            ErrorCode.VALIDATION_INVALID,
            id="computed time",
        ),
    ],
)
def test_a_wrong_value_is_refused_and_nothing_changes(
    full_moon: Event, curator: User, at: datetime, fields: dict[str, object], code: ErrorCode
) -> None:
    edit = EventEdit(fields=fields, revision=full_moon.revision)
    with pytest.raises(ApplicationError) as caught:
        event_update(event_id=full_moon.pk, actor=curator, edit=edit, at=at)
    assert caught.value.code == code
    assert Event.objects.get(pk=full_moon.pk).revision == full_moon.revision


def test_only_people_with_the_right_may_curate(full_moon: Event, visitor: User) -> None:
    for service in (event_publish, event_hide, event_cancel):
        with pytest.raises(ApplicationError) as caught:
            service(event_id=full_moon.pk, actor=visitor)
        assert (caught.value.code, caught.value.status) == (ErrorCode.PERMISSION_DENIED, 403)


def test_an_unknown_event_is_not_found(curator: User) -> None:
    with pytest.raises(ApplicationError) as caught:
        event_publish(event_id=uuid.uuid4(), actor=curator)
    assert (caught.value.code, caught.value.status) == (ErrorCode.EVENT_NOT_FOUND, 404)


def test_a_gathering_of_staff_starts_as_a_draft_and_goes_out_when_published(
    curator: User, at: datetime, messages: MessagesSince
) -> None:
    event = event_create(
        actor=curator,
        occurs_at=at + timedelta(days=3),
        edit=EventEdit(texts={"title_en": "Meditation under the Full Moon"}),
        at=at,
    )
    assert (event.status, event.event_type, event.origin) == ("draft", "staff_event", "staff")
    assert event.slug.startswith("meditation-under-the-full-moon-")
    assert messages() == []
    event_publish(event_id=event.pk, actor=curator)
    assert [m.kind for m in messages()] == ["event.published"]


def test_visitors_create_nothing(visitor: User, at: datetime) -> None:
    with pytest.raises(ApplicationError):
        event_create(actor=visitor, occurs_at=at, edit=EventEdit(), at=at)
    assert not Event.objects.exists()


def test_what_is_scheduled_is_published_at_its_time(
    draft: Event, curator: User, at: datetime, messages: MessagesSince
) -> None:
    edit = EventEdit(fields={"publish_at": at}, revision=draft.revision)
    event_update(event_id=draft.pk, actor=curator, edit=edit, at=at)
    assert events_publish_due(at=at - timedelta(seconds=1)) == 0
    assert events_publish_due(at=at) == 1
    assert events_publish_due(at=at) == 0
    assert Event.objects.get(pk=draft.pk).status == "published"
    assert [m.kind for m in messages()] == ["event.published"]
    assert AuditEntry.objects.get(action="event.published").actor == "scheduler"


def test_one_draft_that_cannot_be_published_keeps_no_other_back(
    draft: Event, curator: User, at: datetime
) -> None:
    broken = event_create(
        actor=curator,
        occurs_at=at,
        edit=EventEdit(fields={"publish_at": at - timedelta(days=1)}, texts={"title_en": "A walk"}),
        at=at,
    )
    Event.objects.filter(pk=broken.pk).update(title_en="")
    Event.objects.filter(pk=draft.pk).update(publish_at=at)
    assert events_publish_due(at=at) == 1
    assert Event.objects.get(pk=draft.pk).status == "published"
    assert Event.objects.get(pk=broken.pk).status == "draft"


@pytest.mark.django_db(transaction=True)
def test_the_schedule_does_not_publish_what_is_being_hidden(
    draft: Event, curator: User, at: datetime
) -> None:
    Event.objects.filter(pk=draft.pk).update(publish_at=at)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            event_hide(event_id=draft.pk, actor=curator)
            schedule = pool.submit(in_own_connection, lambda: events_publish_due(at=at))
            wait_until_blocked(schedule)
        assert schedule.result(10) == 0
    assert Event.objects.get(pk=draft.pk).status == "hidden"
