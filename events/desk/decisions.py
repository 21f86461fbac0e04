"""Rows of the queues of texts, and what somebody decides about one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from events.kinds import kind_name
from events.models import TRANSLATED_FIELDS, Event, TextState
from events.rights import languages_of, reviewed_by
from events.selectors_texts import CellView, QueueKey, QueueRow, english_before
from events.services.review import Cell, text_review, text_take_machine
from starscal.core import clock
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.formats import date_time_text, minute_text
from starscal.core.word_diff import Part, words_compared

FIELDS: Final = {
    "title": _("title"), "description": _("description"), "reflection": _("reflection"),
}  # fmt: skip
ENGLISH: Final = settings.LANGUAGE_CODE
KEEP, TAKE = "keep", "take"


class DecisionForm(forms.Form):
    """What a button beside a text sends; ``next`` is the row to come back to."""

    decision = forms.ChoiceField(choices=[(KEEP, KEEP), (TAKE, TAKE)])
    event = forms.UUIDField()
    field = forms.ChoiceField(choices=[(name, name) for name in TRANSLATED_FIELDS])
    language = forms.ChoiceField(choices=settings.LANGUAGES)
    seen = forms.CharField(max_length=64)
    next = forms.SlugField(max_length=100, required=False)


@dataclass(frozen=True, slots=True)
class RowShown:
    """A text that waits, as its queue shows it; ``…_parts`` are empty where nothing is compared."""

    event: Event
    kind: Any
    when: str
    field: Any
    cell: CellView
    english_parts: list[Part]
    machine_parts: list[Part]
    is_human: bool
    edited: str
    may_keep: bool
    may_take: bool
    anchor: str
    next: str


def rows_shown(rows: Sequence[QueueRow], *, actor: User) -> list[RowShown]:
    """Return what a page of a queue shows to somebody."""
    waiting = [row for row in rows if row.cell.status == TextState.Status.NEEDS_REVIEW]
    english = english_before(rows=waiting) if waiting else {}
    kept, written = reviewed_by(actor), languages_of(actor)
    following = [*map(anchor_of, rows[1:]), ""]
    return [
        _row_shown(row, english.get(QueueKey.of(row)), kept=kept, written=written, after=anchor)
        for row, anchor in zip(rows, following, strict=False)
    ]


def _row_shown(
    row: QueueRow, before: str | None, *, kept: Sequence[str], written: Sequence[str], after: str
) -> RowShown:
    event, cell = row
    is_human = cell.source != TextState.Source.GENERATED
    return RowShown(
        event=event,
        kind=kind_name(event.event_type),
        when=date_time_text(event.occurs_at),
        field=FIELDS.get(cell.field, cell.field),
        cell=cell,
        english_parts=_compared(before, cell.source_text, ENGLISH),
        machine_parts=_compared(cell.basis_text or None, cell.machine_text, cell.language),
        is_human=is_human,
        edited=minute_text(cell.edited_at) if cell.edited_at else "",
        may_keep=cell.language in kept,
        may_take=is_human and bool(cell.machine_text) and cell.language in written,
        anchor=anchor_of(row),
        next=after,
    )


def _compared(old: str | None, new: str, language: str) -> list[Part]:
    return [] if old is None or old == new else words_compared(old, new, language=language)


def anchor_of(row: QueueRow) -> str:
    return anchor(Cell(row.event.pk, row.cell.field, row.cell.language))


def anchor(cell: Cell) -> str:
    """Return the mark by which an address leads to a row."""
    return f"row-{cell.event_id}-{cell.field}"


def decided(request: HttpRequest) -> HttpResponse:
    """Do what a button beside a text asks for, and lead back to where it was pressed."""
    actor = cast("User", request.user)
    if not (reviewed_by(actor) or languages_of(actor)):
        raise PermissionDenied
    form = DecisionForm(request.POST)
    if not form.is_valid():
        raise BadRequest("Use the buttons beside a text: keep, or take.")
    wish = form.cleaned_data
    cell = Cell(wish["event"], wish["field"], wish["language"])
    place = wish["next"] if _done(request, actor, wish, cell) else anchor(cell)
    return HttpResponseRedirect(request.get_full_path() + (f"#{place}" if place else ""))


def _done(request: HttpRequest, actor: User, wish: dict[str, Any], cell: Cell) -> bool:
    """Decide and say what became of it."""
    decide = text_review if wish["decision"] == KEEP else text_take_machine
    try:
        decide(cell=cell, actor=actor, seen=wish["seen"], at=clock.now())
    except ApplicationError as refusal:
        if refusal.code == ErrorCode.PERMISSION_DENIED:
            raise PermissionDenied from refusal
        is_conflict = refusal.code == ErrorCode.EVENT_CONFLICT
        messages.warning(request, str(CHANGED if is_conflict else refusal.message))
        return False
    messages.success(request, DONE[wish["decision"]])
    return True


CHANGED: Final = _("This text has changed since you looked; nothing was done. Please look again.")
DONE: Final = {
    KEEP: _("The text stays as it is."),
    TAKE: _("The machine's text stands there now."),
}
