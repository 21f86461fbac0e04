"""Fixtures of the live tests: a curator, events to talk about, a server that stays for a module."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

from accounts.models import User
from events.live.log import connection_params
from events.models import Event
from events.services.curation import EventEdit, event_create, event_publish, event_update
from events.tests.live_client import LiveSocket
from starscal.core.limits import SOCKET_FRAMES
from starscal.core.models import Stream
from starscal.testing.live import LiveProcess, LiveServer, new_relay, new_server

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
Publish = Callable[[int], list[int]]


@pytest.fixture
def editor(transactional_db: None) -> User:
    return User.objects.create_superuser("editor", password=None)


@pytest.fixture
def new_event(editor: User) -> Callable[..., Event]:
    """Return what drafts an event of the community, with a title in some languages."""

    def draft(title: str = "Solstice fire", **fields: Any) -> Event:
        texts = {"title_en": title, "title_de": f"{title} (de)", "title_ru": f"{title} (ru)"}
        edit = EventEdit(fields=fields, texts=texts)
        return event_create(actor=editor, occurs_at=NOON, edit=edit, at=NOON)

    return draft


@pytest.fixture
def publish_many(new_event: Callable[..., Event], editor: User) -> Publish:
    """Return what says a number of messages and returns their numbers."""

    def publish(count: int) -> list[int]:
        event = event_publish(event_id=new_event().pk, actor=editor)
        for number in range(1, count):
            resonance = {"quantum_resonance": number % 1000 / 1000 + 0.0001}
            edit = EventEdit(fields=resonance, revision=event.revision)
            event = event_update(event_id=event.pk, actor=editor, edit=edit, at=NOON)
        newest = newest_seq()
        return list(range(newest - count + 1, newest + 1))

    return publish


def newest_seq() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(last_seq), 0) FROM core_stream WHERE name = 'events'")
        return int(cursor.fetchone()[0])


def relayed_seq() -> int:
    return Stream.objects.values_list("relayed_seq", flat=True).get(pk="events")


def later(hours: int) -> datetime:
    return NOON + timedelta(hours=hours)


@pytest.fixture(scope="module")
def standing_server(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveServer]:
    """Keep one Daphne for a module, not started yet, and end it with the module."""
    server = new_server(tmp_path_factory.mktemp("web"))
    frames = SOCKET_FRAMES  # the settings of tests open every limit that is not named
    server.environment = {"RATE_LIMITS": f"{frames.name}={frames.capacity}/{frames.window_s}"}
    yield server
    server.stop()
    stream_forget()


@pytest.fixture(scope="module")
def standing_relay(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveProcess]:
    """Keep one relay for a module, not started yet, and end it with the module."""
    relay = new_relay(tmp_path_factory.mktemp("relay"))
    yield relay
    relay.stop()
    stream_forget()


def stream_forget() -> None:
    """Take back the streams that Daphne and relay have begun, if nothing was said in them."""
    with psycopg.connect(**connection_params(), autocommit=True) as database:
        database.execute("DELETE FROM core_stream WHERE last_seq = 0")


@pytest.fixture(scope="module")
def quiet_server(standing_server: LiveServer) -> LiveServer:
    """Run one Daphne for the tests of a module that need no messages."""
    standing_server.start()
    return standing_server


@pytest.fixture
def shared_server(standing_server: LiveServer, transactional_db: None) -> LiveServer:
    """Run Daphne, the same for the tests of a module; one that a test ended is started again.

    The log was emptied since the test before; a cursor from elsewhere has the hub look at it.
    """
    if standing_server.has_ended:
        standing_server.start()
    with LiveSocket(standing_server.ws_url) as socket:
        socket.hello(cursor=[str(uuid4()), 0])
    return standing_server


@pytest.fixture
def fresh_server(standing_server: LiveServer, transactional_db: None) -> LiveServer:
    """Run the module's Daphne started anew, for tests that use the admin.

    It remembers the numbers of content types, and the end of every test that commits changes them.
    """
    standing_server.restart()
    return standing_server


@pytest.fixture
def shared_relay(standing_relay: LiveProcess, transactional_db: None) -> LiveProcess:
    """Run the relay, the same for the tests of a module; one that a test ended starts again."""
    if standing_relay.has_ended:
        standing_relay.start()
    return standing_relay


@pytest.fixture
def silent_relay(standing_relay: LiveProcess, transactional_db: None) -> Iterator[None]:
    """Hold the relay still, so that the hub hears of nothing by itself."""
    with standing_relay.frozen():
        yield
