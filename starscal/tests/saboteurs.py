"""Negative controls of the drill: each breaks one promise, and its test must notice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

from django.db import connection

from starscal.core.backup import creation, restoration
from starscal.core.backup.tables import Table, rows_out
from starscal.core.models import Stream


@contextmanager
def lost_row() -> Iterator[None]:
    """Leave the last event out of a backup, which its checksums then vouch for."""

    def short(table: Table, take: Callable[[bytes | memoryview], object]) -> None:
        rows: list[bytes] = []
        rows_out(table, lambda piece: rows.append(bytes(piece)))
        for row in rows[: -1 if table.name == "events_event" else None]:
            take(row)

    with patch.object(creation, "rows_out", short):
        yield


@contextmanager
def old_epoch() -> Iterator[None]:
    """Let a restored stream go on under its old epoch."""
    with patch.object(restoration, "streams_begin_anew", lambda: None):
        yield


@contextmanager
def risen_dead() -> Iterator[None]:
    """Forget the journal of what was ended."""
    with patch.object(restoration, "journal_since", lambda **_window: []):
        yield


@contextmanager
def naive_numbers() -> Iterator[None]:
    """Number messages by a sequence, as a bigserial does, instead of the counter in the row."""

    def numbered(name: str) -> Stream:
        Stream.objects.bulk_create([Stream(name=name)], ignore_conflicts=True)
        stream = Stream.objects.get(pk=name)
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence('core_auditentry', 'id'))")
            stream.last_seq = cursor.fetchone()[0] - 1
        return stream

    with patch("starscal.core.outbox._locked_stream", numbered):
        yield
