"""Write texts: what a person wrote is kept, what the machine wrote is replaced."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from accounts.models import User
from events.models import Event, TextState
from events.rendering import ALL_LANGUAGES, GENERATED_FIELDS
from starscal.core.i18n import column
from starscal.core.plain_text import text_settled


def generated_texts_update(
    *, event: Event, columns: dict[str, str], states: Iterable[TextState]
) -> None:
    """Set the machine's texts on ``event`` (not saved here), around those of people.

    ``states`` are those of the event's texts that people wrote.
    Changes: a person's text stays; where the machine text beside it changed, its state becomes
    stale and keeps the new machine text. Locks: the caller holds the event's row.
    """
    kept = {column(state.field, state.language): state for state in states}
    for name, words in columns.items():
        state = kept.get(name)
        if state is None:
            setattr(event, name, words)
        elif state.generated_text != words:
            state.generated_text = words
            state.status = TextState.Status.STALE
            state.save(update_fields=["generated_text", "status"])


def human_texts_update(
    *, event: Event, columns: dict[str, str], editor: User, at: datetime
) -> dict[str, list[str]]:
    """Set texts that a person wrote and return what changed, as ``{column: [old, new]}``.

    Changes: the columns on ``event`` (not saved here) and their TextState. An emptied text of a
    computed event goes back to the machine's. Locks: the caller holds the event's row.
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
    return changes


def cells() -> list[tuple[str, str]]:
    """Return every translated cell as (field, language)."""
    fields = (*GENERATED_FIELDS, "reflection")
    return [(field, language) for field in fields for language in ALL_LANGUAGES]


def _write(event: Event, field: str, language: str, words: str, editor: User, at: datetime) -> str:
    name = column(field, language)
    state = event.text_states.filter(field=field, language=language).first()
    machine = state.generated_text if state else event.text(field, language)
    if not words and machine and event.origin == Event.Origin.COMPUTED:
        event.text_states.filter(field=field, language=language).delete()
        setattr(event, name, machine)
        return machine
    setattr(event, name, words)
    TextState.objects.update_or_create(
        event=event,
        field=field,
        language=language,
        defaults={
            "source": TextState.Source.HUMAN,
            "status": TextState.Status.OK,
            "generated_text": machine,
            "editor": editor,
            "edited_at": at,
        },
    )
    return words
