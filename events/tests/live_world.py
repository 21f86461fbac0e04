"""Fixtures of the live tests: a curator, events to talk about, a server that stays for a module."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection

from accounts.models import User
from events.live.log import connection_params
from events.models import Event
from events.services.curation import EventEdit, event_create, event_publish, event_update
from starscal.testing.live import LiveServer, new_server

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
            edit = EventEdit(fields={"quantum_resonance": number % 1000 / 1000 + 0.0001})
            event = event_update(event_id=event.pk, actor=editor, edit=edit, at=NOON)
        newest = newest_seq()
        return list(range(newest - count + 1, newest + 1))

    return publish


def newest_seq() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(last_seq), 0) FROM core_stream WHERE name = 'events'")
        return int(cursor.fetchone()[0])


def later(hours: int) -> datetime:
    return NOON + timedelta(hours=hours)


@pytest.fixture(scope="module")
def quiet_server(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveServer]:
    """Run one Daphne for the tests of a module that need no messages."""
    server = new_server(tmp_path_factory.mktemp("live"))
    server.start()
    yield server
    server.stop()
    with psycopg.connect(**connection_params(), autocommit=True) as database:
        database.execute("DELETE FROM core_stream WHERE name = 'events' AND last_seq = 0")
