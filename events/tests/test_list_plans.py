"""How the database answers on a big table: by indexes, never by reading all of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection

from events.kinds import COMPUTED
from events.models import Event, KindSetting, TextState
from events.services.generation import event_generate
from events.tests.desk_queries import DESK_READS
from events.tests.list_queries import READS, plans
from events.windows import Span

COPIES = 41  # of a year, together beyond 100,000 rows
# Searching titles has indexes of its own, ten alike: these two stand for all.
SEARCHED = ("title_en", "title_ja")
AT = datetime(2026, 7, 4, tzinfo=UTC)


@pytest.fixture
def decades(db: None) -> None:
    """Store a year of the sky and many like it; without descriptions a scan is cheaper still."""
    year = Span(datetime(2003, 1, 1, tzinfo=UTC), datetime(2004, 1, 1, tzinfo=UTC))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        titles = {i.fields[0]: i for i in Event._meta.indexes if i.name.startswith("event_title_")}
        for index in titles.values():  # built afterwards, which is faster
            cursor.execute(f"DROP INDEX {index.name}")
        event_generate(span=year, families=tuple(COMPUTED))
        names = [field.attname for field in Event._meta.concrete_fields]
        changed = {name: "NULL" for name in names if name.startswith("description_")} | {
            "id": "gen_random_uuid()",
            "key": "key || ':' || n",
            "slug": "slug || '-' || n",
            "occurs_at": "occurs_at + make_interval(years => n)",
            "begins_at": "begins_at + make_interval(years => n)",
            "ends_at": "ends_at + make_interval(years => n)",
            "quantum_resonance": "CASE WHEN random() < 0.001 THEN random() END",
            "status": "CASE WHEN n % 20 = 3 AND random() < 0.01 THEN 'draft' ELSE status END",
            "origin": "CASE WHEN random() < 0.0001 THEN 'staff' ELSE origin END",
        }
        values = ", ".join(changed.get(name, name) for name in names)
        cursor.execute(
            f"INSERT INTO events_event ({', '.join(names)})"  # noqa: S608 - names of our own
            f" SELECT {values} FROM events_event, generate_series(1, {COPIES}) n"
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # an index waits for no foreign key
        for name in SEARCHED:
            cursor.execute(str(titles[name].create_sql(Event, connection.schema_editor())))
        cursor.execute("ANALYZE events_event")
    _few_texts_of_people()
    assert Event.objects.count() > 100_000


def _few_texts_of_people() -> None:
    ids = Event.objects.filter(event_type="full_moon").values_list("pk", flat=True)[:300]
    TextState.objects.bulk_create(
        TextState(event_id=pk, field="title", language=code, source="human", status=status)
        for pk in ids
        for code, status in (("de", "stale"), ("hy", "needs_review"), ("fr", "ok"))
    )
    KindSetting.objects.create(code="full_moon", needs_review=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE events_textstate")


@pytest.mark.slow
def test_no_read_scans_the_table(decades: None) -> None:
    reads = {name: read for name, read in READS.items() if "title" not in name}
    reads |= {name: READS[name] for name in ("title en, rare", "title ja", "by slug")}
    reads |= DESK_READS
    found = {name: plans(read, AT) for name, read in reads.items()}
    assert all(found.values())
    scanning = [
        name
        for name, statements in found.items()
        if any("events_event" in plan.tables_scanned for plan in statements)
    ]
    assert scanning == []
