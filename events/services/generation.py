"""Compute events and store them: idempotent by key, careful with what people wrote."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db import connection, transaction

from astronomy import provider
from astronomy.occurrence import Occurrence
from events.models import ComputedWindow, Event, KindSetting
from events.payloads import instant_text, message_body
from events.querysets import PUBLIC
from events.rendering import (
    facts_hash,
    facts_of,
    new_event,
    texts_apply,
    texts_hash,
    texts_rendered,
)
from events.services.texts import generated_texts_update
from events.version import engine_version
from events.windows import Span, merged, without
from starscal.core.outbox import NewMessage, outbox_append

STREAM = "events"
GENERATION_LOCK = 7_219_440  # any number that no other advisory lock of ours uses
BATCH = 1_000


@dataclass(slots=True)
class GenerationResult:
    """What a run wrote; all zero means that everything was there already."""

    created: int = 0
    updated: int = 0
    changed: list[Event] = field(default_factory=list)
    grown: set[str] = field(default_factory=set)  # families with new public events

    @property
    def writes(self) -> int:
        return self.created + self.updated


def event_generate(*, span: Span, families: Collection[str]) -> GenerationResult:
    """Compute the events of ``span`` and store what is new or different.

    Changes: Event, TextState, ComputedWindow. A person's texts and decisions stay as they are.
    Announces: one ``coverage`` for a span computed for the first time, or in which there are new
    events; ``event.updated`` for public events whose facts or texts changed.
    Locks: one advisory lock, so that runs follow one another; then the events, then the stream.
    Idempotent: a second run writes nothing.
    Raises: EphemerisRangeError outside 1900-2100; ValueError for an inverted span.
    """
    occurrences = provider.occurrences_between(start=span.start, end=span.end, families=families)
    words = texts_rendered(occurrences)
    with transaction.atomic():
        _one_run_at_a_time()
        result = GenerationResult()
        for start in range(0, len(occurrences), BATCH):
            _store(occurrences[start : start + BATCH], words, result)
        news = _windows_record(span, families, result.grown)
        messages = [_updated(event) for event in result.changed if event.status in PUBLIC]
        outbox_append(stream=STREAM, messages=[*messages, *news])
    return result


def _one_run_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [GENERATION_LOCK])


def _store(
    occurrences: list[Occurrence], words: dict[str, dict[str, str]], result: GenerationResult
) -> None:
    keys = [occurrence.key for occurrence in occurrences]
    rows = Event.objects.filter(key__in=keys).order_by("key").select_for_update()
    known = {event.key: event for event in rows}
    reviewed = set(KindSetting.objects.filter(needs_review=True).values_list("code", flat=True))
    created = []
    for occurrence in occurrences:
        event = known.get(occurrence.key)
        if event is None:
            created.append(_create(occurrence, words[occurrence.key], reviewed))
        elif _update(event, occurrence, words[occurrence.key]):
            result.changed.append(event)
            result.updated += 1
    Event.objects.bulk_create(created, batch_size=BATCH)
    result.created += len(created)
    result.grown.update(event.family for event in created if event.status in PUBLIC)


def _create(occurrence: Occurrence, columns: dict[str, str], reviewed: set[str]) -> Event:
    event = new_event(occurrence)
    texts_apply(event, columns)
    if event.event_type in reviewed:
        event.status = Event.Status.DRAFT
    return event


def _update(event: Event, occurrence: Occurrence, columns: dict[str, str]) -> bool:
    facts = facts_of(occurrence)
    facts_now, texts_now = facts_hash(facts), texts_hash(columns)
    if (event.facts_hash, event.template_hash) == (facts_now, texts_now):
        return False
    if event.facts_hash != facts_now:
        for name, value in facts.items():
            setattr(event, name, value)
        event.facts_hash = facts_now
    if event.template_hash != texts_now:
        generated_texts_update(event=event, columns=columns)
        event.template_hash = texts_now
    event.revision += 1
    event.save()
    return True


def _updated(event: Event) -> NewMessage:
    return NewMessage(
        key=f"{event.key}:updated:rev{event.revision}",
        kind="event.updated",
        body=dict(message_body(event)),
    )


def _windows_record(span: Span, families: Iterable[str], grown: set[str]) -> list[NewMessage]:
    """Note what is stored now and return the news of it, if it is any."""
    version = engine_version()
    fresh = {family for family in families if _window_record(family, span, version)} | grown
    if not fresh:
        return []
    newest = ComputedWindow.objects.order_by("-pk").values_list("pk", flat=True)[0]
    start, end = instant_text(span.start), instant_text(span.end)
    body = {"from": start, "to": end, "families": sorted(fresh)}
    return [NewMessage(key=f"coverage:{start}:{end}:{newest}", kind="coverage", body=body)]


def _window_record(family: str, span: Span, version: str) -> bool:
    """Store the family's windows with ``span`` added; True if any of it was not stored before."""
    rows = ComputedWindow.objects.filter(
        family=family, starts_at__lte=span.end, ends_at__gte=span.start
    )
    near = {row.pk: row for row in rows}
    same = [Span(r.starts_at, r.ends_at) for r in near.values() if r.version == version]
    if not without(span, same):
        return False
    others = [r for r in near.values() if r.version != version]
    parts = [
        (part, row.version)
        for row in others
        for part in without(Span(row.starts_at, row.ends_at), [span])
    ]
    parts += [(part, version) for part in merged([*same, span])]
    rows.delete()
    ComputedWindow.objects.bulk_create(
        ComputedWindow(family=family, starts_at=part.start, ends_at=part.end, version=made_with)
        for part, made_with in parts
    )
    return bool(without(span, [Span(r.starts_at, r.ends_at) for r in near.values()]))
