"""Sockets that take ready frames straight through to the system: Daphne's own, with a short cut.

Twisted queues what is written and asks the system in a later turn whether it may write: three
calls for each frame. Here a frame is offered to the system at once, and queued only if that does
not take it. Under any other server the application finds no sink in the scope and sends as usual.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from autobahn.twisted import websocket
from autobahn.websocket import protocol as websocket_protocol
from autobahn.websocket.protocol import TrafficStats
from daphne import server
from daphne.ws_protocol import WebSocketProtocol

from events.live.sinks import SINK
from starscal.core.garbage import loaded_put_by


class Sink:
    """The socket of one connection, as those see it who write ready frames to it."""

    __slots__ = ("_leave", "is_closing", "push", "transport")

    def __init__(self, transport: Any) -> None:
        self.transport = transport
        self.push: Callable[[bytes], int] = transport.socket.send
        self.is_closing = False
        self._leave: Callable[[], None] | None = None

    @property
    def is_clear(self) -> bool:
        """Say whether nothing waits to be written and the socket is open."""
        transport = self.transport
        waits = transport._tempDataLen or transport.dataBuffer  # noqa: SLF001 - no public name
        return bool(transport.connected and not waits and not self.is_closing)

    def push_later(self, wire: bytes) -> None:
        """Have bytes written when the system takes more."""
        self.transport.write(wire)

    def on_jam(self, leave: Callable[[], None] | None) -> None:
        """Have ``leave`` called as soon as anything waits, or the socket closes."""
        self._leave = leave

    def jam(self) -> None:
        """Send away who writes past the queue."""
        if self._leave is not None:
            self._leave()

    def write(self, data: bytes) -> None:
        """Write bytes in their order: through to the system if nothing waits, else behind it."""
        if self.is_closing:
            return
        if self.is_clear:
            data = data[self._through(data) :]
        if data:
            self.transport.write(data)
            self.jam()

    def _through(self, data: bytes) -> int:
        try:
            return self.push(data)
        except OSError:
            return 0


class DirectProtocol(WebSocketProtocol):  # type: ignore[misc] # untyped
    """A WebSocket that offers its sink to the application."""

    sink: Sink | None = None

    def _connectionMade(self) -> None:  # noqa: N802
        """Count with all others together: a thousand counters of one's own are memory."""
        super()._connectionMade()
        self.trafficStats = self.factory.traffic

    def _connectionLost(self, reason: Any) -> None:  # noqa: N802
        """End; nobody waits for the future of the end, whose result is this very protocol."""
        super()._connectionLost(reason)
        self.is_closed = None

    def sendData(self, data: bytes, sync: bool = False, chopsize: int | None = None) -> None:  # noqa: N802
        """Write through, once the connection is open; all that is sent comes by here."""
        if self.sink is None or sync or chopsize or self.send_queue:
            super().sendData(data, sync, chopsize)
        else:
            self.sink.write(data)

    def sendMessage(self, *args: Any, **options: Any) -> None:  # noqa: N802
        """Say nothing to who has left; the application hears of that by itself."""
        if self.state == self.STATE_OPEN:
            super().sendMessage(*args, **options)

    def sendCloseFrame(self, *args: Any, **options: Any) -> None:  # noqa: N802
        """Let nothing follow the close frame."""
        super().sendCloseFrame(*args, **options)
        if self.sink is not None:
            self.sink.is_closing = True
            self.sink.jam()

    def onConnect(self, request: Any) -> Any:  # noqa: N802
        """Take the short cut only past a plain connection; TLS writes for itself."""
        self.transport.unregisterProducer()  # the HTTP channel, which would stay in memory
        if hasattr(self.transport, "socket") and not getattr(self.transport, "TLS", False):
            self.sink = Sink(self.transport)
        return super().onConnect(request)


class DirectFactory(server.WebSocketFactory):  # type: ignore[misc] # untyped
    """Make such sockets, and close a broken one with its code instead of dropping it."""

    protocol: Any = DirectProtocol

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.traffic: Any = TrafficStats()  # type: ignore[no-untyped-call]

    def setProtocolOptions(self, **options: object) -> None:  # noqa: N802
        """Keep the options in the class of the sockets: autobahn would copy them into each."""
        super().setProtocolOptions(failByDrop=False, **options)
        chosen = {name: _constant(getattr(self, name)) for name in DirectProtocol.CONFIG_ATTRS}
        self.protocol = type(DirectProtocol.__name__, (DirectProtocol,), chosen)


def _constant(value: object) -> object:
    """Keep a function that is an option from becoming a method."""
    return staticmethod(value) if callable(value) else value


def autobahn_hush() -> None:
    """Keep autobahn from painting lines of a log that nobody reads.

    It does so for each connection and each piece of data that comes in, whatever the level.
    """
    for module in (websocket, websocket_protocol):
        for name in ("hltype", "hlval", "pformat"):
            if hasattr(module, name):
                setattr(module, name, _unsaid)


def _unsaid(*_value: object, **_options: object) -> str:
    return ""


class Inbox:
    """What came in from one socket; asyncio's queue does more and takes ten times the memory."""

    __slots__ = ("_messages", "_waiter")

    def __init__(self) -> None:
        self._messages: list[dict[str, Any]] = []
        self._waiter: asyncio.Future[None] | None = None

    def put_nowait(self, message: dict[str, Any]) -> None:
        """Add a message and wake who waits."""
        self._messages.append(message)
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    async def get(self) -> dict[str, Any]:
        """Return the next message; one at a time may wait for it."""
        while not self._messages:
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        return self._messages.pop(0)


class CarefulServer(server.Server):  # type: ignore[misc] # untyped
    """Hand sinks to the application, and end it well."""

    def run(self) -> None:
        """Serve, now that everything is loaded."""
        loaded_put_by()
        super().run()

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        """Add the sink of a socket to its scope, and start the application with a small inbox."""
        if not isinstance(protocol, DirectProtocol):
            return super().create_application(protocol, scope)
        if protocol.sink is not None:
            scope.setdefault("extensions", {})[SINK] = protocol.sink
        scope.setdefault("asgi", {"version": "3.0"})
        inbox = Inbox()
        talk = self.application(
            scope=scope, receive=inbox.get, send=partial(self.handle_reply, protocol)
        )
        self.connections[protocol]["application_instance"] = asyncio.ensure_future(talk)
        return inbox

    def kill_all_applications(self) -> object:
        """End the applications of all connections, also beside requests answered just now."""
        # Daphne forgets the application of an answered request a while before the connection,
        # and trips over that here: the open sockets would be dropped without their code.
        nothing = asyncio.get_event_loop().create_future()
        nothing.set_result(None)
        for details in self.connections.values():
            details.setdefault("application_instance", nothing)
        return super().kill_all_applications()
