"""The texts in the form of an event: source beside target beside the machine's text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.forms import BaseForm, Textarea
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from events.models import TRANSLATED_FIELDS, Event, TextState
from events.payloads import FALLBACK
from events.rendering import GENERATED_FIELDS
from starscal.core.formats import minute_text
from starscal.core.i18n import column
from starscal.core.pages import NATIVE_NAMES, html_tag

TEXTS_CLASS: Final = "desk-texts"  # marks the parts of the form that this layout shows itself
LINE: Final = 90  # letters, about, in a line of the input
ROWS: Final = range(3, 13)


@dataclass(frozen=True, slots=True)
class State:
    """How a text stands: a code for the style sheet, a mark, a word and a sentence."""

    code: str
    mark: str
    word: str | Promise
    hint: str | Promise = ""


MACHINE: Final = State("machine", "", _("Machine text"))
OWN: Final = State("human", "✎", _("Own words"))
IMPORTED: Final = State("imported", "✎", _("Imported"))
STALE: Final = State(
    "stale", "!", _("Stale"), _("What the machine writes has changed since this was written.")
)
REVIEW: Final = State("needs_review", "?", _("Needs review"))
MISSING: Final = State("missing", "–", _("Missing"), _("Readers see the English text."))
UNWRITTEN: Final = State("unwritten", "", _("Not written"))
BY_URGENCY: Final = (STALE, REVIEW, MISSING, OWN, IMPORTED)


@dataclass(frozen=True, slots=True)
class Cell:
    """A text of an event in one language; without an ``input`` it is only to be read."""

    field: str
    label: str
    name: str
    text: str
    source: str
    machine: str
    state: State | None
    editor: str
    edited: str
    limit: int | None
    errors: Any
    input: SafeString | None
    input_id: str

    @property
    def length(self) -> int:
        return len(self.text)

    @property
    def has_machine(self) -> bool:
        return self.field in GENERATED_FIELDS and bool(self.machine)


@dataclass(frozen=True, slots=True)
class Part:
    """The texts of an event in one language."""

    code: str
    tag: str
    name: str
    cells: list[Cell]

    @property
    def is_source(self) -> bool:
        return self.code == FALLBACK

    @property
    def writable(self) -> bool:
        return any(cell.input is not None for cell in self.cells)

    @property
    def has_errors(self) -> bool:
        return any(cell.errors for cell in self.cells)

    @property
    def state(self) -> State | None:
        """Return the state that most asks for somebody, if there is one worth a mark."""
        states = [cell.state for cell in self.cells]
        return next((state for state in BY_URGENCY if state in states), None)


@dataclass(frozen=True, slots=True)
class Desk:
    """All texts of an event, and the language to begin with."""

    parts: list[Part]
    opened: str
    source_name: str = NATIVE_NAMES[FALLBACK]
    source_tag: str = html_tag(FALLBACK)


def desk_layout(*, form: BaseForm, event: Event | None, reader: str) -> Desk:
    """Return the texts as the form shows them; ``reader`` is the language of whoever looks.

    Columns that are not among the fields of the form are shown to be read. One query: the states.
    """
    states = _states(event)
    parts = [
        Part(
            code=code,
            tag=html_tag(code),
            name=NATIVE_NAMES[code],
            cells=[_cell(form, event, states, name, code) for name in TRANSLATED_FIELDS],
        )
        for code, _name in settings.LANGUAGES
    ]
    return Desk(parts=parts, opened=_opened(parts, reader))


def _opened(parts: list[Part], reader: str) -> str:
    """Return the language with an error, else the reader's own, else the first to write in."""
    wrong = [part.code for part in parts if part.has_errors]
    open_ones = [part.code for part in parts if part.writable]
    if wrong:
        return wrong[0]
    return reader if reader in open_ones or not open_ones else open_ones[0]


def _states(event: Event | None) -> Mapping[tuple[str, str], TextState]:
    if event is None:
        return {}
    rows = event.text_states.order_by().select_related("editor")
    return {(row.field, row.language): row for row in rows}


def _cell(
    form: BaseForm,
    event: Event | None,
    states: Mapping[tuple[str, str], TextState],
    field: str,
    code: str,
) -> Cell:
    name = column(field, code)
    bound = form[name] if name in form.fields else None
    text = _stored(form, event, field, code)
    row, column_of = states.get((field, code)), Event._meta.get_field(field)
    return Cell(
        field=field,
        label=capfirst(str(getattr(column_of, "verbose_name", field))),
        name=name,
        text=text if bound is None else bound.value() or "",
        source=_stored(form, event, field, FALLBACK),
        machine=_machine(event, row, text),
        state=_state(event, row, field, text),
        editor=row.editor.get_username() if row and row.editor else "",
        edited=minute_text(row.edited_at) if row and row.edited_at else "",
        limit=getattr(column_of, "max_length", None),
        errors=bound.errors if bound is not None else None,
        input=None if bound is None else _input(bound, code),
        input_id="" if bound is None else bound.id_for_label,
    )


def _stored(form: BaseForm, event: Event | None, field: str, code: str) -> str:
    """Return a text as it is stored: checking a form puts what was typed into its instance."""
    stored = form.initial.get(column(field, code)) if form.is_bound else None
    if stored is None and event is not None:
        stored = event.text(field, code)
    return str(stored or "")


def _machine(event: Event | None, row: TextState | None, text: str) -> str:
    """Return what the machine wrote: kept beside a person's text, else the text itself."""
    if row is not None:
        return row.generated_text
    return text if event is not None and event.origin == Event.Origin.COMPUTED else ""


def _state(event: Event | None, row: TextState | None, field: str, text: str) -> State | None:
    if event is None:
        return None
    if row is not None and row.status == TextState.Status.STALE:
        return STALE
    if row is not None and row.status == TextState.Status.NEEDS_REVIEW:
        return REVIEW
    if not text:
        return MISSING if field in GENERATED_FIELDS else UNWRITTEN
    if row is None or row.source == TextState.Source.GENERATED:
        return MACHINE
    return IMPORTED if row.source == TextState.Source.IMPORTED else OWN


def _input(bound: BoundField, code: str) -> SafeString:
    """Return the input, and what the form sends back as seen."""
    attrs: dict[str, Any] = {"lang": html_tag(code), "dir": "auto"}
    if isinstance(bound.field.widget, Textarea):
        text = str(bound.value() or "")
        lines = sum(1 + len(line) // LINE for line in text.splitlines())
        attrs["rows"] = min(max(lines + 1, ROWS.start), ROWS.stop - 1)
    shown = bound.as_widget(attrs=attrs)
    return shown + bound.as_hidden(only_initial=True) if bound.field.show_hidden_initial else shown
