"""Run a private Valkey on a socket in a private folder."""

import signal
import socket
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote

from starscal.devservices.binaries import find_valkey
from starscal.devservices.errors import DevServicesError
from starscal.devservices.layout import Layout, private_folder, socket_folder
from starscal.devservices.processes import spawn, stop
from starscal.devservices.waiting import poll

START_TIMEOUT_S = 30.0
DURABLE = ("--appendonly", "yes", "--appendfsync", "everysec", "--save", "")
FLEETING = ("--appendonly", "no", "--save", "")


@dataclass(frozen=True)
class Valkey:
    """One Valkey: its program, its data, its socket."""

    program: Path
    data: Path
    socket: Path
    options: Sequence[str] = DURABLE

    @property
    def url(self) -> str:
        """Return the address that redis-py understands."""
        return f"unix://{quote(str(self.socket))}?db=0"

    def start(self, *, log: IO[bytes], keep: Sequence[int] = ()) -> subprocess.Popen[bytes]:
        """Start the server and wait until it answers."""
        private_folder(self.data, None)
        self.socket.unlink(missing_ok=True)
        process = spawn(
            [self.program, "--port", "0", "--unixsocket", self.socket, "--unixsocketperm", "700",
             "--dir", self.data, "--databases", "64", "--maxmemory-policy", "noeviction",
             *self.options],
            log=log,
            death_signal=signal.SIGTERM,
            cwd=self.data,
            keep=keep,
        )  # fmt: skip
        self.wait_ready(process, log)
        return process

    def stop(self, process: subprocess.Popen[bytes]) -> None:
        """End the server after it has written what it holds."""
        stop(process, stop_signal=signal.SIGTERM, grace_s=20.0)

    def wait_ready(self, process: subprocess.Popen[bytes], log: IO[bytes]) -> None:
        """Return when the server answers; say where to read why it does not."""
        ended = poll(
            lambda: answers(str(self.socket)) or process.poll() is not None,
            timeout_s=START_TIMEOUT_S,
            interval_s=0.01,
        )
        if process.poll() is not None or not ended:
            stop(process)
            raise DevServicesError(f"Valkey does not start: read {log.name}.")


def private_valkey(layout: Layout, *, options: Sequence[str] = DURABLE) -> Valkey:
    """Describe the Valkey of a state folder."""
    layout.prepare()
    sockets = socket_folder(layout.state / "vk", layout.digest, None)
    return Valkey(
        program=find_valkey(),
        data=layout.state / "valkey",
        socket=sockets / "valkey.sock",
        options=options,
    )


def answers(path: str, *, timeout_s: float = 2.0) -> bool:
    """Say whether a Valkey answers on a socket, and has finished loading its data."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(timeout_s)
            line.connect(path)
            line.sendall(b"PING\r\n")
            return line.recv(5) == b"+PONG"
    except OSError:
        return False
