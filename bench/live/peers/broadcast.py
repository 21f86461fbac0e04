"""The package `websockets` and its ``broadcast``: ``python -m … PORT CONTROL``."""

from __future__ import annotations

import asyncio
import json
import sys

import uvloop
from websockets.asyncio.server import ServerConnection, broadcast, serve

BACKLOG = 4096
connections: set[ServerConnection] = set()
acknowledged: dict[ServerConnection, int] = {}


async def follow(connection: ServerConnection) -> None:
    """Keep a reader among those who are told, and note what it acknowledges."""
    connections.add(connection)
    try:
        async for text in connection:
            acknowledged[connection] = json.loads(text)["seq"]
    finally:
        connections.discard(connection)
        acknowledged.pop(connection, None)


async def tell(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    """Send each line that comes to everybody."""
    while line := await reader.readline():
        broadcast(connections, line[:-1].decode())


async def main(port: int, control: str) -> None:
    async with (
        serve(follow, "127.0.0.1", port, compression=None, backlog=BACKLOG),
        await asyncio.start_unix_server(tell, control) as server,
    ):
        await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), sys.argv[2]))
