"""The relay in this process, on real PostgreSQL and Valkey."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import pytest
from channels.db import database_sync_to_async as in_thread
from channels.layers import channel_layers, get_channel_layer
from channels_redis.pubsub import RedisPubSubChannelLayer

from events import relay as relay_module
from events.hub import group_name
from events.live.log import Message, StreamState, connection_params
from events.relay import RELAY_LOCK, Relay
from events.tests.live_world import Publish
from starscal.core.models import Stream

PATIENCE_S = 10.0


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay_module, "POLL_S", 0.1)


@asynccontextmanager
async def running(count: int = 1) -> AsyncIterator[list[Relay]]:
    relays = [Relay() for _number in range(count)]
    tasks = [asyncio.create_task(relay.run()) for relay in relays]
    try:
        yield relays
    finally:
        for relay in relays:
            relay.stop()
        await asyncio.gather(*tasks)


async def until(check: Any) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not await check():  # noqa: ASYNC110 - other tasks work meanwhile
            await asyncio.sleep(0.02)


async def active(relays: list[Relay]) -> list[Relay]:
    return [relay for relay in relays if relay.is_active]


def relayed_seq() -> int:
    return Stream.objects.values_list("relayed_seq", flat=True).get(pk="events")


@pytest.fixture
async def group(transactional_db: None) -> AsyncIterator[list[int]]:
    """Return the numbers that arrive in the group of the stream."""
    layer = get_channel_layer()
    assert layer is not None
    channel = await layer.new_channel()
    await layer.group_add(group_name("events"), channel)
    arrived: list[int] = []

    async def listen() -> None:
        while True:
            message = await layer.receive(channel)
            arrived.extend(row[0] for row in message["messages"])

    task = asyncio.create_task(listen())
    yield arrived
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_each_message_goes_out_once_in_order(group: list[int], publish_many: Publish) -> None:
    expected = await in_thread(publish_many)(25)
    async with running(2) as relays:
        await until(lambda: active(relays))
        expected += await in_thread(publish_many)(5)

        async def all_arrived() -> bool:
            return len(group) >= 30 and await in_thread(relayed_seq)() == 30

        await until(all_arrived)
        assert len(await active(relays)) == 1
    assert group == expected


async def test_the_one_in_reserve_takes_over_where_the_other_stopped(
    group: list[int], publish_many: Publish
) -> None:
    async with running(2) as relays:
        await until(lambda: active(relays))
        (first,) = await active(relays)
        first.stop()
        (second,) = [relay for relay in relays if relay is not first]

        async def taken_over() -> bool:
            return second.is_active

        await until(taken_over)
        expected = await in_thread(publish_many)(3)

        async def all_arrived() -> bool:
            return len(group) >= 3

        await until(all_arrived)
        assert group == expected


async def test_a_broken_connection_is_made_again(group: list[int], publish_many: Publish) -> None:
    async with running() as relays:
        await until(lambda: active(relays))
        await in_thread(break_connections)()
        expected = await in_thread(publish_many)(2)

        async def all_arrived() -> bool:
            return len(group) >= 2

        await until(all_arrived)
        assert group == expected


async def test_a_redis_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay_module, "SEND_TIMEOUT_S", 0.2)
    silence = socket.create_server(("127.0.0.1", 0))  # connects, and never answers
    port = silence.getsockname()[1]
    before = channel_layers.set(
        "default", RedisPubSubChannelLayer(hosts=[f"redis://127.0.0.1:{port}"])
    )
    try:
        with pytest.raises(TimeoutError):
            await relay_module._send(
                "events",
                StreamState("epoch", 1, 0),
                [Message(1, "key", "coverage", "2026-07-01T12:00:00.000Z", b"{}")],
            )
    finally:
        channel_layers.set("default", before)
        silence.close()


def break_connections() -> None:
    """End the relay's session in this database, as a restart of PostgreSQL does."""
    with psycopg.connect(**connection_params(), autocommit=True) as database:
        database.execute(
            "SELECT pg_terminate_backend(pid)"
            " FROM pg_locks JOIN pg_database ON pg_database.oid = database"
            " WHERE locktype = 'advisory' AND objid = %s AND datname = current_database()",
            (RELAY_LOCK,),
        )
