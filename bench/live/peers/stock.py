"""What the documentation of Channels shows: a consumer that joins a group and passes on.

Served by `daphne`; ``STOCK_LAYER`` names the channel layer. With ``CONTROL`` as argument this
module is the other program, which sends to the group.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import Any

import django
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.layers import get_channel_layer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.urls import path

from bench.live.peers.control import lines_in

GROUP = "events"

settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    CHANNEL_LAYERS={
        "default": {
            "BACKEND": os.environ["STOCK_LAYER"],
            "CONFIG": {"hosts": [{"address": os.environ["REDIS_URL"], "socket_timeout": None}]},
        },
    },
)
django.setup()


class Consumer(AsyncWebsocketConsumer):  # type: ignore[misc] # channels is untyped
    """Join the group, pass on what it is told, note what is acknowledged."""

    acknowledged = 0

    async def connect(self) -> None:
        await self.channel_layer.group_add(GROUP, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:  # noqa: ARG002 - the framework's signature
        await self.channel_layer.group_discard(GROUP, self.channel_name)

    async def receive(
        self,
        text_data: str | None = None,
        bytes_data: bytes | None = None,  # noqa: ARG002
    ) -> None:
        self.acknowledged = json.loads(text_data or "{}").get("seq", 0)

    async def live_message(self, said: dict[str, Any]) -> None:
        await self.send(text_data=said["text"])


application = ProtocolTypeRouter({"websocket": URLRouter([path("", Consumer.as_asgi())])})


def main() -> None:
    layer = get_channel_layer()
    with asyncio.Runner() as runner:
        for lines in lines_in(sys.argv[1]):
            for line in lines:
                said = {"type": "live.message", "text": line.decode()}
                runner.run(layer.group_send(GROUP, said))


if __name__ == "__main__":
    main()
