"""Read the texts that a translator carries away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, Prefetch, Q
from django.utils.translation import gettext as _

from events.exchange.cells import ROWS_MOST, SOURCE_LANGUAGE, Cell, seen_token
from events.models import TRANSLATED_FIELDS, Event, TextState
from events.querysets import EventQuerySet
from events.selectors_texts import machine_text
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.i18n import column

STATES: Final = ("all", "needs_review", "stale", "missing", "human")
BATCH: Final = 200  # events that are read at once

Fields = frozenset[str]


@dataclass(frozen=True, slots=True)
class TextsAsked:
    """Which texts: of a language, in the half-open span ``[start, end)``, in one of STATES."""

    language: str
    start: datetime
    end: datetime
    kinds: tuple[str, ...] = ()
    family: str = ""
    state: str = "all"


def texts_exported(asked: TextsAsked) -> Iterator[list[Cell]]:
    """Return texts in order of time, some at once.

    Texts that neither English nor the language has are left out.
    Errors: validation.invalid for more than 20,000, before anything is read.
    """
    wanted = _all_chosen(asked) if asked.state == "all" else _chosen_by_state(asked)
    return _batches(asked.language, wanted)


def cell_of(event: Event, field: str, language: str, state: TextState | None) -> Cell:
    """Return one text with all that its translator needs beside it."""
    english, text = event.text(field, SOURCE_LANGUAGE), event.text(field, language)
    return Cell(
        key=event.key,
        date=event.occurs_at.astimezone(UTC).isoformat(timespec="seconds"),
        kind=event.event_type,
        field=field,
        language=language,
        english=english,
        text=text,
        machine=machine_text(event, field, state, text),
        status=state.status if state else TextState.Status.OK.value,
        source=state.source if state else TextState.Source.GENERATED.value,
        seen=token_of(event, field, language, state),
    )


def token_of(event: Event, field: str, language: str, state: TextState | None) -> str:
    """Return what stands for a text as it is stored now, and for what it is written beside."""
    text = event.text(field, language)
    return seen_token(
        text=text,
        english=event.text(field, SOURCE_LANGUAGE),
        machine=machine_text(event, field, state, text),
        language=language,
    )


def text_columns(languages: tuple[str, ...]) -> tuple[str, ...]:
    """Return the columns that texts of these languages, and their English, stand in."""
    codes = {SOURCE_LANGUAGE, *languages}
    return tuple(column(field, code) for field in TRANSLATED_FIELDS for code in sorted(codes))


def _events(asked: TextsAsked) -> EventQuerySet:
    rows: EventQuerySet = Event.objects.rewrite(False).between(asked.start, asked.end)
    if asked.family:
        rows = rows.filter(family=asked.family)
    return rows.filter(event_type__in=asked.kinds) if asked.kinds else rows


def _all_chosen(asked: TextsAsked) -> Mapping[UUID, Fields]:
    rows = _events(asked)
    found = list(rows.in_time_order().values_list("pk", flat=True)[: ROWS_MOST + 1])
    _count_check(len(found))
    told = {
        field: Count("pk", filter=~_empty(field, asked.language) | ~_empty(field, SOURCE_LANGUAGE))
        for field in TRANSLATED_FIELDS
    }
    _count_check(sum(rows.order_by().aggregate(**{f"{n}_": c for n, c in told.items()}).values()))
    return dict.fromkeys(found, frozenset(TRANSLATED_FIELDS))


def _chosen_by_state(asked: TextsAsked) -> Mapping[UUID, Fields]:
    states = TextState.objects.filter(event__in=_events(asked)).order_by()
    own = states.filter(language=asked.language)
    if asked.state == "missing":
        rows = states.exclude(language=asked.language).filter(_missing(asked.language))
    elif asked.state == "human":
        rows = own.exclude(source=TextState.Source.GENERATED)
    else:
        rows = own.filter(status=asked.state)
    cells = rows.values_list("event__occurs_at", "event_id", "field").distinct()
    found = sorted(cells[: ROWS_MOST + 1])
    _count_check(len(found))
    wanted: dict[UUID, Fields] = {}
    for _at, pk, field in found:
        wanted[pk] = wanted.get(pk, frozenset()) | {field}
    return wanted


def _missing(language: str) -> Q:
    lacking = Q()
    for field in TRANSLATED_FIELDS:
        lacking |= Q(field=field) & _empty(field, language, "event__")
    return lacking


def _empty(field: str, language: str, before: str = "") -> Q:
    name = f"{before}{column(field, language)}"
    return Q(**{name: ""}) | Q(**{f"{name}__isnull": True})


def _count_check(count: int) -> None:
    if count > ROWS_MOST:
        raise ApplicationError(
            ErrorCode.VALIDATION_INVALID,
            _(
                "These are more than %(most)d texts. "
                "Choose a shorter span of time, fewer kinds or one state."
            )
            % {"most": ROWS_MOST},
        )


def _batches(language: str, wanted: Mapping[UUID, Fields]) -> Iterator[list[Cell]]:
    pks = list(wanted)
    for start in range(0, len(pks), BATCH):
        cells = [
            cell
            for event in _events_read(language, pks[start : start + BATCH])
            for cell in _cells(event, language, wanted[event.pk])
        ]
        if cells:
            yield cells


def _events_read(language: str, pks: list[UUID]) -> EventQuerySet:
    states = Prefetch("text_states", queryset=TextState.objects.filter(language=language))
    names = ("key", "event_type", "occurs_at", "origin", *text_columns((language,)))
    rows: EventQuerySet = Event.objects.rewrite(False).filter(pk__in=pks)
    return rows.only(*names).prefetch_related(states).in_time_order()


def _cells(event: Event, language: str, fields: Fields) -> Iterator[Cell]:
    states = {state.field: state for state in event.text_states.all()}
    for field in TRANSLATED_FIELDS:
        if field in fields:
            cell = cell_of(event, field, language, states.get(field))
            if cell.english or cell.text:
                yield cell
