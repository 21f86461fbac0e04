"""Carry the log to the open processes: from PostgreSQL to a group of the channel layer.

One relay works, held to it by an advisory lock of PostgreSQL; others wait for their turn. The
bell of a commit names its stream and makes it quick; a look at the stream of events each second,
and at all streams each few seconds, makes it certain.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import psycopg
from channels.layers import get_channel_layer

from events.hub import FIRST_WAIT_S, LONGEST_WAIT_S, OUTAGES, STEADY_S, STREAMS, group_name
from events.live.log import (
    Message,
    StreamState,
    connect,
    messages_after,
    stream_ensured,
    stream_state,
    streams_unrelayed,
)
from starscal.core import clock
from starscal.core.ending import tasks_ended
from starscal.core.errors import error_record
from starscal.core.heartbeat import RELAY_SEEN, heartbeat
from starscal.core.metrics import relay_errors_total, relay_lag_seconds, relay_messages_total
from starscal.core.models import NOTIFY_CHANNEL

logger = logging.getLogger(__name__)

RELAY_LOCK = 7_219_441  # any number that no other advisory lock of ours uses
POLL_S = 1.0
SWEEP_S = 5.0
HEARTBEAT_S = 5.0
SEND_TIMEOUT_S = 10.0  # a Redis that takes the connection and says nothing is lost as well
BATCH = 20  # bounds what one group message weighs: about 8 KB a message with ten languages
LOCK = "SELECT pg_try_advisory_lock(%s)"
MARK = """
    UPDATE core_stream SET relayed_seq = %s
    WHERE name = %s AND epoch = %s::uuid AND relayed_seq < %s
"""
Connection = psycopg.AsyncConnection[Any]


class Relay:
    """The process behind ``manage.py relay``."""

    def __init__(self) -> None:
        self.stopping = asyncio.Event()
        self.is_active = False

    def stop(self) -> None:
        self.stopping.set()

    async def run(self) -> None:
        """Relay until stopped; a lost server is waited for, with growing pauses."""
        heart = asyncio.create_task(self._beat())
        try:
            await self._sessions()
        finally:
            await tasks_ended([heart])

    async def _beat(self) -> None:
        """Say every few seconds that a relay is at work; one in reserve says nothing."""
        while True:
            if self.is_active:
                await asyncio.to_thread(heartbeat, RELAY_SEEN)
            await asyncio.sleep(HEARTBEAT_S)

    async def _sessions(self) -> None:
        wait_s = FIRST_WAIT_S
        while not self.stopping.is_set():
            began = time.monotonic()
            try:
                await self._session()
            except OUTAGES as error:
                relay_errors_total.labels(type(error).__name__).inc()
                logger.warning("The relay lost a server: %s", error)
            except Exception as error:
                error_record(exception=error, where="relay")
                raise
            wait_s = FIRST_WAIT_S if time.monotonic() - began > STEADY_S else wait_s
            await self._pause(wait_s)
            wait_s = min(wait_s * 2, LONGEST_WAIT_S)

    async def _session(self) -> None:
        """Work over one connection, which holds the lock, until it breaks or we are stopped."""
        connection = await connect()
        try:
            await self._turn_comes(connection)
            await connection.execute(f"LISTEN {NOTIFY_CHANNEL}")
            await self._relay_as_told(connection)
        finally:
            self.is_active = False
            await connection.close()

    async def _turn_comes(self, connection: Connection) -> None:
        while not self.stopping.is_set():
            row = await (await connection.execute(LOCK, (RELAY_LOCK,))).fetchone()
            if row and row[0]:
                self.is_active = True
                await asyncio.to_thread(heartbeat, RELAY_SEEN)
                logger.info("The relay is active.")
                return
            await self._pause(POLL_S)

    async def _relay_as_told(self, connection: Connection) -> None:
        rung: set[str] = set()
        swept_at = -SWEEP_S
        while not self.stopping.is_set():
            if time.monotonic() - swept_at >= SWEEP_S:
                rung.update(await streams_unrelayed(connection))
                swept_at = time.monotonic()
            for stream in (*STREAMS, *sorted(rung - set(STREAMS))):
                await self._relay(connection, stream)
            rung = await self._bells(connection)

    async def _bells(self, connection: Connection) -> set[str]:
        """Wait for bells, a second at most, and return the streams they name.

        One that rang before counts as well; without a name it is one of a release before this.
        """
        bells = connection.notifies(timeout=POLL_S, stop_after=1)
        return {bell.payload async for bell in bells} - {""}

    async def _relay(self, connection: Connection, stream: str) -> None:
        begin = stream_ensured if stream in STREAMS else stream_state
        state = await begin(connection, stream)
        if state is None:
            return  # of somebody who was deleted meanwhile
        seq = state.relayed_seq
        while not self.stopping.is_set():
            messages = await messages_after(connection, stream, seq, BATCH)
            if not messages:
                return
            await _send(stream, state, messages)
            seq = messages[-1].seq
            await connection.execute(MARK, (seq, stream, state.epoch, seq))

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self.stopping.wait()
        except TimeoutError:
            return


async def _send(stream: str, state: StreamState, messages: Sequence[Message]) -> None:
    layer = get_channel_layer()
    if layer is None:
        raise LookupError("CHANNEL_LAYERS names no layer.")
    rows = [list(message) for message in messages]
    said = {"type": "live.messages", "stream": stream, "epoch": state.epoch, "messages": rows}
    async with asyncio.timeout(SEND_TIMEOUT_S):
        await layer.group_send(group_name(stream), said)
    relay_messages_total.inc(len(messages))
    age = clock.now() - datetime.fromisoformat(messages[-1].at)
    relay_lag_seconds.set(max(0.0, age.total_seconds()))
