"""The channel layer: that of channels_redis, to which a process can listen once a group."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from typing import Any

from channels_redis.pubsub import RedisPubSubChannelLayer

Hear = Callable[[dict[str, Any]], None]


class FanoutChannelLayer(RedisPubSubChannelLayer):  # type: ignore[misc] # untyped
    """Groups as ever (`group_add`, `group_send`), and `group_attach` for who serves many sockets.

    A channel costs a queue and a task that waits at it, and each decodes a message to its group.
    What is attached is called, once a process, with the decoded message.
    """

    async def group_attach(self, group: str, hear: Hear) -> None:
        """Call ``hear`` with each message of a group from now on, on this event loop.

        ``hear`` must neither wait nor raise. Attaching the same twice does nothing.
        Raises: redis.exceptions.RedisError, OSError while Redis is away; try again.
        """
        layer = self._get_layer()
        channel = f"{layer.prefix}attached.{group}.{_named(hear)}"
        layer.channels[channel] = _Ear(lambda data: hear(self.deserialize(data)))
        await layer.group_add(group, channel)


class _Ear(asyncio.Queue[bytes]):
    """Stands where the layer keeps the queue of a channel, and keeps nothing."""

    def __init__(self, heard: Callable[[bytes], None]) -> None:
        super().__init__()
        self._heard = heard

    def put_nowait(self, item: bytes) -> None:
        self._heard(item)


def _named(hear: Hear) -> str:
    owner = getattr(hear, "__self__", None)
    return f"{id(owner or hear)}.{getattr(hear, '__name__', uuid.uuid4().hex)}"
