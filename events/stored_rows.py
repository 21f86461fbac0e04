"""Stored events as the list reads them: values of columns, no instances of the model.

A row answers to the same names as an event where readers are concerned (`events.payloads`), at a
tenth of the cost; a test holds both to the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, Final, NamedTuple, Protocol
from uuid import UUID

import orjson
from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import TextField
from django.db.models.functions import Cast

from events.models import TRANSLATED_FIELDS
from events.overridden import Overrides, overrides_column, overrides_parsed
from events.querysets import EventQuerySet
from starscal.core.i18n import column

OVERRIDES_TEXT: Final = "overrides_text"
DATA_TEXT: Final = "data_text"
COLUMNS: Final = (
    "id", "key", "slug", "event_type", "family", "bodies", "occurs_at", "begins_at", "ends_at",
    "uncertainty_s", "significance", "quantum_resonance", "status", "origin", "revision", "link",
    "image_id", "series_id", OVERRIDES_TEXT, DATA_TEXT,
)  # fmt: skip
FACTS: Final = len(COLUMNS)


class ReadableEvent(Protocol):
    """What readers need of an event, whatever holds it."""

    @property
    def pk(self) -> UUID: ...
    @property
    def key(self) -> str: ...
    @property
    def slug(self) -> str: ...
    @property
    def event_type(self) -> str: ...
    @property
    def family(self) -> str: ...
    @property
    def bodies(self) -> list[str]: ...
    @property
    def occurs_at(self) -> datetime: ...
    @property
    def begins_at(self) -> datetime | None: ...
    @property
    def ends_at(self) -> datetime | None: ...
    @property
    def uncertainty_s(self) -> float | None: ...
    @property
    def significance(self) -> int: ...
    @property
    def quantum_resonance(self) -> float | None: ...
    @property
    def status(self) -> str: ...
    @property
    def origin(self) -> str: ...
    @property
    def revision(self) -> int: ...
    @property
    def link(self) -> str: ...
    @property
    def overrides(self) -> Overrides | None: ...
    @property
    def image_id(self) -> str | None: ...
    @property
    def series_id(self) -> UUID | None: ...
    @property
    def astronomical_data(self) -> dict[str, Any]: ...

    def text(self, field: str, language: str) -> str: ...


class StoredRow(NamedTuple):
    """One stored event, with its words in the reader's language and in English."""

    pk: UUID
    key: str
    slug: str
    event_type: str
    family: str
    bodies: list[str]
    occurs_at: datetime
    begins_at: datetime | None
    ends_at: datetime | None
    uncertainty_s: float | None
    significance: int
    quantum_resonance: float | None
    status: str
    origin: str
    revision: int
    link: str
    image_id: str | None
    series_id: UUID | None
    overrides: Overrides | None
    astronomical_data: dict[str, Any]
    words: tuple[str | None, ...]
    places: dict[tuple[str, str], int]

    def text(self, field: str, language: str) -> str:
        """Return a translated field's own text in a language, without fallback."""
        return self.words[self.places[field, language]] or ""


class Statement(NamedTuple):
    """A query as the database gets it; empty if no row can pass."""

    sql: str = ""
    values: tuple[object, ...] = ()

    def filled(self, values: Mapping[object, object]) -> list[Any]:
        """Return its values, with others in place of the moments and ids that stand for them."""
        return [
            values.get(value, value) if isinstance(value, datetime | UUID) else value
            for value in self.values
        ]


def statement_written(query: EventQuerySet, *, language: str) -> Statement:
    """Write a query that is filtered, ordered and cut already, for the columns of a row."""
    words = (column(field, code) for field, code in _places(language))
    texts = {
        OVERRIDES_TEXT: overrides_column(),
        DATA_TEXT: Cast("astronomical_data", TextField()),
    }
    wanted = query.annotate(**texts)
    try:
        sql, values = wanted.values_list(*COLUMNS, *words).query.sql_with_params()
    except EmptyResultSet:  # the filters contradict each other
        return Statement()
    return Statement(sql, tuple(values))


def rows_read(
    statement: Statement, *, values: Mapping[object, object], language: str
) -> list[StoredRow]:
    """Return the rows of a statement, with ``values`` in place of those it was written with."""
    if not statement.sql:
        return []
    places = _places(language)
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, statement.filled(values))
        return [_stored_row(row, places) for row in cursor.fetchall()]


def _stored_row(row: tuple[Any, ...], places: dict[tuple[str, str], int]) -> StoredRow:
    plain, (overrides, data), words = row[: FACTS - 2], row[FACTS - 2 : FACTS], row[FACTS:]
    return StoredRow._make((*plain, overrides_parsed(overrides), orjson.loads(data), words, places))


@cache
def _places(language: str) -> dict[tuple[str, str], int]:
    languages = dict.fromkeys((language, settings.LANGUAGE_CODE))
    cells = [(field, code) for field in TRANSLATED_FIELDS for code in languages]
    return {cell: place for place, cell in enumerate(cells)}
