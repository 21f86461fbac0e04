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

# Those who say one thing to many hold all their streams in the order of names, as all others do.
# The relay is spared: a bell for each would keep it from everything else for minutes, and the hubs
# look at the streams of those who are here once a second anyway.
ENSURE: Final = """
    INSERT INTO core_stream (name) SELECT name FROM unnest(%(streams)s::text[]) AS name
    ORDER BY name ON CONFLICT DO NOTHING
"""
HOLD: Final = """
    SELECT FROM core_stream WHERE name = ANY(%(streams)s::text[]) ORDER BY name FOR UPDATE
"""
APPEND_EACH: Final = """
    WITH added AS (
        INSERT INTO core_outboxmessage (stream_id, seq, key, kind, body, created_at)
        SELECT wanted.stream, held.last_seq + 1, wanted.key, %(kind)s, %(body)s::jsonb,
            clock_timestamp()
        FROM unnest(%(streams)s::text[], %(keys)s::text[]) AS wanted (stream, key)
        JOIN core_stream AS held ON held.name = wanted.stream
        WHERE NOT EXISTS (SELECT FROM core_outboxmessage AS known WHERE known.key = wanted.key)
        RETURNING stream_id, seq
    )
    UPDATE core_stream SET
        last_seq = added.seq,
        relayed_seq = CASE WHEN relayed_seq = last_seq THEN added.seq ELSE relayed_seq END
    FROM added WHERE name = added.stream_id
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


def outbox_append_each(*, keys: Mapping[str, str], kind: str, body: Mapping[str, Any]) -> int:
    """Say the same once in each of many streams; ``keys`` has the message's key by stream.

    Returns in how many it was new. Changes, locks, idempotence and errors as of ``outbox_append``,
    in three statements for all of them; but no bell rings, so that it takes a second to arrive.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("outbox_append_each needs a transaction.")
    if not keys:
        return 0
    said: dict[str, Any] = {
        "streams": list(keys),
        "keys": list(keys.values()),
        "kind": kind,
        "body": Jsonb(dict(body)),
    }
    with connection.cursor() as cursor:
        cursor.execute(ENSURE, said)
        cursor.execute(HOLD, said)
        cursor.execute(APPEND_EACH, said)
        return int(cursor.rowcount)
