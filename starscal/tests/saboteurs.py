"""Negative controls of the drill: each breaks one promise, and its test must notice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.http import HttpRequest, HttpResponse
from django.urls import get_resolver, path

from accounts.api import me
from accounts.selectors.profile import profile_answer
from starscal.core.backup import creation, restoration
from starscal.core.backup.tables import Table, rows_out


@contextmanager
def lost_row() -> Iterator[None]:
    """Leave the last event out of a backup, which its checksums then vouch for."""

    def short(table: Table, take: Callable[[bytes | memoryview], object]) -> None:
        rows: list[bytes] = []
        rows_out(table, lambda piece: rows.append(bytes(piece)))
        for row in rows[: -1 if table.name == "events_event" else None]:
            take(row)

    with patch.object(creation, "rows_out", short):
        yield


@contextmanager
def old_epoch() -> Iterator[None]:
    """Let a restored stream go on under its old epoch."""
    with patch.object(restoration, "streams_begin_anew", lambda: None):
        yield


@contextmanager
def undocumented_field() -> Iterator[None]:
    """Tell in the profile what its document does not know."""

    def longer(**parts: Any) -> dict[str, Any]:
        return {**profile_answer(**parts), "token_version": 7}

    with patch.object(me, "profile_answer", longer):
        yield


@contextmanager
def risen_dead() -> Iterator[None]:
    """Forget the journal of what was ended."""
    with patch.object(restoration, "journal_since", lambda **_window: []):
        yield


@contextmanager
def unlisted_route() -> Iterator[None]:
    """Open a door that nobody wrote into the access matrix."""
    routes = get_resolver().url_patterns
    routes.append(path("back-door/", lambda _request: HttpResponse()))
    yield
    routes.pop()


@contextmanager
def bare_pages() -> Iterator[None]:
    """Send pages without a policy of what they may load."""
    with patch("starscal.core.security.policy_add", lambda _request, _response: None):
        yield


@contextmanager
def patient_server() -> Iterator[None]:
    """Wait for the rest of a request as long as its client likes."""
    with patch("starscal.web_bounds.BoundedChannel.expect", lambda _self, _seconds: None):
        yield


@contextmanager
def talkative_log() -> Iterator[None]:
    """Write into the log which browser asked."""

    def shown(request: HttpRequest) -> str:
        return f"{request.path} {request.headers.get('User-Agent')}"

    with patch("starscal.core.request_context.path_shown", shown):
        yield


NUMBERED_BY_SEQUENCE = """
    WITH added AS (
        INSERT INTO core_outboxmessage (stream_id, seq, key, kind, body, created_at)
        SELECT %(stream)s, nextval(pg_get_serial_sequence('core_auditentry', 'id')),
            key, kind, body, now()
        FROM unnest(%(keys)s::text[], %(kinds)s::text[], %(bodies)s::jsonb[])
            AS message (key, kind, body)
        RETURNING id, seq, key, created_at
    ), opened AS (
        INSERT INTO core_stream (name) VALUES (%(stream)s) ON CONFLICT DO NOTHING
    ), rung AS (SELECT pg_notify(%(channel)s, %(stream)s))
    SELECT added.* FROM added, rung
"""


@contextmanager
def naive_numbers() -> Iterator[None]:
    """Number messages by a sequence, as a bigserial does, instead of the counter in the row."""
    with patch("starscal.core.outbox.APPEND", NUMBERED_BY_SEQUENCE):
        yield
