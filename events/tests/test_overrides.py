"""What staff set otherwise than it was computed is served, and outlives recomputations."""

from __future__ import annotations

import json
from collections.abc import Callable
from csv import DictReader
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import User
from events.constraints import OVERRIDE_COLUMNS
from events.message_payloads import message_data
from events.models import Event
from events.payloads import instant_text
from events.services.curation import EventEdit, event_create
from events.services.generation import event_generate
from events.services.overrides import event_override
from events.tests.conftest import FEW_FAMILIES, SUMMER_2026
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.models import AuditEntry, OutboxMessage

MessagesSince = Callable[[], list[OutboxMessage]]
LATER = datetime(2026, 6, 30, 0, 30, tzinfo=UTC)
WHY = "The hour of the gathering counts."


@pytest.fixture
def override(full_moon: Event, curator: User, at: datetime) -> Callable[..., Event]:
    def do(**values: Any) -> Event:
        options: dict[str, Any] = {
            "event_id": full_moon.pk, "actor": curator, "reason": WHY, "revision": None, "at": at,
        }  # fmt: skip
        options |= {name: values.pop(name) for name in list(values) if name in options}
        return event_override(values=values, **options)

    return do


Override = Callable[..., Event]


def made_older(event: Event, **columns: Any) -> None:
    """Have a stored event differ from what is computed."""
    Event.objects.filter(pk=event.pk).update(facts_hash="older", **columns)


def recomputed(event: Event) -> Event:
    assert event_generate(span=SUMMER_2026, families=FEW_FAMILIES).updated == 1
    return Event.objects.get(pk=event.pk)


def test_an_override_is_served_beside_what_was_computed(
    full_moon: Event, curator: User, at: datetime, override: Override, messages: MessagesSince
) -> None:
    override(significance=5, occurs_at=LATER)
    event = Event.objects.get(pk=full_moon.pk)
    assert (event.significance, event.occurs_at) == (5, LATER)
    assert event.computed_significance == full_moon.significance
    assert event.computed_occurs_at == full_moon.occurs_at
    assert (event.override_reason, event.override_by, event.override_set_at) == (WHY, curator, at)
    assert event.overridden == ["occurs_at", "significance"]
    (message,) = messages()
    assert (message.kind, message.body["facts"]["significance"]) == ("event.updated", 5)
    assert message_data(message.body, "de")["overridden"]["reason"] == WHY
    entry = AuditEntry.objects.get(action="event.override")
    assert (entry.reason, entry.changes["override_significance"]) == (WHY, [None, 5])


def test_an_override_outlives_a_recomputation_which_renews_the_value_beside_it(
    full_moon: Event, override: Override
) -> None:
    override(significance=5, occurs_at=LATER)
    made_older(full_moon, computed_significance=1, computed_occurs_at=LATER)
    event = recomputed(full_moon)
    assert (event.significance, event.occurs_at) == (5, LATER)
    assert event.computed_significance == full_moon.significance
    assert event.computed_occurs_at == full_moon.occurs_at
    assert event.override_reason == WHY


def test_lifting_brings_the_newest_computed_value_back(
    full_moon: Event, override: Override, messages: MessagesSince
) -> None:
    override(significance=5, begins_at=full_moon.occurs_at - timedelta(hours=1))
    made_older(full_moon, computed_significance=1)
    recomputed(full_moon)
    override(significance=None, begins_at=None, reason="")
    event = Event.objects.get(pk=full_moon.pk)
    assert (event.significance, event.begins_at) == (full_moon.significance, None)
    assert [getattr(event, name) for name in OVERRIDE_COLUMNS] == [None] * len(OVERRIDE_COLUMNS)
    assert [m.kind for m in messages()] == ["event.updated"] * 3


def test_lifting_one_of_two_keeps_the_reason(full_moon: Event, override: Override) -> None:
    override(significance=5, occurs_at=LATER)
    override(significance=None, reason="")
    event = Event.objects.get(pk=full_moon.pk)
    assert (event.overridden, event.override_reason) == (["occurs_at"], WHY)


def test_the_same_override_again_writes_nothing(
    override: Override, messages: MessagesSince
) -> None:
    first = override(significance=5)
    again = override(significance=5)
    assert again.revision == first.revision
    assert len(messages()) == 1
    assert AuditEntry.objects.filter(action="event.override").count() == 1


def test_a_better_reason_replaces_the_old(override: Override) -> None:
    override(significance=5)
    assert override(significance=5, reason="A comet stands near.").override_reason == (
        "A comet stands near."
    )


def test_a_changed_override_keeps_what_was_computed(full_moon: Event, override: Override) -> None:
    override(significance=5)
    event = override(significance=1)
    assert (event.significance, event.computed_significance) == (1, full_moon.significance)


def test_of_a_draft_nothing_is_said(
    draft: Event, override: Override, messages: MessagesSince
) -> None:
    override(significance=5)
    assert messages() == []


@pytest.mark.parametrize(
    ("values", "pointer"),
    [
        pytest.param({"significance": 9}, "/significance", id="too much"),
        pytest.param({"significance": True}, "/significance", id="no number"),
        pytest.param({"significance": LATER}, "/significance", id="a time"),
        pytest.param({"occurs_at": LATER.replace(tzinfo=None)}, "/occurs_at", id="no offset"),
        pytest.param({"occurs_at": 5}, "/occurs_at", id="no time"),
        pytest.param(
            {"occurs_at": datetime(2101, 1, 1, tzinfo=UTC)}, "/occurs_at", id="out of range"
        ),
        pytest.param({"begins_at": LATER}, "/occurs_at", id="begins too late"),
        pytest.param({"ends_at": datetime(2026, 1, 1, tzinfo=UTC)}, "/occurs_at", id="ends early"),
        pytest.param({"significance": 5, "reason": " "}, "/reason", id="no reason"),
        pytest.param({"significance": 5, "reason": "x" * 501}, "/reason", id="long reason"),
        pytest.param({"significance": 5, "reason": "a\u202eb"}, "/reason", id="turned reason"),
        pytest.param({"title_en": None}, "/title_en", id="no fact"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_changes(
    full_moon: Event, override: Override, values: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(ApplicationError) as caught:
        override(**values)
    assert (caught.value.code, caught.value.pointer) == (ErrorCode.VALIDATION_INVALID, pointer)
    assert Event.objects.get(pk=full_moon.pk).revision == full_moon.revision


def test_a_second_editor_is_told_instead_of_overwriting(
    full_moon: Event, override: Override
) -> None:
    override(significance=5, revision=full_moon.revision)
    with pytest.raises(ApplicationError) as caught:
        override(significance=1, revision=full_moon.revision)
    assert caught.value.code == ErrorCode.EVENT_CONFLICT


def test_an_event_of_staff_has_nothing_to_override(
    curator: User, override: Override, at: datetime
) -> None:
    event = event_create(
        actor=curator, occurs_at=at, edit=EventEdit(texts={"title_en": "A walk"}), at=at
    )
    with pytest.raises(ApplicationError) as caught:
        override(event_id=event.pk, significance=5)
    assert caught.value.code == ErrorCode.EVENT_STATE


def test_visitors_override_nothing(visitor: User, override: Override) -> None:
    with pytest.raises(ApplicationError) as caught:
        override(actor=visitor, significance=5)
    assert caught.value.code == ErrorCode.PERMISSION_DENIED


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        pytest.param("event_override_significance", {"significance": 2}, id="served differs"),
        pytest.param(
            "event_override_significance", {"computed_significance": None}, id="computed lost"
        ),
        pytest.param("event_override_occurs_at", {"computed_occurs_at": LATER}, id="left over"),
        pytest.param("event_override_ends_at", {"override_ends_at": LATER}, id="not served"),
        pytest.param("event_override_reason", {"override_reason": ""}, id="no reason"),
        pytest.param("event_override_reason", {"override_reason": None}, id="null reason"),
    ],
)
def test_the_database_itself_holds_both_sides_together(
    full_moon: Event, override: Override, constraint: str, columns: dict[str, Any]
) -> None:
    override(significance=5)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Event.objects.filter(pk=full_moon.pk).update(**columns)


def test_an_override_outlives_the_account_of_who_set_it(
    full_moon: Event, curator: User, override: Override
) -> None:
    override(significance=5)
    curator.delete()
    event = Event.objects.get(pk=full_moon.pk)
    assert (event.override_by, event.significance) == (None, 5)


def test_the_page_says_what_was_set_and_why(
    full_moon: Event, override: Override, client: Client
) -> None:
    address = f"/en/events/{full_moon.slug}/"
    assert WHY not in client.get(address).content.decode()
    override(significance=5, occurs_at=LATER)
    html = client.get(address).content.decode()
    assert WHY in html
    assert f"significance (computed: {full_moon.significance})" in html
    assert f"occurs at (computed: {instant_text(full_moon.occurs_at)})" in html


def test_answers_say_what_was_set_and_why_and_what_was_computed(
    full_moon: Event, override: Override, client: Client, at: datetime
) -> None:
    begins_at = full_moon.occurs_at - timedelta(hours=1, microseconds=1)
    override(significance=5, occurs_at=LATER, begins_at=begins_at)
    told = {
        "computed": {
            "occurs_at": instant_text(full_moon.occurs_at),
            "begins_at": None,
            "significance": full_moon.significance,
        },
        "reason": WHY,
        "at": instant_text(at),
    }
    detail = client.get(f"/api/v1/events/{full_moon.key}").json()
    assert (detail["overridden"], detail["significance"]) == (told, 5)
    span = {"start": "2026-06-01T00:00:00Z", "end": "2026-07-15T00:00:00Z"}
    rows = client.get("/api/v1/events", span | {"family": "moon_phases"}).json()["results"]
    assert [row.get("overridden") for row in rows if row["id"] == str(full_moon.pk)] == [told]
    assert [row["slug"] for row in rows if "overridden" in row] == [full_moon.slug]
    table = client.get("/api/v1/events.csv", span | {"family": "moon_phases"}).content.decode(
        "utf-8-sig"
    )
    cells = [row["overridden"] for row in DictReader(StringIO(table, newline=""))]
    assert [json.loads(cell) for cell in cells if cell] == [told]
    override(significance=None, occurs_at=None, begins_at=None, reason="")
    assert "overridden" not in client.get(f"/api/v1/events/{full_moon.key}").json()
