"""Write texts: what a person wrote is kept, what the machine wrote is replaced."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings

from accounts.models import User
from events.models import TRANSLATED_FIELDS, Event, TextState
from events.rendering import ALL_LANGUAGES, GENERATED_FIELDS
from events.selectors_texts import machine_text
from starscal.core.i18n import column
from starscal.core.plain_text import text_settled

Source, Status = TextState.Source, TextState.Status


def generated_texts_update(
    *, event: Event, columns: dict[str, str], states: Iterable[TextState]
) -> None:
    """Set the machine's texts on ``event`` (not saved here), around those of people.

    ``states`` are all those of the event's texts.
    Changes: a person's text stays; its state takes the new machine text, and is stale while that
    differs from the one beside which the person wrote. A machine text that was looked at needs
    another look when it changes. Locks: the caller holds the event's row.
    """
    known = {column(state.field, state.language): state for state in states}
    for name, words in columns.items():
        state = known.get(name)
        if state is None or state.source == Source.GENERATED:
            setattr(event, name, words)
        if state is not None and state.generated_text != words:
            state.generated_text = words
            state.status = _status_beside(state)
            state.save(update_fields=["generated_text", "status"])


def human_texts_update(
    *, event: Event, columns: dict[str, str], editor: User, at: datetime
) -> dict[str, list[str]]:
    """Set texts that a person wrote and return what changed, as ``{column: [old, new]}``.

    Changes: the columns on ``event`` (not saved here) and their TextState. An emptied text of a
    computed event goes back to the machine's. Where the English changed, the texts of that field
    in other languages need review, but for those that changed along with it.
    Locks: the caller holds the event's row.
    Errors: validation.invalid for control characters and turned writing.
    """
    changes: dict[str, list[str]] = {}
    for field, language in cells():
        name = column(field, language)
        old = event.text(field, language)
        if name not in columns or columns[name] == old:
            continue
        words = text_settled(columns[name], pointer=f"/{name}", lines=field != "title")
        new = _write(event, field, language, words, editor, at)
        changes[name] = [old, new]
    for field in TRANSLATED_FIELDS:
        if column(field, settings.LANGUAGE_CODE) in changes:
            _others_review(event, field, untouched_by=changes)
    return changes


def machine_text_take(*, event: Event, state: TextState) -> dict[str, list[str]]:
    """Put the machine's text in place of a person's and return ``{column: [old, new]}``.

    Changes: the column on ``event`` (not saved here), the state is gone; other languages as in
    ``human_texts_update``. Locks: the caller holds the event's row.
    """
    name = column(state.field, state.language)
    old = event.text(state.field, state.language)
    _to_machine(event, state.field, state.language, state.generated_text)
    if state.language == settings.LANGUAGE_CODE:
        _others_review(event, state.field, untouched_by=[name])
    return {name: [old, state.generated_text]}


def cells() -> list[tuple[str, str]]:
    """Return every translated cell as (field, language)."""
    fields = (*GENERATED_FIELDS, "reflection")
    return [(field, language) for field in fields for language in ALL_LANGUAGES]


def _status_beside(state: TextState) -> TextState.Status:
    """Return the status of a text beside a machine text that has just changed."""
    if state.status == Status.NEEDS_REVIEW or state.source == Source.GENERATED:
        return Status.NEEDS_REVIEW
    return Status.OK if state.generated_text == state.basis_text else Status.STALE


def _write(event: Event, field: str, language: str, words: str, editor: User, at: datetime) -> str:
    name = column(field, language)
    state = event.text_states.filter(field=field, language=language).first()
    machine = machine_text(event, field, state, event.text(field, language))
    if not words and machine:
        _to_machine(event, field, language, machine)
        return machine
    setattr(event, name, words)
    TextState.objects.update_or_create(
        event=event,
        field=field,
        language=language,
        defaults={
            "source": Source.HUMAN,
            "status": Status.OK,
            "generated_text": machine,
            "basis_text": machine,
            "editor": editor,
            "edited_at": at,
            "reviewed_by": None,
            "reviewed_at": None,
        },
    )
    return words


def _to_machine(event: Event, field: str, language: str, machine: str) -> None:
    event.text_states.filter(field=field, language=language).delete()
    setattr(event, column(field, language), machine)


def _others_review(event: Event, field: str, *, untouched_by: Iterable[str]) -> None:
    """Mark the texts that stand for an English one which a person has just changed.

    Machine texts are marked while the English is a person's; they need no row when it is not.
    """
    touched = set(untouched_by)
    others = [code for code in ALL_LANGUAGES if column(field, code) not in touched]
    states = event.text_states.filter(field=field, language__in=others)
    if not event.text_states.filter(field=field, language=settings.LANGUAGE_CODE).exists():
        states.filter(source=Source.GENERATED).delete()
        others = []
    states.update(status=Status.NEEDS_REVIEW)
    texts = {code: machine_text(event, field, None, event.text(field, code)) for code in others}
    TextState.objects.bulk_create(
        (
            TextState(
                event=event, field=field, language=code, source=Source.GENERATED,
                status=Status.NEEDS_REVIEW, generated_text=text, basis_text=text,
            )
            for code, text in texts.items()
        ),
        ignore_conflicts=True,
    )  # fmt: skip
