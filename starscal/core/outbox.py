"""Append to the log of live messages. Only services may; import-linter holds them to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from starscal.core.models import NOTIFY_CHANNEL, OutboxMessage, Stream


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to append: ``key`` is deterministic, so that saying it twice says it once."""

    key: str
    kind: str
    body: dict[str, Any]


def outbox_append(*, stream: str, messages: Iterable[NewMessage]) -> list[OutboxMessage]:
    """Append the messages whose key is new and return them, numbered without a hole.

    Changes: rows of OutboxMessage, the stream's ``last_seq``.
    Locks: the stream's row until the transaction ends, so call it last; several streams in one
    transaction go in sorted order.
    Idempotent: a key that is there already is skipped.
    Errors: TransactionManagementError outside ``atomic()``.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("outbox_append needs a transaction.")
    wanted = {message.key: message for message in messages}
    if not wanted:
        return []
    row = _locked_stream(stream)
    known = set(OutboxMessage.objects.filter(key__in=wanted).values_list("key", flat=True))
    fresh = [message for key, message in wanted.items() if key not in known]
    rows = [
        OutboxMessage(stream=row, seq=row.last_seq + place, key=m.key, kind=m.kind, body=m.body)
        for place, m in enumerate(fresh, 1)
    ]
    if rows:
        OutboxMessage.objects.bulk_create(rows)
        Stream.objects.filter(pk=row.pk).update(last_seq=rows[-1].seq)
        _ring(stream)
    return rows


def _locked_stream(name: str) -> Stream:
    Stream.objects.bulk_create([Stream(name=name)], ignore_conflicts=True)
    return Stream.objects.select_for_update().get(pk=name)


def _ring(stream: str) -> None:
    """Wake the relay when this transaction commits; polling covers a lost bell."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [NOTIFY_CHANNEL, stream])
