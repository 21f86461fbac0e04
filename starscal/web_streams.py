"""Streams of events are written no faster than their readers read.

Twisted keeps what the system does not take, without end: a client that opened a stream and never
read it would grow the process. What streams waits here until the system has taken all that was
written, and a client that takes nothing for a while is given up.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

from daphne.http_protocol import WebRequest
from django.conf import settings
from twisted.web import http

Channel: Any = http.HTTPChannel  # its types are of no use to whoever extends it
EVENT_STREAM: Final = b"text/event-stream"
Reply = Callable[[Any, dict[str, Any]], Awaitable[None]]


class PacedRequest(WebRequest):  # type: ignore[misc] # untyped
    """A request that knows whether its client keeps up with a stream."""

    lasts = False  # a stream of events, which goes on until somebody ends it
    flows: asyncio.Event | None = None

    def handle_reply(self, message: dict[str, Any]) -> None:
        """Note what kind of answer begins, and hand it on."""
        if message["type"] == "http.response.start":
            kind = dict(message.get("headers", ())).get(b"content-type", b"")
            self.lasts = kind.startswith(EVENT_STREAM)
        super().handle_reply(message)

    async def drained(self) -> None:
        """Wait until the client has read what it was sent.

        Raises: ConnectionAbortedError for one that does not read, and is given up.
        """
        channel = self.channel
        if not self.lasts or channel is None or not channel.waits:
            return
        self.flows = asyncio.Event()
        try:
            async with asyncio.timeout(settings.LIVE_CREDIT_TIMEOUT_S):
                await self.flows.wait()
        except TimeoutError:
            channel.transport.abortConnection()
            raise ConnectionAbortedError("The client does not read.") from None

    def go_on(self) -> None:
        """Wake whoever waits for the client."""
        if self.flows is not None:
            self.flows.set()

    def connectionLost(self, reason: Any) -> None:  # noqa: N802 - Twisted's name
        """Leave nobody waiting."""
        self.go_on()
        super().connectionLost(reason)


class PacedChannel(Channel):  # type: ignore[misc] # untyped
    """A connection that tells its requests when the system has taken everything."""

    @property
    def waits(self) -> bool:
        """Say whether more is written than the system takes at the moment."""
        return bool(self._waitingForTransport)

    def resumeProducing(self) -> None:  # noqa: N802
        """Let streams go on."""
        super().resumeProducing()
        for request in self.requests:
            request.go_on()


def paced(reply: Reply) -> Reply:
    """Have an application that streams held up by its reader."""

    async def handle_reply(protocol: Any, message: dict[str, Any]) -> None:
        await reply(protocol, message)
        if message["type"] == "http.response.body" and message.get("more_body"):
            await protocol.drained()

    return handle_reply
