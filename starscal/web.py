"""Serve the site, the API and the sockets: Daphne on uvloop.

`python -m starscal.web --host 127.0.0.1 --port 8000`
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence

import uvloop

BACKLOG = 4096  # with Twisted's 50, one in nine of 1000 simultaneous connects is lost
MESSAGE_BYTES = 64 * 1024  # the protocol's own limit of 16 KiB answers with a code below it
PING_INTERVAL_S = 20
SWITCH_S = 0.001  # beside busy threads, sockets and probes wait a millisecond each, not five
PING_TIMEOUT_S = 30


def daphne_arguments(host: str, port: int) -> list[str]:
    """Return Daphne's command line."""
    interface = host.replace(":", r"\:")
    return [
        *("-e", f"tcp:{port}:backlog={BACKLOG}:interface={interface}"),
        *("--websocket-max-message-size", str(MESSAGE_BYTES)),
        *("--websocket-max-frame-size", str(MESSAGE_BYTES)),
        *("--websocket_timeout", "-1"),
        *("--ping-interval", str(PING_INTERVAL_S)),
        *("--ping-timeout", str(PING_TIMEOUT_S)),
        "--no-server-name",
        *("-v", "0"),
        "starscal.asgi:application",
    ]


def serve(host: str, port: int) -> None:
    """Run Daphne until a signal ends it."""
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    sys.setswitchinterval(SWITCH_S)
    # Daphne makes its event loop when it is imported, by the policy that holds then.
    from daphne import server  # noqa: PLC0415
    from daphne.cli import CommandLineInterface  # noqa: PLC0415

    from starscal.web_bounds import BoundedFactory  # noqa: PLC0415
    from starscal.web_sockets import CarefulServer, DirectFactory, autobahn_hush  # noqa: PLC0415

    autobahn_hush()
    server.WebSocketFactory = DirectFactory
    server.HTTPFactory = BoundedFactory
    CommandLineInterface.server_class = CarefulServer
    CommandLineInterface().run(daphne_arguments(host, port))


def main(argv: Sequence[str]) -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m starscal.web", description="Serve over HTTP.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    options = parser.parse_args(argv)
    serve(options.host, options.port)


if __name__ == "__main__":
    main(sys.argv[1:])
