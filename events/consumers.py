"""The socket at /ws/v1/live, and what answers at any other path."""

from __future__ import annotations

import asyncio
from typing import Any

from channels.consumer import AsyncConsumer

from events.hub import hub_here
from events.live.conversation import Conversation
from events.live.doors import (
    address_admitted,
    header,
    opening_counted,
    origin_allowed,
    subprotocol_chosen,
)
from events.live.line import HangupError, Line
from events.live.refusals import RefusalError, going_down, origin_refused, path_unknown
from events.live.sinks import SINK
from starscal.core.errors import error_record
from starscal.core.i18n import language_choose
from starscal.core.metrics import live_sockets

FLUSH_S = 0.05  # the server needs a turn of its loop to write the close frame


class LiveConsumer(AsyncConsumer):  # type: ignore[misc] # channels is untyped
    """Open the door, then leave the talking to a Conversation.

    The stock consumer takes a channel of its own in Redis and a trip to the database thread for
    each message; this one needs neither.
    """

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        line = await line_accepted(scope, receive, send)
        if line is None:
            return
        try:
            await self.converse(scope, line)
        except HangupError:
            return
        except RefusalError as refusal:
            await line.tell(refusal)
        except Exception as error:
            error_record(exception=error, where="socket")
            raise
        except asyncio.CancelledError:
            await line.tell(going_down())
            await asyncio.sleep(FLUSH_S)
            raise

    async def converse(self, scope: Any, line: Line) -> None:
        """Check who comes in, then talk."""
        if not origin_allowed(scope):
            raise origin_refused()
        with address_admitted(scope), live_sockets.track_inprogress():
            hub = hub_here()
            await opening_counted(scope, hub.redis)
            await Conversation(line, hub, header(scope, b"accept-language")).run()


class UnknownPathConsumer(AsyncConsumer):  # type: ignore[misc] # channels is untyped
    """Accept, then close with a code: a refused handshake would reach browsers as a bare 403."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        line = await line_accepted(scope, receive, send)
        if line is not None:
            await line.tell(path_unknown())


async def line_accepted(scope: Any, receive: Any, send: Any) -> Line | None:
    """Accept a socket; None if the client has gone already."""
    message = await receive()
    if message["type"] != "websocket.connect":
        return None
    await send({"type": "websocket.accept", "subprotocol": subprotocol_chosen(scope)})
    language, _fallback = language_choose(header=header(scope, b"accept-language"))
    return Line(receive, send, language, scope.get("extensions", {}).get(SINK))
