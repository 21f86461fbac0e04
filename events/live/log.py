"""Read the log on an event loop, over a connection of its own.

The ORM is synchronous and Channels runs it in one thread for all sockets: a slow query there
would stall every one of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, NamedTuple

import psycopg
from django.db import connections

from events.payloads import instant_text

ORM_ONLY = ("cursor_factory", "context", "prepare_threshold")

ENSURE = "INSERT INTO core_stream (name) VALUES (%s) ON CONFLICT DO NOTHING"
STATE = "SELECT epoch::text, last_seq, relayed_seq FROM core_stream WHERE name = %s"
STATES = """
    SELECT name, epoch::text, last_seq, relayed_seq FROM core_stream WHERE name = ANY(%s)
"""
UNRELAYED = "SELECT name FROM core_stream WHERE last_seq > relayed_seq ORDER BY name"
BEFORE = """
    SELECT coalesce(min(seq) - 1, 0) FROM core_outboxmessage
    WHERE stream_id = %s AND created_at > now() - make_interval(secs => %s)
"""
MESSAGES = """
    SELECT seq, key, kind, created_at, body::text FROM core_outboxmessage
    WHERE stream_id = %s AND seq > %s ORDER BY seq LIMIT %s
"""


class StreamState(NamedTuple):
    """Where a stream stands."""

    epoch: str
    last_seq: int
    relayed_seq: int


class Message(NamedTuple):
    """A message as the log holds it: ``at`` is when it was said, ``body`` its JSON text."""

    seq: int
    key: str
    kind: str
    at: str
    body: bytes


def connection_params() -> dict[str, Any]:
    """Return how to reach the database that Django uses, past its pool."""
    params = connections["default"].get_connection_params()
    return {name: value for name, value in params.items() if name not in ORM_ONLY}


async def connect() -> psycopg.AsyncConnection[Any]:
    return await psycopg.AsyncConnection.connect(**connection_params(), autocommit=True)


async def stream_state(connection: psycopg.AsyncConnection[Any], name: str) -> StreamState | None:
    """Return where a stream stands; None while nothing was ever said in it."""
    row = await (await connection.execute(STATE, (name,))).fetchone()
    return StreamState(*row) if row else None


async def stream_ensured(connection: psycopg.AsyncConnection[Any], name: str) -> StreamState:
    """Return where a stream stands; one in which nothing was said yet begins here."""
    state = await stream_state(connection, name)
    if state is None:
        await connection.execute(ENSURE, (name,))
        state = await stream_state(connection, name)
    if state is None:
        raise LookupError(f"The stream {name} cannot be begun.")
    return state


async def messages_after(
    connection: psycopg.AsyncConnection[Any], name: str, seq: int, limit: int
) -> list[Message]:
    """Return up to ``limit`` messages with a number above ``seq``, oldest first."""
    cursor = await connection.execute(MESSAGES, (name, seq, limit))
    return [
        Message(number, key, kind, instant_text(at), body.encode())
        for number, key, kind, at, body in await cursor.fetchall()
    ]


async def streams_unrelayed(connection: psycopg.AsyncConnection[Any]) -> list[str]:
    """Return the streams in which something waits for the relay."""
    return [name for (name,) in await (await connection.execute(UNRELAYED)).fetchall()]


class LogReader:
    """A connection that is made when needed and made again after it broke; one query at a time."""

    def __init__(self) -> None:
        self._connection: psycopg.AsyncConnection[Any] | None = None
        self._lock = asyncio.Lock()

    async def state(self, name: str) -> StreamState:
        async with self._lock:
            return await stream_ensured(await self._open(), name)

    async def states(self, names: Sequence[str]) -> dict[str, StreamState]:
        """Return where streams stand; those in which nothing was said yet are left out."""
        async with self._lock:
            cursor = await (await self._open()).execute(STATES, (list(names),))
            return {name: StreamState(*state) for name, *state in await cursor.fetchall()}

    async def seq_before(self, name: str, seconds: float) -> int:
        """Return the number before the first message of the last so many seconds."""
        async with self._lock:
            cursor = await (await self._open()).execute(BEFORE, (name, seconds))
            row = await cursor.fetchone()
            return int(row[0]) if row else 0

    async def after(self, name: str, seq: int, limit: int) -> Sequence[Message]:
        async with self._lock:
            return await messages_after(await self._open(), name, seq, limit)

    async def close(self) -> None:
        if self._connection is not None:
            await self._connection.close()
            self._connection = None

    async def _open(self) -> psycopg.AsyncConnection[Any]:
        if self._connection is None or self._connection.closed:
            self._connection = await connect()
        return self._connection
