"""The audit trail of one event: who did what, when and why, and what it was before."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateTimeField
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy

from events.desk.pages import place_asked
from events.models import TRANSLATED_FIELDS, Event
from starscal.core.admin_audit import LONG_ID, names_known
from starscal.core.formats import date_time_text
from starscal.core.i18n import column
from starscal.core.models import AuditEntry
from starscal.core.pages import NATIVE_NAMES, html_tag
from starscal.core.selectors import audit_of
from starscal.core.word_diff import Part, words_compared

TEMPLATE: Final = "admin/events/event/history.html"
SHOWN: Final = 25
ACTIONS: Final[Mapping[str, str | Promise]] = {
    "event.create": gettext_lazy("Created"),
    "event.update": gettext_lazy("Edited"),
    "event.published": gettext_lazy("Published"),
    "event.hidden": gettext_lazy("Hidden"),
    "event.cancelled": gettext_lazy("Cancelled"),
    "event.override": gettext_lazy("Facts set by hand"),
    "event.text_review": gettext_lazy("Text kept after a look"),
    "event.text_machine": gettext_lazy("Machine text taken"),
}
# Which text a column holds, in which language.
TEXTS: Final = {
    column(field, code): (field, code)
    for field in TRANSLATED_FIELDS
    for code, _name in settings.LANGUAGES
}


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one field; ``tag`` is the language of a text, ``parts`` its words compared."""

    label: str
    language: str
    tag: str
    old: str
    new: str
    parts: list[Part]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the trail."""

    at: str
    actor: str
    action: str
    reason: str
    request_id: str
    changes: list[Change]


def history_response(request: HttpRequest, event: Event, page: dict[str, Any]) -> HttpResponse:
    """Show a page of the trail of an event, newest first; ``?before=`` goes on with older ones.

    ``page`` is what the admin's pages need. Errors: BadRequest for a place that is no number.
    """
    before = place_asked(request, "before")
    found = audit_of(object_type="event", object_id=str(event.pk), before=before, limit=SHOWN + 1)
    context = {
        **page,
        "entries": entries_shown(found[:SHOWN]),
        "older": found[SHOWN - 1].pk if len(found) > SHOWN else None,
        "is_first": before is None,
    }
    return TemplateResponse(request, TEMPLATE, context)


def entries_shown(rows: list[AuditEntry]) -> list[Entry]:
    """Return entries as people read them; one query for the names of who did it."""
    names = names_known(rows)
    return [
        Entry(
            at=date_time_text(row.created_at),
            actor=names.get(row.actor) or shortened(row.actor),
            action=str(ACTIONS.get(row.action, row.action)),
            reason=row.reason,
            request_id=row.request_id,
            changes=list(_changes(row.changes)),
        )
        for row in rows
    ]


def shortened(actor: str) -> str:
    """Return the beginning of the id of an account that is gone, or the name of a task."""
    return f"{actor[:8]}…" if LONG_ID.fullmatch(actor) else actor


def _changes(changes: Any) -> Iterator[Change]:
    """Yield what an entry tells: pairs of old and new, or values that stand alone."""
    for name, told in changes.items() if isinstance(changes, dict) else ():
        pair = told if isinstance(told, list) and len(told) == 2 else [None, told]
        field, code = TEXTS.get(name, (name, ""))
        label, old, new = field_label(field), *(_value(field, value) for value in pair)
        yield Change(
            label=label,
            language=NATIVE_NAMES.get(code, ""),
            tag=html_tag(code) if code else "",
            old=old,
            new=new,
            parts=words_compared(old, new, language=code) if code and old and new else [],
        )


def field_label(name: str) -> str:
    """Return what people call a column of an event."""
    if name == "override_reason":
        return gettext("Their reason")
    name = name.removeprefix("override_")
    try:
        return capfirst(str(getattr(Event._meta.get_field(name), "verbose_name", name)))
    except FieldDoesNotExist:
        return name


def _value(name: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        return _word(name, value)
    return json.dumps(value, ensure_ascii=False)


def _word(name: str, value: str) -> str:
    """Write a status by its name and an instant as the reader's language does."""
    try:
        field = Event._meta.get_field(name)
        if isinstance(field, DateTimeField):
            return date_time_text(datetime.fromisoformat(value))
    except (FieldDoesNotExist, ValueError):
        return value
    choices = dict(getattr(field, "flatchoices", ()))
    return str(choices.get(value, value))
