"""Append to the log of live messages. Only services may; import-linter holds them to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from starscal.core.models import NOTIFY_CHANNEL, OutboxMessage

APPEND: Final = """
    SELECT id, seq, key, created_at FROM core_outbox_append(
        %(stream)s, %(keys)s::text[], %(kinds)s::text[], %(bodies)s::jsonb[], %(channel)s
    )
"""


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
    return _added(stream, wanted)


def _added(stream: str, wanted: Mapping[str, NewMessage]) -> list[OutboxMessage]:
    """Make the stream if it is new, hold it, store what is new, count it and ring the relay.

    A function of the database does it all: others wait for the stream for as long as this takes.
    """
    said: dict[str, Any] = {
        "stream": stream,
        "channel": NOTIFY_CHANNEL,
        "keys": list(wanted),
        "kinds": [message.kind for message in wanted.values()],
        "bodies": [Jsonb(message.body) for message in wanted.values()],
    }
    with connection.cursor() as cursor:
        cursor.execute(APPEND, said)
        return [
            OutboxMessage(
                pk=pk, stream_id=stream, seq=seq, key=key, kind=wanted[key].kind,
                body=wanted[key].body, created_at=created_at,
            )
            for pk, seq, key, created_at in cursor.fetchall()
        ]  # fmt: skip
