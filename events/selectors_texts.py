"""Read texts as those who look after them need them: beside their English and the machine's."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db.models import Count, QuerySet

from events.models import TRANSLATED_FIELDS, Event, TextState
from events.rendering import GENERATED_FIELDS
from starscal.core.i18n import column
from starscal.core.models import AuditEntry

Status = TextState.Status
PAGE_MOST = 200
KEPT: Final = "event.text_review"
TEXT_ACTIONS: Final = ("event.update", "event.text_machine", KEPT)


class CellView(NamedTuple):
    """One text of an event in one language, and all that a person needs to judge it.

    ``basis_text`` is the machine text beside which it was written or looked at last;
    ``seen`` stands for what is shown here and goes back with whatever the person decides.
    """

    field: str
    language: str
    source_text: str
    text: str
    machine_text: str
    basis_text: str
    source: str
    status: str
    editor_name: str
    edited_at: datetime | None
    reviewer_name: str
    reviewed_at: datetime | None
    seen: str


class QueuePlace(NamedTuple):
    """Where a page of the queue ends."""

    language: str
    pk: int


class QueueRow(NamedTuple):
    """A text that waits for somebody, with its event."""

    event: Event
    cell: CellView


class QueueKey(NamedTuple):
    """Which text it is."""

    event_pk: UUID
    field: str
    language: str

    @classmethod
    def of(cls, row: QueueRow) -> QueueKey:
        return cls(row.event.pk, row.cell.field, row.cell.language)


class QueuePage(NamedTuple):
    """Some of the texts that wait; ``after`` leads to the next page, None on the last."""

    rows: list[QueueRow]
    after: QueuePlace | None


def cells_of(*, event: Event, language: str) -> list[CellView]:
    """Return an event's texts in a language: title, description, reflection."""
    rows = event.text_states.filter(language=language).select_related("editor", "reviewed_by")
    states = {state.field: state for state in rows}
    return [cell_view(event, field, language, states.get(field)) for field in TRANSLATED_FIELDS]


def cell_view(event: Event, field: str, language: str, state: TextState | None) -> CellView:
    """Return one text beside its English and the machine's."""
    source_text, text = event.text(field, settings.LANGUAGE_CODE), event.text(field, language)
    machine = machine_text(event, field, state, text)
    status = state.status if state else Status.OK
    return CellView(
        field=field,
        language=language,
        source_text=source_text,
        text=text,
        machine_text=machine,
        basis_text=state.basis_text if state else machine,
        source=state.source if state else TextState.Source.GENERATED,
        status=status,
        editor_name=_name(state and state.editor),
        edited_at=state.edited_at if state else None,
        reviewer_name=_name(state and state.reviewed_by),
        reviewed_at=state.reviewed_at if state else None,
        seen=_digest((source_text, text, machine, status)),
    )


def machine_text(event: Event, field: str, state: TextState | None, text: str) -> str:
    """Return what the machine says in a cell that holds ``text``; nothing of what staff write."""
    if state is not None:
        return state.generated_text
    is_generated = field in GENERATED_FIELDS and event.origin == Event.Origin.COMPUTED
    return text if is_generated else ""


def queue_page(
    *,
    status: str,
    languages: Collection[str],
    kind: str = "",
    after: QueuePlace | None = None,
    limit: int = 50,
) -> QueuePage:
    """Return texts of a status that is not ok, by language and then oldest mark first.

    Each language is read along its own part of the index, so that no page costs more than another.
    """
    most = min(limit, PAGE_MOST)
    found = list(_waiting(status, _languages_from(languages, after), kind, after, most + 1))
    rows = [
        QueueRow(state.event, cell_view(state.event, state.field, state.language, state))
        for state in found[:most]
    ]
    last = found[most - 1] if len(found) > most else None
    return QueuePage(rows, QueuePlace(last.language, last.pk) if last else None)


def queue_counts() -> Mapping[tuple[str, str], int]:
    """Return how many texts wait, by status and language."""
    waiting = TextState.objects.exclude(status=Status.OK).order_by()
    counted = waiting.values("status", "language").annotate(number=Count("pk"))
    return {(row["status"], row["language"]): row["number"] for row in counted}


def english_before(*, rows: Iterable[QueueRow]) -> Mapping[QueueKey, str]:
    """Return the English beside which texts stood when somebody looked at them last.

    It is read from the trail; a text is left out if the trail does not tell. One query.
    """
    wanted = {QueueKey.of(row) for row in rows}
    trail = AuditEntry.objects.filter(
        object_type="event", object_id__in={str(key.event_pk) for key in wanted},
        action__in=TEXT_ACTIONS,
    )  # fmt: skip
    told: dict[str, list[dict[str, Any]]] = {}
    entries = trail.order_by("pk").values_list("object_id", "action", "changes")
    for number, action, changes in entries:
        # That a text was kept is on record by its column, too, but says nothing of words.
        words = dict.fromkeys(changes) if action == KEPT else changes
        told.setdefault(number, []).append(words)
    found = {key: _english_since(told.get(str(key.event_pk), ()), key) for key in wanted}
    return {key: text for key, text in found.items() if text is not None}


def _english_since(told: Iterable[dict[str, Any]], key: QueueKey) -> str | None:
    """Return what the English was before its first change since the text itself was touched."""
    own, english = column(key.field, key.language), column(key.field, settings.LANGUAGE_CODE)
    before = None
    for changes in told:
        if own in changes:
            before = None
        elif before is None and changes.get(english):
            before = str(changes[english][0])
    return before


def _languages_from(languages: Collection[str], after: QueuePlace | None) -> list[str]:
    return [code for code in sorted(languages) if after is None or code >= after.language]


def _waiting(
    status: str, languages: Iterable[str], kind: str, after: QueuePlace | None, wanted: int
) -> Iterator[TextState]:
    for language in languages:
        rows = _of_language(status, language, kind, after)[:wanted]
        for state in rows:
            yield state
            wanted -= 1
        if wanted <= 0:
            return


def _of_language(
    status: str, language: str, kind: str, after: QueuePlace | None
) -> QuerySet[TextState]:
    rows = TextState.objects.filter(status=status, language=language).order_by("pk")
    if kind:
        rows = rows.filter(event__event_type=kind)
    if after is not None and after.language == language:
        rows = rows.filter(pk__gt=after.pk)
    return rows.select_related("event", "editor", "reviewed_by")


def _name(person: object) -> str:
    return str(person) if person else ""


def _digest(shown: tuple[str, ...]) -> str:
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:16]
