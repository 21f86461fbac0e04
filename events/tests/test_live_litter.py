"""What closed sockets leave behind is free at once: collecting it would hold up all others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from events.tests.live_client import LiveSocket
from starscal.testing.litter import Littered

SOCKETS = 20
FEW = 300  # what happens now and then, however many come; a socket that holds itself is over 100


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
    assert server.look()


def test_sockets_that_close_leave_nothing_to_collect(server: Littered) -> None:
    come_and_go(server, 1)
    server.left.clear()  # what is loaded at a start, and by the first socket
    come_and_go(server, SOCKETS)
    assert server.left.total() < FEW, server.left.most_common(30)
