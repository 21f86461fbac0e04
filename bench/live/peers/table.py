"""Who takes part: how each is started, and what its readers say and hear."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

HERE: Final = Path(__file__).parent


@dataclass(frozen=True)
class Place:
    """Where a peer finds everything: ``{port}`` and the like in its command are these."""

    port: int
    control: Path
    redis_socket: Path
    built: Path


@dataclass(frozen=True)
class Dialect:
    """What readers say besides WebSocket itself."""

    path: str = "/"
    protocol: str = ""
    greeting: Sequence[tuple[str, str]] = ()  # say, and go on when this is heard
    ack: tuple[str, str] = ("", "")  # what wraps an acknowledgement
    ping: tuple[str, str] = ("", "")  # and the answer

    def arguments(self) -> list[str]:
        """Return the command line of the load client."""
        said = [word for say, hear in self.greeting for word in ("--say", say, "--hear", hear)]
        return [
            *("--path", self.path, "--protocol", self.protocol, *said),
            *("--ack-before", self.ack[0], "--ack-after", self.ack[1]),
            *("--ping", self.ping[0], "--pong", self.ping[1]),
        ]


@dataclass(frozen=True)
class Peer:
    """A server under measurement, and the programs beside it that are not measured."""

    title: str
    command: Sequence[str]
    dialect: Dialect = Dialect()
    beside: Sequence[Sequence[str]] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    needs: frozenset[str] = frozenset()  # what must be built for it
    keeps_up: bool = True  # with 10,000 deliveries a second

    def commands(self, place: Place) -> list[list[str]]:
        """Return the server's command line, then those of the programs beside it."""
        words = {"python": sys.executable, "here": HERE, **vars(place)}
        each = [self.command, *self.beside]
        return [[word.format_map(words) for word in command] for command in each]


OURS: Final = "ours"

_OURS: Final = Dialect(
    path="/ws/v1/live",
    protocol="starscal.v1",
    greeting=(('{"op":"hello","lang":"en","streams":["events"]}', '"op":"welcome"'),),
    ping=('"op":"ping"', '{"op":"pong"}'),
)
_SOCKETIO: Final = Dialect(
    path="/socket.io/?EIO=4&transport=websocket",
    greeting=(("", "0{"), ("40", "40{")),
    ack=('42["ack",', "]"),
    ping=("2", "3"),
)
_CENTRIFUGE: Final = Dialect(
    greeting=(
        ('{"id":1,"params":{}}', '"id":1'),
        ('{"id":2,"method":1,"params":{"channel":"events"}}', '"id":2'),
    ),
    ack=('{"method":8,"params":{"data":', "}}"),
)


def _stock(layer: str, title: str) -> Peer:
    serve = (
        *("{python}", "-m", "daphne", "-v", "0", "-b", "127.0.0.1", "-p", "{port}"),
        "bench.live.peers.stock:application",
    )
    return Peer(
        title,
        serve,
        beside=[("{python}", "-m", "bench.live.peers.stock", "{control}")],
        environment={"STOCK_LAYER": layer},
        keeps_up=False,
    )


def _raw(title: str, *options: str) -> Peer:
    return Peer(title, ("{built}/raw", "{port}", "{control}", *options), needs=frozenset({"raw"}))


def _node(title: str, script: str, *options: str, dialect: Dialect = _OURS) -> Peer:
    command = ("node", f"{{built}}/node/{script}", "{port}", "{control}", *options)
    return Peer(title, command, dialect, needs=frozenset({"node"}))


PEERS: Final[Mapping[str, Peer]] = MappingProxyType(
    {
        OURS: Peer(
            "StarsCalendars",
            ("{python}", "-m", "starscal.web", "--port", "{port}"),
            _OURS,
            beside=[
                ("{python}", "manage.py", "relay"),
                ("{python}", "-m", "bench.live.peers.ours", "{control}"),
            ],
        ),
        "raw": _raw("raw epoll writer"),
        "raw_gathered": _raw("raw, gathering", "gather"),
        "node_ws": _node("Node ws", "ws.mjs", dialect=Dialect()),
        "socketio": _node("Socket.IO", "socketio.mjs", "{redis_socket}", dialect=_SOCKETIO),
        "websockets": Peer(
            "Python websockets",
            ("{python}", "-m", "bench.live.peers.broadcast", "{port}", "{control}"),
        ),
        "centrifuge": Peer(
            "centrifuge",
            ("{built}/centrifuge", "{port}", "{control}"),
            _CENTRIFUGE,
            needs=frozenset({"centrifuge"}),
        ),
        "stock": _stock("channels_redis.pubsub.RedisPubSubChannelLayer", "Channels, pub/sub layer"),
        "stock_core": _stock("channels_redis.core.RedisChannelLayer", "Channels, core layer"),
    }
)
