from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connections

from accounts.models import User
from astronomy.errors import EphemerisRangeError
from events.models import ComputedWindow, Event, KindSetting, TextState, event_id
from events.selectors import spans_missing, spans_stored
from events.services.curation import EventEdit, event_update
from events.services.generation import GenerationResult, event_generate
from events.tests.conftest import FEW_FAMILIES, SUMMER_2026, texts_of
from events.windows import Span
from starscal.core.models import OutboxMessage

MessagesSince = Callable[[], list[OutboxMessage]]
ALL = FEW_FAMILIES


def generate() -> GenerationResult:
    return event_generate(span=SUMMER_2026, families=ALL)


def test_the_first_run_stores_published_events_with_words_in_ten_languages(summer: Span) -> None:
    events = list(Event.objects.all())
    kinds = {event.event_type for event in events}
    assert {"new_moon", "full_moon", "june_solstice"} <= kinds
    assert all(event.status == "published" and event.origin == "computed" for event in events)
    assert all(all(texts_of(event).values()) for event in events)
    assert all(event.pk == event_id(event.key) for event in events)


def test_a_second_run_writes_nothing(summer: Span, messages: MessagesSince) -> None:
    before = list(Event.objects.order_by("pk").values())
    assert generate().writes == 0
    assert list(Event.objects.order_by("pk").values()) == before
    assert messages() == []


def test_the_first_run_announces_its_coverage_and_no_single_event(db: None) -> None:
    generate()
    (message,) = OutboxMessage.objects.all()
    assert message.kind == "coverage"
    assert message.body["from"] == "2026-06-01T00:00:00.000Z"
    assert message.body["to"] == "2026-09-01T00:00:00.000Z"
    assert message.body["families"] == sorted(ALL)


def test_changed_facts_update_the_same_event_and_say_so(
    full_moon: Event, messages: MessagesSince
) -> None:
    Event.objects.filter(pk=full_moon.pk).update(
        occurs_at=datetime(2026, 6, 29, tzinfo=UTC), facts_hash="older"
    )
    assert generate().updated == 1
    stored = Event.objects.get(pk=full_moon.pk)
    assert stored.occurs_at == full_moon.occurs_at
    assert stored.revision == full_moon.revision + 1
    (message,) = messages()
    assert message.key == f"{full_moon.key}:updated:rev{stored.revision}"
    assert message.kind == "event.updated"


def test_a_cancelled_event_stays_public_so_its_changes_are_said(
    full_moon: Event, messages: MessagesSince
) -> None:
    Event.objects.filter(pk=full_moon.pk).update(status="cancelled", facts_hash="older")
    assert generate().updated == 1
    assert [message.kind for message in messages()] == ["event.updated"]


def test_a_changed_draft_is_updated_silently(draft: Event, messages: MessagesSince) -> None:
    Event.objects.filter(pk=draft.pk).update(facts_hash="older")
    assert generate().updated == 1
    assert messages() == []


def test_a_persons_words_outlive_new_machine_words_and_become_stale(
    full_moon: Event, curator: User, at: datetime
) -> None:
    edit = EventEdit(texts={"title_de": "Der Sonnwendmond"})
    event_update(event_id=full_moon.pk, actor=curator, edit=edit, at=at)
    machine = TextState.objects.get(event=full_moon).generated_text
    TextState.objects.update(generated_text="Alter Text", basis_text="Alter Text")
    Event.objects.filter(pk=full_moon.pk).update(template_hash="older", title_fr="Ancien")
    generate()
    stored = Event.objects.get(pk=full_moon.pk)
    state = TextState.objects.get(event=full_moon)
    assert stored.text("title", "de") == "Der Sonnwendmond"
    assert stored.text("title", "fr") == full_moon.text("title", "fr")
    assert (state.status, state.generated_text) == ("stale", machine)
    assert state.basis_text == "Alter Text"


def test_a_stale_text_is_in_order_again_when_the_machine_returns_to_its_basis(
    full_moon: Event, curator: User, at: datetime
) -> None:
    edit = EventEdit(texts={"title_de": "Der Sonnwendmond"})
    event_update(event_id=full_moon.pk, actor=curator, edit=edit, at=at)
    TextState.objects.update(generated_text="Zwischentext", status="stale")
    Event.objects.filter(pk=full_moon.pk).update(template_hash="older")
    generate()
    assert TextState.objects.get(event=full_moon).status == "ok"
    assert Event.objects.get(pk=full_moon.pk).text("title", "de") == "Der Sonnwendmond"


def test_events_of_a_kind_under_review_wait_as_drafts(db: None) -> None:
    KindSetting.objects.create(code="full_moon", needs_review=True)
    generate()
    assert set(Event.objects.filter(event_type="full_moon").values_list("status", flat=True)) == {
        "draft"
    }
    assert not Event.objects.filter(event_type="new_moon").exclude(status="published").exists()


def test_windows_of_neighbouring_runs_join(summer: Span) -> None:
    autumn = Span(summer.end, datetime(2026, 11, 1, tzinfo=UTC))
    event_generate(span=autumn, families=ALL)
    both = Span(summer.start, autumn.end)
    assert spans_stored(span=both, families=ALL) == [both]
    assert ComputedWindow.objects.count() == len(ALL)


def test_another_engine_is_missing_for_the_worker_but_stored_for_readers(
    summer: Span, messages: MessagesSince
) -> None:
    ComputedWindow.objects.update(version="older")
    assert spans_stored(span=summer, families=ALL) == [summer]
    assert spans_missing(span=summer, families=ALL) == [(ALL, summer)]
    middle = Span(datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 8, 1, tzinfo=UTC))
    event_generate(span=middle, families=ALL)
    gaps = [gap for _families, gap in spans_missing(span=summer, families=ALL)]
    assert gaps == [Span(summer.start, middle.start), Span(middle.end, summer.end)]
    assert spans_stored(span=summer, families=ALL) == [summer]
    assert messages() == []


def test_a_new_event_in_a_span_stored_before_is_said_by_its_coverage(
    full_moon: Event, messages: MessagesSince
) -> None:
    Event.objects.filter(pk=full_moon.pk).delete()
    ComputedWindow.objects.update(version="older")
    assert generate().created == 1
    (message,) = messages()
    assert message.kind == "coverage"
    assert message.body["families"] == ["moon_phases"]


def test_a_span_outside_the_product_is_refused_with_the_interval(db: None) -> None:
    with pytest.raises(EphemerisRangeError, match="1900"):
        event_generate(
            span=Span(datetime(1899, 1, 1, tzinfo=UTC), datetime(1900, 2, 1, tzinfo=UTC)),
            families=ALL,
        )
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_store_every_event_once() -> None:
    def run(_number: int) -> int:
        try:
            return generate().created
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        created = sorted(pool.map(run, range(2)))
    assert created == [0, Event.objects.count()]
    assert OutboxMessage.objects.filter(kind="coverage").count() == 1
