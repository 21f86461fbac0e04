"""What a recomputation changed of an event, as people read it: before, after and how far apart."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.desk.history import TEXTS, field_label
from events.fact_labels import CONTACTS, facts_table
from events.kinds import FAMILIES, KINDS
from events.models.desk import RunChange
from starscal.core.formats import decimal_text, millisecond_text
from starscal.core.pages import NATIVE_NAMES, html_tag
from starscal.core.word_diff import Part, words_compared

TIMES: Final = frozenset({"occurs_at", "begins_at", "ends_at"})
CONTACTS_HELD: Final = "contacts_utc"
PROVENANCE: Final[Mapping[str, str | Promise]] = {
    "definition": gettext_lazy("Definition"),
    "ephemeris": gettext_lazy("Ephemeris"),
    "versions": gettext_lazy("Computed with"),
}
NAMES: Final[Mapping[str, Mapping[str, str | Promise]]] = {
    "event_type": {code: kind.name for code, kind in KINDS.items()},
    "family": FAMILIES,
}
MINUS: Final = "\u2212"

Writer = Callable[[str, Any, Any], Iterator["Told"]]


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that changed; of a text ``tag`` is its language, ``parts`` its words compared."""

    label: str
    old: str
    new: str
    difference: str = ""
    tag: str = ""
    parts: list[Part] = field(default_factory=list)


def facts_told(change: RunChange, event_type: str) -> list[Told]:
    """Return the facts that changed, with their units, and what computed them."""
    before, after = change.before, change.after or {}
    writers: dict[str, Writer] = {
        "facts": _fact,
        "data": lambda name, old, new: _datum(event_type, name, old, new),
        "provenance": _source,
    }
    told: list[Told] = []
    for part, write in writers.items():
        old, new = before.get(part, {}), after.get(part, {})
        for name in {**old, **new}:
            told += write(name, old.get(name), new.get(name))
    return told


def languages_told(change: RunChange) -> list[str]:
    """Return the languages in which a machine's text changed, by their own names."""
    before, after = change.before.get("texts", {}), (change.after or {}).get("texts", {})
    codes = dict.fromkeys(
        code for name, (_field, code) in TEXTS.items() if name in {**before, **after}
    )
    return [NATIVE_NAMES[code] for code in codes]


def texts_told(change: RunChange) -> list[Told]:
    """Return the machine's texts that changed, their words compared, language by language."""
    before, after = change.before.get("texts", {}), (change.after or {}).get("texts", {})
    return [
        _text(name, before.get(name, ""), after.get(name, ""))
        for name in TEXTS
        if name in before or name in after
    ]


def _text(name: str, old: str, new: str) -> Told:
    column_name, code = TEXTS[name]
    return Told(
        label=f"{field_label(column_name)} · {NATIVE_NAMES[code]}",
        old=old,
        new=new,
        tag=html_tag(code),
        parts=words_compared(old, new, language=code) if old and new else [],
    )


def _fact(name: str, old: Any, new: Any) -> Iterator[Told]:
    if name in TIMES:
        yield _time(field_label(name), old, new)
    else:
        yield Told(field_label(name), _named(name, old), _named(name, new))


def _time(label: str, old: str | None, new: str | None) -> Told:
    first, second = (datetime.fromisoformat(at) if at else None for at in (old, new))
    apart = _apart((second - first).total_seconds()) if first and second else ""
    was, now = (millisecond_text(at) if at else "" for at in (first, second))
    return Told(label, was, now, difference=apart)


def _apart(seconds: float) -> str:
    sign = MINUS if seconds < 0 else "+"
    # Translators: a duration in seconds
    return _("%(value)s s") % {"value": f"{sign}{decimal_text(abs(seconds), 3)}"}


def _named(name: str, value: Any) -> str:
    known = NAMES.get(name, {})
    return str(known[value]) if isinstance(value, str) and value in known else _raw(value)


def _datum(event_type: str, name: str, old: Any, new: Any) -> Iterator[Told]:
    if name == CONTACTS_HELD:
        yield from _contacts(event_type, old or {}, new or {})
        return
    label, was = _labelled(event_type, name, old)
    other, now = _labelled(event_type, name, new)
    if was == now:  # apart by less than is written for readers
        was, now = _raw(old), _raw(new)
    yield Told(label or other or name, was, now)


def _labelled(event_type: str, name: str, value: Any) -> tuple[str, str]:
    rows = facts_table(event_type, {name: value})
    return (rows[0].label, rows[0].value) if rows else ("", _raw(value))


def _contacts(event_type: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Told]:
    labels = CONTACTS.get(event_type, {})
    for name in {**old, **new}:
        if old.get(name) != new.get(name):
            yield _time(str(labels.get(name, name)), old.get(name), new.get(name))


def _source(name: str, old: Any, new: Any) -> Iterator[Told]:
    """Tell what computed it; the numbers of a single instant say nothing to people."""
    if name in PROVENANCE:
        yield Told(str(PROVENANCE[name]), _used(old), _used(new))


def _used(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {number}" for name, number in value.items())
    return _raw(value)


def _raw(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False)
