"""Compute events and store them: idempotent by key, careful with what people wrote."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from astronomy import provider
from astronomy.occurrence import Occurrence
from events.differences import Difference, difference_of
from events.message_payloads import message_body
from events.models import ComputedWindow, Event, KindSetting, TextState
from events.payloads import instant_text
from events.querysets import PUBLIC
from events.rendering import event_row, facts_hash, facts_of, texts_hash, texts_rendered
from events.services.bulk import COLUMNS, PATIENCE, rows_insert, rows_update
from events.services.overrides import fact_computed, fact_renew
from events.services.runs import RunBook, RunPart, run_part_add
from events.services.texts import generated_texts_update
from events.version import engine_version
from events.windows import Span, merged, strides, without, years
from starscal.core.outbox import NewMessage, outbox_append

STREAM: Final = "events"
GENERATION_LOCK: Final = 7_219_440  # any number that no other advisory lock of ours uses
STRIDE_YEARS: Final = 5  # found at once: a year alone costs three times its share of five
BATCH: Final = 1_000  # changed rows in memory at once
EDGE: Final = timedelta(minutes=1)  # nearer to the end of a span, an event may be in the next one

Words = Mapping[str, dict[str, str]]


@dataclass(slots=True)
class GenerationResult:
    """What a run wrote; all zero means that everything was there already."""

    seen: int = 0  # events in the span
    created: int = 0
    updated: int = 0
    gone: int = 0  # stored in the span and found no more
    changed: list[Event] = field(default_factory=list)
    grown: set[str] = field(default_factory=set)  # families with new public events

    @property
    def writes(self) -> int:
        return self.created + self.updated


class StoredPart(NamedTuple):
    """A part of the sky that was just stored, and what that wrote."""

    span: Span
    result: GenerationResult


def event_generate(*, span: Span, families: Collection[str]) -> GenerationResult:
    """Compute the events of ``span`` and store what is new or different.

    Changes: Event, TextState, ComputedWindow, and the record of the run. A person's texts and
    decisions stay as they are; of a fact that staff override, the computed value is renewed beside
    it.
    Announces: one ``coverage`` for a span computed for the first time, or in which there are new
    events; ``event.updated`` for public events whose facts or texts changed.
    Locks: one advisory lock, so that runs follow one another; then the events, then the stream.
    Idempotent: a second run writes nothing.
    Raises: EphemerisRangeError outside 1900-2100; ValueError for an inverted span.
    """
    occurrences = provider.occurrences_between(start=span.start, end=span.end, families=families)
    return _store(occurrences, span=span, families=families, book=RunBook())


def sky_generate(*, gaps: Iterable[tuple[Collection[str], Span]]) -> Iterator[StoredPart]:
    """Do ``event_generate`` for every gap, a calendar year a run, and yield each when it is stored.

    The sky is searched some years at once, which costs less; each year is a transaction of its
    own, so that progress survives a kill and memory does not grow. The record is one for all.
    """
    book = RunBook()
    for families, gap in gaps:
        for stride in strides(gap, STRIDE_YEARS):
            found = provider.occurrences_between(
                start=stride.start, end=stride.end, families=families
            )
            for part in years(stride):
                inside = [o for o in found if part.start <= o.utc < part.end]
                yield StoredPart(part, _store(inside, span=part, families=families, book=book))


def occurrences_renew(*, occurrences: Sequence[Occurrence], book: RunBook) -> GenerationResult:
    """Bring stored events up to what was just computed; the windows stay as they are.

    ``book`` is the record of the run that this is a part of.

    Changes and announces as ``event_generate``, without ``coverage``. Locks: the caller's
    transaction; the generation's lock, the events, the stream. Idempotent.
    """
    words = texts_rendered(occurrences)
    result = GenerationResult(seen=len(occurrences))
    with transaction.atomic():
        generation_alone()
        _write(occurrences, words, result, book)
        messages = [_updated(event) for event in result.changed if event.status in PUBLIC]
        outbox_append(stream=STREAM, messages=messages)
    return result


def _store(
    occurrences: Sequence[Occurrence], *, span: Span, families: Collection[str], book: RunBook
) -> GenerationResult:
    words = texts_rendered(occurrences)
    with transaction.atomic():
        generation_alone()
        result = GenerationResult(seen=len(occurrences))
        gone = _gone(span, families, words)
        _write(occurrences, words, result, book)
        moved, news = _windows_record(span, families, result.grown)
        if moved or result.writes or book.pk:
            result.gone = len(gone)
            _record(book, span, families, result, gone)
        messages = [_updated(event) for event in result.changed if event.status in PUBLIC]
        outbox_append(stream=STREAM, messages=[*messages, *news])
    return result


def generation_alone() -> None:
    """Have no other generation run until this transaction ends."""
    with connection.cursor() as cursor:
        # A run may wait for another; what guards readers' statements is too short for both.
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [PATIENCE])
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [GENERATION_LOCK])


def _write(
    occurrences: Sequence[Occurrence], words: Words, result: GenerationResult, book: RunBook
) -> None:
    stored = {
        key: (facts, texts)
        for key, facts, texts in Event.objects.filter(key__in=list(words)).values_list(
            "key", "facts_hash", "template_hash"
        )
    }
    fresh = [occurrence for occurrence in occurrences if occurrence.key not in stored]
    _insert(fresh, words, result)
    changed = [o for o in occurrences if o.key in stored and stored[o.key] != _hashes(o, words)]
    for start in range(0, len(changed), BATCH):
        _update(changed[start : start + BATCH], words, result, book)


def _hashes(occurrence: Occurrence, words: Words) -> tuple[str, str]:
    return facts_hash(facts_of(occurrence)), texts_hash(words[occurrence.key])


def _insert(fresh: Sequence[Occurrence], words: Words, result: GenerationResult) -> None:
    reviewed = set(KindSetting.objects.filter(needs_review=True).values_list("code", flat=True))
    rows = []
    for occurrence in fresh:
        row = event_row(occurrence, words[occurrence.key])
        if occurrence.kind in reviewed:
            row["status"] = Event.Status.DRAFT.value
        rows.append(row)
    rows_insert(rows)
    result.created += len(rows)
    result.grown.update(row["family"] for row in rows if row["status"] in PUBLIC)


def _update(
    changed: Sequence[Occurrence], words: Words, result: GenerationResult, book: RunBook
) -> None:
    keys = [occurrence.key for occurrence in changed]
    locked = Event.objects.filter(key__in=keys).order_by("key").select_for_update()
    events = {event.key: event for event in locked}
    states = _text_states(event.pk for event in events.values())
    differences = [
        _renew(event, occurrence, words[occurrence.key], states[event.pk])
        for occurrence in changed
        for event in (events[occurrence.key],)
    ]
    rows_update([_row_of(event) for event in events.values()])
    run_part_add(book=book, part=_part_of(differences), differences=differences)
    result.changed += events.values()
    result.updated += len(events)


def _text_states(ids: Iterable[UUID]) -> Mapping[UUID, list[TextState]]:
    states: dict[UUID, list[TextState]] = defaultdict(list)
    for state in TextState.objects.filter(event__in=list(ids)):
        states[state.event_id].append(state)
    return states


def _renew(
    event: Event, occurrence: Occurrence, columns: dict[str, str], states: Collection[TextState]
) -> Difference:
    """Give the event its new facts and words (not saved here) and return what differs."""
    facts, texts_now = facts_of(occurrence), texts_hash(columns)
    has_news = event.template_hash != texts_now
    difference = difference_of(
        event,
        stored={name: fact_computed(event, name) for name in facts},
        facts=facts,
        words=columns if has_news else {},
        states=states,
    )
    for name, value in facts.items():
        fact_renew(event, name, value)
    event.facts_hash = facts_hash(facts)
    if has_news:
        generated_texts_update(event=event, columns=columns, states=states)
        event.template_hash = texts_now
    event.revision += 1
    return difference


def _part_of(differences: Collection[Difference]) -> RunPart:
    """Return what changed events add to the record of a run."""
    moments = [one.occurs_at for one in differences]
    families = {one.family for one in differences}
    return RunPart(Span(min(moments), max(moments)), families, changed=len(differences))


def _gone(span: Span, families: Collection[str], found: Words) -> list[Difference]:
    """Return the stored events of a span that were not found, but for those at its very edges."""
    rows = Event.objects.filter(
        family__in=families, origin=Event.Origin.COMPUTED, override_occurs_at__isnull=True
    ).between(span.start + EDGE, span.end - EDGE)
    lost = set(rows.values_list("key", flat=True)) - found.keys()
    told = Event.objects.filter(key__in=lost).values_list("pk", "family", "occurs_at")
    return [Difference(*row, before={}, after=None) for row in told] if lost else []


def _record(
    book: RunBook,
    span: Span,
    families: Collection[str],
    result: GenerationResult,
    gone: Sequence[Difference],
) -> None:
    """Add to the record of a run what is not a change of a stored event."""
    unchanged = result.seen - result.writes
    part = RunPart(span, families, created=result.created, gone=len(gone), unchanged=unchanged)
    run_part_add(book=book, part=part, differences=gone)


def _row_of(event: Event) -> dict[str, Any]:
    values = vars(event)
    return {name: values[name] for name in COLUMNS}


def _updated(event: Event) -> NewMessage:
    return NewMessage(
        key=f"{event.key}:updated:rev{event.revision}",
        kind="event.updated",
        body=dict(message_body(event)),
    )


def _windows_record(
    span: Span, families: Iterable[str], grown: set[str]
) -> tuple[bool, list[NewMessage]]:
    """Note what is stored now; say whether that wrote anything, and return the news, if any."""
    version = engine_version()
    noted = {family: _window_record(family, span, version) for family in families}
    moved = any(parts is not None for parts in noted.values())
    fresh = {family for family, parts in noted.items() if parts} | grown
    if not fresh:
        return moved, []
    newest = ComputedWindow.objects.order_by("-pk").values_list("pk", flat=True)[0]
    start, end = instant_text(span.start), instant_text(span.end)
    body = {"from": start, "to": end, "families": sorted(fresh)}
    return moved, [NewMessage(key=f"coverage:{start}:{end}:{newest}", kind="coverage", body=body)]


def _window_record(family: str, span: Span, version: str) -> list[Span] | None:
    """Store the family's windows with ``span`` added; return what of it was not stored before.

    None if there was nothing to write: this version has computed it all.
    """
    rows = ComputedWindow.objects.filter(
        family=family, starts_at__lte=span.end, ends_at__gte=span.start
    )
    near = {row.pk: row for row in rows}
    same = [Span(r.starts_at, r.ends_at) for r in near.values() if r.version == version]
    if not without(span, same):
        return None
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
    return without(span, [Span(r.starts_at, r.ends_at) for r in near.values()])
