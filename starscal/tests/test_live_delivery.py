"""From a service to an open socket, through real PostgreSQL, Valkey, relay and Daphne."""

from __future__ import annotations

import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from accounts.models import User
from events.models import Event
from events.services.curation import event_publish
from events.tests.live_client import LiveSocket, seqs
from events.tests.live_world import Publish, newest_seq, relayed_seq
from starscal.devservices.waiting import poll
from starscal.testing.live import LiveProcess, LiveServer


def test_what_is_published_appears_on_an_open_socket(
    shared_server: LiveServer,
    shared_relay: LiveProcess,
    new_event: Callable[..., Event],
    editor: User,
) -> None:
    draft = new_event("Fire")
    with LiveSocket(shared_server.ws_url) as german, LiveSocket(shared_server.ws_url) as plain:
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


@pytest.mark.slow
def test_a_killed_server_costs_nothing_to_those_who_resume(
    shared_server: LiveServer, shared_relay: LiveProcess, publish_many: Publish
) -> None:
    with LiveSocket(shared_server.ws_url) as before:
        before.hello()
        publish_many(3)
        before.events(3)
        shared_server.kill()
    missed = publish_many(5)
    shared_server.start()
    with LiveSocket(shared_server.ws_url) as after:
        welcome = after.hello(cursor=before.cursor)
        assert welcome["cursors"]["events"] == before.cursor
        assert seqs(after.events(5)) == missed
        following = publish_many(2)
        assert seqs(after.events(2)) == following


@pytest.mark.slow
def test_a_server_that_stops_says_so(shared_server: LiveServer) -> None:
    with LiveSocket(shared_server.ws_url) as socket:
        socket.hello()
        assert shared_server.process is not None
        shared_server.process.send_signal(signal.SIGTERM)
        if shared_server.is_daphne:  # another server closes in its own way, before we are asked
            assert socket.hear_op("error")["code"] == "service.restart"
        assert socket.close_code() == (4410 if shared_server.is_daphne else 1012)
    assert poll(lambda: shared_server.has_ended, timeout_s=30)


@pytest.mark.slow
def test_a_killed_relay_is_replaced_and_nothing_is_said_twice(
    shared_server: LiveServer,
    shared_relay: LiveProcess,
    publish_many: Publish,
) -> None:
    with LiveSocket(shared_server.ws_url) as socket:
        socket.hello()
        expected = publish_many(2)
        assert seqs(socket.events(2)) == expected
        assert poll(lambda: relayed_seq() == 2, timeout_s=30)
        shared_relay.kill()
        expected = publish_many(3)
        assert seqs(socket.events(3)) == expected  # the hub polls the log itself
        assert relayed_seq() == 2
        shared_relay.start()
        assert poll(lambda: relayed_seq() == newest_seq(), timeout_s=30)
        expected = publish_many(2)
        assert seqs(socket.events(2)) == expected


def test_a_snapshot_newer_than_the_hub_is_a_good_place_to_start(
    shared_server: LiveServer, silent_relay: None, publish_many: Publish
) -> None:
    with LiveSocket(shared_server.ws_url) as first:
        epoch = first.hello()["cursors"]["events"][0]
        newest = publish_many(1)[-1]  # no relay: the hub cannot have heard of it yet
        with LiveSocket(shared_server.ws_url) as second:
            welcome = second.hello(cursor=[epoch, newest])
            assert welcome["cursors"]["events"] == [epoch, newest]
            expected = publish_many(1)
            assert seqs(second.events(1)) == expected


@pytest.mark.slow
def test_replay_and_what_arrives_meanwhile_are_one_sequence(
    shared_server: LiveServer, shared_relay: LiveProcess, publish_many: Publish
) -> None:
    with LiveSocket(shared_server.ws_url) as start:
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
            with LiveSocket(shared_server.ws_url) as socket:
                socket.hello(cursor=cursor)
                seen += seqs(socket.events(min(12, 60 - len(seen))))
                assert socket.cursor is not None
                cursor = socket.cursor
        publishing.result()
    assert seen == list(range(1, 61))
