"""What closed sockets leave behind is free at once: collecting it would hold up all others."""

from __future__ import annotations

import json
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from events.tests.live_client import LiveSocket
from starscal.devservices.waiting import poll
from starscal.testing.live import HOST, LiveServer

SOCKETS = 20
FEW = 300  # what happens now and then, however many come; a socket that holds itself is over 100
HANDSHAKE = "starscal.web_bounds.BoundedRequest"
FORGOTTEN_S = 30.0


class Littered(LiveServer):
    """A web server that tells what lies about."""

    def __init__(self, port: int, folder: Path) -> None:
        super().__init__(port, folder / "web.log")
        self.told = folder / "litter.json"
        self.left: Counter[str] = Counter()
        arguments = [str(self.told), "--host", HOST, "--port", str(port)]
        self.argv = ["-m", "starscal.testing.littered", *arguments]

    def look(self) -> int:
        """Add to what was left, and return how many handshakes are still remembered."""
        self.told.unlink(missing_ok=True)
        assert self.process is not None
        self.process.send_signal(signal.SIGUSR1)
        assert poll(self.told.exists, timeout_s=10.0)
        told = json.loads(self.told.read_text())
        self.left.update(told["left"])
        return int(told["used"].get(HANDSHAKE, 0))


@pytest.fixture
def server(transactional_db: None, free_port: int, tmp_path: Path) -> Iterator[Littered]:
    server = Littered(free_port, tmp_path)
    server.start()
    yield server
    server.stop()


def leave_well(url: str) -> None:
    with LiveSocket(url) as socket:
        socket.hello()


def be_dropped(url: str) -> None:
    with LiveSocket(url) as socket:
        socket.hello()
        socket.line.socket.close()  # without a word of the protocol


def be_sent_away(url: str) -> None:
    with LiveSocket(url) as socket:
        socket.line.send("no JSON")
        assert socket.close_code() == 4400


def come_and_go(server: Littered, times: int) -> None:
    """Open and close sockets in every way, and wait until the server has forgotten them."""
    for _number in range(times):
        for way in (leave_well, be_dropped, be_sent_away):
            way(server.ws_url)
    assert poll(lambda: server.look() <= 1, timeout_s=FORGOTTEN_S, interval_s=1.0)


def test_sockets_that_close_leave_nothing_to_collect(server: Littered) -> None:
    come_and_go(server, 1)
    server.left.clear()  # what is loaded at a start, and by the first socket
    come_and_go(server, SOCKETS)
    assert server.left.total() < FEW, server.left.most_common(30)
