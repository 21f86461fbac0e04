"""One open socket: text frames in and out, with limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from events.live.doors import Receive, Send
from events.live.refusals import RefusalError, bad_frame, too_fast, too_large
from events.live.sinks import Sink
from starscal.core.i18n import language_active
from starscal.core.limits import SOCKET_FRAMES
from starscal.core.metrics import live_close_count
from starscal.core.ratelimit import LocalBucket


class HangupError(Exception):
    """The client has gone."""


class Line:
    """A socket after its handshake."""

    def __init__(
        self, receive: Receive, send: Send, language: str, sink: Sink | None = None
    ) -> None:
        self._receive, self._send = receive, send
        self.language = language  # of what goes wrong
        self.sink = sink  # where the web server offers one
        self._bucket = LocalBucket(SOCKET_FRAMES)

    async def read(self) -> str:
        """Return the next text frame; raise HangupError at the end, RefusalError for a bad one."""
        message = await self._receive()
        if message["type"] == "websocket.disconnect":
            raise HangupError
        text = message.get("text")
        if text is None:
            raise bad_frame(_("Frames are text; binary ones are not understood."))
        most = settings.LIVE_FRAME_LIMIT_BYTES
        if len(text) > most or (not text.isascii() and len(text.encode()) > most):
            raise too_large(most)
        return str(text)

    def charge(self) -> None:
        """Count a frame of the client. Raises RefusalError when there are too many."""
        if not self._bucket.take():
            raise too_fast()

    async def write(self, text: str) -> None:
        """Send a text frame. Raises HangupError where the server says that nobody is there."""
        try:
            await self._send({"type": "websocket.send", "text": text})
        except OSError:
            raise HangupError from None

    async def say(self, frame: Mapping[str, Any]) -> None:
        await self.write(orjson.dumps(frame).decode())

    async def tell(self, refusal: RefusalError) -> None:
        """Say what was wrong, and close if the refusal closes."""
        with language_active(self.language):
            frame = refusal.frame()
        await self.say(frame)
        if refusal.close is not None:
            live_close_count(int(refusal.close))
            await self._send({"type": "websocket.close", "code": int(refusal.close)})
