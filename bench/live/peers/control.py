"""Messages come one a line over a unix socket, to every peer alike."""

from __future__ import annotations

import socket
from collections.abc import Iterator

CHUNK = 1 << 20


def lines_in(path: str) -> Iterator[list[bytes]]:
    """Listen at a path for one connection; yield the whole lines as they come, until it ends."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(path)
        listener.listen()
        connection, _address = listener.accept()
    with connection:
        rest = b""
        while chunk := connection.recv(CHUNK):
            *lines, rest = (rest + chunk).split(b"\n")
            yield lines
