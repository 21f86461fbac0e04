"""What one connection may cost the web server before a request reaches the application.

Twisted writes a whole body to disk before it hands the request on, and forgives a client every
pause shorter than its time-out; here the size ends with 1 MiB and the patience with a deadline.
"""

from typing import Any

from daphne.http_protocol import HTTPFactory

from starscal.bounds import (
    BODY_BYTES,
    BODY_DEADLINE_S,
    HEADER_BYTES,
    HEADER_COUNT,
    HEADERS_DEADLINE_S,
    IDLE_S,
    LINGER_S,
    refusal,
)
from starscal.web_streams import PacedChannel, PacedRequest, paced


class BoundedRequest(PacedRequest):
    """A request that ends when its body grows beyond the limit, told or not."""

    body_bytes = 0

    def process(self) -> Any:
        """Have the request handled; of one that became a socket, leave no ring behind."""
        handled = super().process()
        if self.transport is None:
            self.channel.requests.clear()
        return handled

    def gotLength(self, length: int | None) -> None:  # noqa: N802 - Twisted's name
        """Refuse a body by the length that its client announces."""
        super().gotLength(0 if length is not None and length > BODY_BYTES else length)
        if length is not None and length > BODY_BYTES:
            self.channel.refuse_body()

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802
        """Keep a piece of the body, unless it is one too many."""
        self.body_bytes += len(data)
        if self.body_bytes > BODY_BYTES:
            self.channel.refuse_body()
        else:
            super().handleContentChunk(data)


class BoundedChannel(PacedChannel):
    """A connection whose every request has a deadline, however steadily its bytes trickle in."""

    maxHeaders = HEADER_COUNT  # noqa: N815
    totalHeadersSize = HEADER_BYTES  # noqa: N815
    deadline: Any = None
    refused = False

    def connectionMade(self) -> None:  # noqa: N802
        """Give the first request its time."""
        super().connectionMade()
        self.expect(HEADERS_DEADLINE_S)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        """Start the clock with the first byte of a request; drop what nobody wants."""
        if self.refused:
            return
        if self.deadline is None and not self._handlingRequest:
            self.expect(HEADERS_DEADLINE_S)
        super().dataReceived(data)

    def allHeadersReceived(self) -> None:  # noqa: N802
        """Give the body its time."""
        self.expect(BODY_DEADLINE_S)
        super().allHeadersReceived()

    def allContentReceived(self) -> None:  # noqa: N802
        """Leave the clock to the application, unless the request has been refused."""
        if not self.refused:
            self.forget_deadline()
            super().allContentReceived()

    def connectionLost(self, reason: Any) -> None:  # noqa: N802
        """Stop the clock."""
        self.forget_deadline()
        super().connectionLost(reason)

    def refuse_body(self) -> None:
        """Answer 413 and read on for a moment without keeping anything."""
        if self.refused:
            return
        self.refused = True
        self.transport.write(refusal())
        self.expect(LINGER_S)

    def expect(self, seconds: float) -> None:
        """End the connection unless it gets on within so many seconds."""
        self.forget_deadline()
        self.deadline = self.callLater(seconds, self.transport.abortConnection)

    def forget_deadline(self) -> None:
        """Let the connection live."""
        deadline, self.deadline = self.deadline, None
        if deadline is not None and deadline.active():
            deadline.cancel()


class BoundedFactory(HTTPFactory):  # type: ignore[misc] # untyped
    """Make bounded connections."""

    protocol = BoundedChannel

    def __init__(self, server: Any) -> None:
        super().__init__(server)
        server.handle_reply = paced(server.handle_reply)
        self.timeOut = IDLE_S

    def buildProtocol(self, addr: Any) -> Any:  # noqa: N802
        """Return a bounded connection that makes bounded requests."""
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = BoundedRequest
        return protocol
