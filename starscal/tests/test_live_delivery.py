"""From a service to an open socket, through real PostgreSQL, Valkey, relay and Daphne."""

from __future__ import annotations

import signal
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connections

from accounts.models import User
from events.models import Event
from events.services.curation import event_publish
from events.tests.live_client import LiveSocket, seqs
from events.tests.live_world import Publish, newest_seq
from starscal.core.models import Stream
from starscal.devservices.layout import Layout
from starscal.devservices.processes import stop
from starscal.devservices.valkey import FLEETING, private_valkey
from starscal.devservices.waiting import poll
from starscal.testing.live import LiveProcess, LiveServer


def test_what_is_published_appears_on_an_open_socket(
    running_server: LiveServer, relay: LiveProcess, new_event: Callable[..., Event], editor: User
) -> None:
    draft = new_event("Fire")
    with LiveSocket(running_server.ws_url) as german, LiveSocket(running_server.ws_url) as plain:
        welcome = german.hello(lang="de_AT")
        plain.hello()
        assert (welcome["lang"], welcome["fallback"]) == ("de", False)
        event = event_publish(event_id=draft.pk, actor=editor)
        frame = german.event()
        assert list(frame) == ["op", "stream", "prev", "seq", "key", "type", "at", "data"]
        assert (frame["type"], frame["stream"], frame["seq"]) == ("event.published", "events", 1)
        assert frame["data"]["title"] == "Fire (de)"
        assert frame["data"]["id"] == str(event.pk)
        assert plain.event()["data"]["title"] == "Fire"


def test_a_killed_server_costs_nothing_to_those_who_resume(
    running_server: LiveServer, relay: LiveProcess, publish_many: Publish
) -> None:
    with LiveSocket(running_server.ws_url) as before:
        before.hello()
        publish_many(3)
        before.events(3)
        running_server.kill()
    missed = publish_many(5)
    running_server.start()
    with LiveSocket(running_server.ws_url) as after:
        welcome = after.hello(cursor=before.cursor)
        assert welcome["cursors"]["events"] == before.cursor
        assert seqs(after.events(5)) == missed
        following = publish_many(2)
        assert seqs(after.events(2)) == following


def test_a_server_that_stops_says_so(running_server: LiveServer) -> None:
    with LiveSocket(running_server.ws_url) as socket:
        socket.hello()
        assert running_server.process is not None
        running_server.process.send_signal(signal.SIGTERM)
        assert socket.hear_op("error")["code"] == "service.restart"
        assert socket.close_code() == 4410


def test_a_killed_relay_is_replaced_and_nothing_is_said_twice(
    running_server: LiveServer,
    relay: LiveProcess,
    live_process: Callable[..., LiveProcess],
    publish_many: Publish,
) -> None:
    with LiveSocket(running_server.ws_url) as socket:
        socket.hello()
        expected = publish_many(2)
        assert seqs(socket.events(2)) == expected
        assert poll(lambda: relayed_seq() == 2, timeout_s=30)
        relay.kill()
        expected = publish_many(3)
        assert seqs(socket.events(3)) == expected  # the hub polls the log itself
        assert relayed_seq() == 2
        standby = live_process("relay")
        assert poll(lambda: relayed_seq() == newest_seq(), timeout_s=30)
        expected = publish_many(2)
        assert seqs(socket.events(2)) == expected
        standby.kill()


def test_a_snapshot_newer_than_the_hub_is_a_good_place_to_start(
    running_server: LiveServer, publish_many: Publish
) -> None:
    with LiveSocket(running_server.ws_url) as first:
        epoch = first.hello()["cursors"]["events"][0]
        newest = publish_many(1)[-1]  # no relay: the hub cannot have heard of it yet
        with LiveSocket(running_server.ws_url) as second:
            welcome = second.hello(cursor=[epoch, newest])
            assert welcome["cursors"]["events"] == [epoch, newest]
            expected = publish_many(1)
            assert seqs(second.events(1)) == expected


def test_replay_and_what_arrives_meanwhile_are_one_sequence(
    running_server: LiveServer, relay: LiveProcess, publish_many: Publish
) -> None:
    with LiveSocket(running_server.ws_url) as start:
        origin = start.hello()["cursors"]["events"]
    publish_many(10)

    def publish_in_another_thread() -> None:
        try:
            publish_many(50)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        publishing = pool.submit(publish_in_another_thread)
        seen: list[int] = []
        cursor = list(origin)
        while len(seen) < 60:
            with LiveSocket(running_server.ws_url) as socket:
                socket.hello(cursor=cursor)
                seen += seqs(socket.events(min(12, 60 - len(seen))))
                assert socket.cursor is not None
                cursor = socket.cursor
        publishing.result()
    assert seen == list(range(1, 61))


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
        own_valkey.start()
        assert poll(lambda: relayed_seq() == newest_seq(), timeout_s=30)
        expected = publish_many(2)
        assert seqs(socket.events(2)) == expected


def relayed_seq() -> int:
    return Stream.objects.values_list("relayed_seq", flat=True).get(pk="events")
