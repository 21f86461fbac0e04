from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from starscal.core.audit import audit_record
from starscal.core.context import context_of
from starscal.core.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry() -> AuditEntry:
    with context_of("req-1"):
        return audit_record(
            actor="tester",
            action="event.publish",
            object_type="event",
            object_id="moon-full-2026-12-24",
            changes={"status": ["draft", "published"]},
            reason="reviewed",
        )


def test_an_entry_carries_the_request(entry: AuditEntry) -> None:
    entry.refresh_from_db()
    assert entry.request_id == "req-1"
    assert entry.changes == {"status": ["draft", "published"]}
    assert entry.created_at is not None


@pytest.mark.parametrize(
    "statement",
    ["UPDATE core_auditentry SET reason = ''", "DELETE FROM core_auditentry"],
    ids=["update", "delete"],
)
def test_the_database_refuses_to_change_the_past(entry: AuditEntry, statement: str) -> None:
    def change() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    with pytest.raises(DatabaseError, match="only ever added"):
        change()
    assert AuditEntry.objects.get().reason == "reviewed"
