"""The live feed while Redis is away: Daphne, relay and Valkey are this test's own."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from events.tests.live_client import LiveSocket, seqs
from events.tests.live_world import Publish, newest_seq, relayed_seq
from starscal.devservices.layout import Layout
from starscal.devservices.processes import stop
from starscal.devservices.valkey import FLEETING, private_valkey
from starscal.devservices.waiting import poll
from starscal.testing.live import LiveProcess, LiveServer


class OwnValkey:
    """A Valkey for the processes of one test."""

    def __init__(self, folder: Path) -> None:
        self.server = private_valkey(Layout(state=folder), options=FLEETING)
        self.log = folder / "valkey.log"
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = self.server.start(log=log)

    def stop(self) -> None:
        stop(self.process)


@pytest.fixture
def own_valkey(monkeypatch: pytest.MonkeyPatch) -> Iterator[OwnValkey]:
    with tempfile.TemporaryDirectory(prefix="live-") as folder:  # a short path for the socket
        valkey = OwnValkey(Path(folder))
        monkeypatch.setenv("REDIS_URL", valkey.server.url)
        yield valkey
        valkey.stop()


@pytest.mark.slow
def test_the_feed_goes_on_without_redis_and_uses_it_again(
    own_valkey: OwnValkey,
    running_server: LiveServer,
    relay: LiveProcess,
    publish_many: Publish,
) -> None:
    with LiveSocket(running_server.ws_url) as socket:
        socket.hello()
        expected = publish_many(2)
        assert seqs(socket.events(2)) == expected
        own_valkey.stop()
        expected = publish_many(3)
        assert seqs(socket.events(3)) == expected
        assert relayed_seq() < newest_seq()
        assert_others_may_come(running_server)
        own_valkey.start()
        assert poll(lambda: relayed_seq() == newest_seq(), timeout_s=30)
        expected = publish_many(2)
        assert seqs(socket.events(2)) == expected


def assert_others_may_come(server: LiveServer) -> None:
    """Openings are not counted while Redis is away; only tickets, which it keeps, must wait."""
    began = time.monotonic()
    with LiveSocket(server.ws_url) as reader:
        reader.hello()
    with LiveSocket(server.ws_url) as ticketed:
        ticketed.say("hello", ticket="any")
        assert ticketed.hear_op("error")["code"] == "service.restart"
        assert ticketed.close_code() == 4410
    assert time.monotonic() - began < 10
