"""Turn an occurrence of the sky into the fields of an event, words included."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from typing import Any

from django.conf import settings

from astronomy.occurrence import Occurrence
from events.facts import Facts
from events.kinds import KINDS, texts_for
from events.models import Event, event_id
from starscal.core.i18n import column, language_active

ALL_LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
GENERATED_FIELDS = ("title", "description")


def facts_of(occurrence: Occurrence) -> dict[str, Any]:
    """Return the computed columns of an event, without words and without what staff decide."""
    kind = KINDS[occurrence.kind]
    return {
        "event_type": occurrence.kind,
        "family": occurrence.family,
        "bodies": list(occurrence.bodies),
        "occurs_at": occurrence.utc,
        "begins_at": occurrence.begins_utc,
        "ends_at": occurrence.ends_utc,
        "tt_jd1": occurrence.tt_jd1,
        "tt_jd2": occurrence.tt_jd2,
        "uncertainty_s": occurrence.uncertainty_s,
        "astronomical_data": dict(occurrence.details),
        "significance": kind.significance.level(Facts.of(occurrence)),
        "provenance": dict(occurrence.provenance),
    }


def facts_hash(facts: dict[str, Any]) -> str:
    """Return a digest of what readers can tell apart: times to the millisecond, no provenance."""
    told = {name: _rounded(value) for name, value in facts.items() if name not in UNTOLD}
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


UNTOLD = frozenset({"provenance", "tt_jd1", "tt_jd2"})


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, dict):
        return {name: _rounded(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_rounded(part) for part in value]
    return value


def new_event(occurrence: Occurrence) -> Event:
    """Return an event that is not stored yet, published and without words."""
    facts = facts_of(occurrence)
    kind = KINDS[occurrence.kind]
    return Event(
        id=event_id(occurrence.key),
        key=occurrence.key,
        slug=kind.slug(Facts.of(occurrence)),
        origin=Event.Origin.COMPUTED,
        status=Event.Status.PUBLISHED,
        facts_hash=facts_hash(facts),
        **facts,
    )


def texts_rendered(
    occurrences: Iterable[Occurrence], languages: Collection[str] = ALL_LANGUAGES
) -> dict[str, dict[str, str]]:
    """Return the columns of title and description by event key, one language at a time."""
    columns: dict[str, dict[str, str]] = {}
    listed = [(occurrence.key, Facts.of(occurrence)) for occurrence in occurrences]
    for language in languages:
        with language_active(language):
            for key, facts in listed:
                words = texts_for(facts)
                row = columns.setdefault(key, {})
                row.update({column(field, language): words[field] for field in GENERATED_FIELDS})
    return columns


def texts_apply(event: Event, columns: dict[str, str]) -> None:
    """Put rendered words into an event and remember what they were."""
    for name, words in columns.items():
        setattr(event, name, words)
    event.template_hash = texts_hash(columns)


def texts_hash(columns: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(columns, sort_keys=True).encode()).hexdigest()


def events_unsaved(
    occurrences: Iterable[Occurrence], languages: Collection[str] = ALL_LANGUAGES
) -> list[Event]:
    """Return events computed on the fly, as they would be stored, with words in ``languages``."""
    listed = list(occurrences)
    words = texts_rendered(listed, languages)
    events = [new_event(occurrence) for occurrence in listed]
    for event in events:
        texts_apply(event, words[event.key])
    return events
