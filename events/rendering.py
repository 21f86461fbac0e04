"""Turn an occurrence of the sky into the fields of an event, words included."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from functools import cache
from typing import Any, Final

from django.conf import settings

from astronomy.occurrence import Occurrence
from events.constraints import OVERRIDE_COLUMNS
from events.facts import Facts
from events.kinds import KINDS
from events.memo import SentenceMemo, Sentences
from events.models import TRANSLATED_FIELDS, Event, event_id
from starscal.core.i18n import column, language_active

ALL_LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
GENERATED_FIELDS = ("title", "description")
# Named when an event is made: asking each column for its default takes most of the time.
NOTHING: Final[dict[str, Any]] = {
    **{column(field, code): None for field in TRANSLATED_FIELDS for code in ALL_LANGUAGES},
    **dict.fromkeys(OVERRIDE_COLUMNS),
    "link": "",
    "image_id": None,
    "series_id": None,
}


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
    told = {name: rounded(value) for name, value in facts.items() if name not in UNTOLD}
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


UNTOLD = frozenset({"provenance", "tt_jd1", "tt_jd2"})


def rounded(value: Any) -> Any:
    """Return a JSON value without the noise of floating point."""
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, dict):
        return {name: rounded(part) for name, part in value.items()}
    if isinstance(value, list):
        return [rounded(part) for part in value]
    return value


def event_row(occurrence: Occurrence, columns: dict[str, str]) -> dict[str, Any]:
    """Return the columns of an event that is not stored yet: published, with rendered words."""
    facts = facts_of(occurrence)
    return {
        **facts,
        **columns,
        "id": event_id(occurrence.key),
        "key": occurrence.key,
        "slug": KINDS[occurrence.kind].slug(Facts.of(occurrence)),
        "origin": Event.Origin.COMPUTED.value,
        "status": Event.Status.PUBLISHED.value,
        "revision": 1,
        "facts_hash": facts_hash(facts),
        "template_hash": texts_hash(columns),
    }


def texts_rendered(
    occurrences: Iterable[Occurrence], languages: Collection[str] = ALL_LANGUAGES
) -> dict[str, dict[str, str]]:
    """Return the columns of title and description by event key, one language at a time."""
    listed = [(occurrence.key, Facts.of(occurrence)) for occurrence in occurrences]
    columns: dict[str, dict[str, str]] = {key: {} for key, _facts in listed}
    for language in languages:
        title, description = (column(field, language) for field in GENERATED_FIELDS)
        with language_active(language):
            for key, facts in listed:
                row = columns[key]
                row[title], row[description] = words_said(facts, language)
    return columns


def words_said(facts: Facts, language: str) -> tuple[str, str]:
    """Return title and description in a language, which is the active one."""
    kind = KINDS[facts.kind]
    titles, descriptions = _memos(kind.code, language)
    return titles.say(kind.title, facts), descriptions.say(kind.description, facts)


@cache
def _memos(_code: str, language: str) -> tuple[SentenceMemo, SentenceMemo]:
    return SentenceMemo(parts=_parts(language)), SentenceMemo(parts=_parts(language))


@cache
def _parts(_language: str) -> Sentences:
    return {}


def memos_empty() -> None:
    """Forget every sentence; the next texts are written anew."""
    _memos.cache_clear()
    _parts.cache_clear()


def texts_hash(columns: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(columns, sort_keys=True).encode()).hexdigest()


def events_unsaved(
    occurrences: Iterable[Occurrence], languages: Collection[str] = ALL_LANGUAGES
) -> list[Event]:
    """Return events computed on the fly, as they would be stored, with words in ``languages``."""
    listed = list(occurrences)
    words = texts_rendered(listed, languages)
    return [
        Event(**{**NOTHING, **event_row(occurrence, words[occurrence.key])})
        for occurrence in listed
    ]
