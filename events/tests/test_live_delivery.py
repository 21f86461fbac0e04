"""From a service to an open socket, through real PostgreSQL, Valkey, relay and Daphne."""

from __future__ import annotations

from collections.abc import Callable

from accounts.models import User
from events.models import Event
from events.services.curation import event_publish
from events.tests.live_client import LiveSocket, seqs
from events.tests.live_world import Publish
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
