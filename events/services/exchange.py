"""Take back what translators wrote in files: judge each text, and write those of an event."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Final, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from events.exchange.cells import Written, plain, text_too_long, token_fits, token_is_of
from events.models import TRANSLATED_FIELDS, Event, TextState
from events.rights import EXCHANGE, right_require, text_right
from events.selectors_exchange import token_of
from events.selectors_texts import machine_text
from events.services.curation import EventEdit, event_update
from events.services.editing import event_lock
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.i18n import column
from starscal.core.plain_text import text_settled

TITLE_MOST: Final[int] = Event._meta.get_field("title").max_length or 0
LOST: Final = "???"  # what a spreadsheet leaves of letters that its encoding lacks


class CellEdit(NamedTuple):
    """A text to write, what stood there when it was decided, and the token of all it stood beside.

    Without a token nobody asks what changed beside it.
    """

    field: str
    language: str
    text: str
    seen: str
    token: str = ""

    @property
    def column(self) -> str:
        return column(self.field, self.language)


class Imported(NamedTuple):
    """What became of an event: its revision, and why some of its texts were left alone."""

    revision: int
    refusals: tuple[str, ...] = ()


def exchange_require(actor: User, language: str) -> None:
    """Refuse, with permission.denied, whoever may not exchange texts of a language."""
    right_require(actor, EXCHANGE)
    right_require(actor, text_right(language))


def text_judge(
    *, event: Event, state: TextState | None, written: Written, actor: User
) -> str | None:
    """Return why a text that came back cannot be taken, "" if it can, None if nothing changes.

    ``written`` names a text that there is, in a language of the actor's.
    """
    stored = plain(event.text(written.field, written.language))
    if written.text == stored or token_is_of(written.seen, written.text):
        return None  # what the file leaves as it was undoes nobody's newer text
    if refusal := _unfit(written):
        return refusal
    if LOST in written.text and LOST not in stored:
        return _("Question marks stand for letters here; save the file as UTF-8.")
    today = token_of(event, written.field, written.language, state)
    own = state is not None and state.editor_id == actor.pk
    if not token_fits(written.seen, today, own=own):
        return _changed_beside()
    return ""


@transaction.atomic
def event_texts_import(
    *, event_id: uuid.UUID, actor: User, cells: Iterable[CellEdit], at: datetime, reason: str = ""
) -> Imported:
    """Write the texts of one event that came back in a file, each for itself.

    A text that is the machine's goes back to the machine. Changes, announces: as ``event_update``.
    Locks: the event, then the stream. Idempotent: texts that stand there already are not written.
    Errors: event.not_found, permission.denied, validation.invalid; event.conflict if all of them,
    their English or the machine's text have changed since, of some the result tells.
    """
    right_require(actor, EXCHANGE)
    event = event_lock(event_id)
    wanted = {
        cell.column: cell
        for cell in cells
        if plain(cell.text) != plain(event.text(cell.field, cell.language))
    }
    if not wanted:
        return Imported(event.revision)
    states = {(state.field, state.language): state for state in event.text_states.all()}
    judged = {
        name: _changed_since(event, cell, states.get(cell[:2])) for name, cell in wanted.items()
    }
    told = tuple(sorted({said for said in judged.values() if said}))
    if all(judged.values()):
        raise ApplicationError(
            ErrorCode.EVENT_CONFLICT, " ".join(told), extra={"revision": event.revision}
        )
    mine = {name: cell for name, cell in wanted.items() if not judged[name]}
    edit = EventEdit(
        texts={n: _text_taken(event, cell, states.get(cell[:2])) for n, cell in mine.items()},
        seen={name: cell.seen for name, cell in mine.items()},
    )
    saved = event_update(event_id=event_id, actor=actor, edit=edit, at=at, reason=reason)
    return Imported(saved.revision, told)


def _changed_since(event: Event, cell: CellEdit, state: TextState | None) -> str:
    """Return what has changed since a text was decided, "" if nothing has."""
    if plain(cell.seen) != plain(event.text(cell.field, cell.language)):
        return _("Somebody else has changed a text of this event since; that one was left alone.")
    if cell.token and cell.token != token_of(event, cell.field, cell.language, state):
        return _changed_beside()
    return ""


def _changed_beside() -> str:
    return _(
        "The mark in “seen” does not fit: this text, its English or the machine's text has "
        "changed since. Export it again."
    )


def _text_taken(event: Event, cell: CellEdit, state: TextState | None) -> str:
    """Return what to write: nothing, which is the machine's text, where it is just that."""
    machine = machine_text(event, cell.field, state, event.text(cell.field, cell.language))
    return "" if cell.text == plain(machine) else cell.text


def _unfit(written: Written) -> str:
    """Return why nobody may write such a text, "" if they may."""
    if written.field == "title" and len(written.text) > TITLE_MOST:
        return text_too_long(TITLE_MOST)
    try:
        text_settled(written.text, pointer="", lines=written.field != "title")
    except ApplicationError as refusal:
        return str(refusal.message)
    return ""


def place_unfit(written: Written, languages: Iterable[str]) -> str:
    """Return why there is no such text for somebody who writes these languages, "" if there is."""
    if written.field not in TRANSLATED_FIELDS:
        return _("There is no such text.")
    if written.language not in languages:
        return _("You may not write texts in this language.")
    return ""
