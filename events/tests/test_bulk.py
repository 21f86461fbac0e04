"""What COPY stores is what the ORM would store."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from astronomy import provider
from events.models import Event
from events.rendering import event_row, texts_rendered
from events.services.bulk import COLUMNS, events_tidy, rows_insert, rows_update
from events.tests.conftest import SUMMER_2026

STAMPS = ("created_at", "updated_at")
FAMILIES = ("moon_phases", "meteor_showers", "solar_eclipses", "lunar_apsides")

pytestmark = pytest.mark.django_db


def raw_rows() -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM events_event ORDER BY key")
        names = [part.name for part in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return [{name: row[name] for name in row if name not in STAMPS} for row in rows]


@pytest.fixture
def rows() -> list[dict[str, Any]]:
    start, end = SUMMER_2026
    found = provider.occurrences_between(start=start, end=end, families=FAMILIES)
    words = texts_rendered(found)
    return [event_row(occurrence, words[occurrence.key]) for occurrence in found]


def test_rows_copied_equal_rows_of_the_orm(rows: list[dict[str, Any]]) -> None:
    rows_insert(rows)
    copied = raw_rows()
    Event.objects.all().delete()
    Event.objects.bulk_create(Event(**row) for row in rows)
    differing = {
        name
        for ours, theirs in zip(copied, raw_rows(), strict=True)
        for name in theirs
        if ours[name] != theirs[name]
    }
    assert differing == set()
    assert len(copied) == len(rows) > 20


def test_an_update_sets_every_column_and_counts_the_changed_time(
    rows: list[dict[str, Any]],
) -> None:
    rows_insert(rows)
    before = {row["key"]: row for row in raw_rows()}
    moved, renamed = rows[0]["key"], rows[1]["key"]
    fresh = [before[moved], before[renamed]]
    fresh[0] = {**fresh[0], "occurs_at": fresh[0]["occurs_at"] + timedelta(minutes=1)}
    fresh[1] = {**fresh[1], "title_en": "Another title", "reflection_hy": "Խոսք"}
    with transaction.atomic():
        rows_update([as_values(row) for row in fresh])
        rows_update([])
    after = {row["key"]: row for row in raw_rows()}
    assert after[moved]["occurs_at"] == fresh[0]["occurs_at"]
    assert (after[moved]["sequence"], after[renamed]["sequence"]) == (1, 0)
    assert (after[renamed]["title"], after[renamed]["reflection_hy"]) == ("Another title", "Խոսք")
    others = before.keys() - {moved, renamed}
    assert all(after[key] == before[key] for key in others)


def as_values(row: dict[str, Any]) -> dict[str, Any]:
    stored = vars(Event.objects.get(pk=row["id"]))
    return {name: stored[name] for name in COLUMNS} | {
        name: row[name] for name in ("occurs_at", "title_en", "reflection_hy")
    }


def test_tidying_an_empty_table_is_no_harm() -> None:
    events_tidy()
