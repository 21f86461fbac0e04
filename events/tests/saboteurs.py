"""Negative controls of the drill: each breaks one promise, and its test must notice."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from unittest.mock import patch

from django.test import override_settings

from events import ical
from events.live import conversation
from events.live.filters import EventFilter, Subject
from events.live.revocations import Revocations
from events.live.rows import Row, Voice
from events.models import Event
from events.services import generation, texts


@contextmanager
def blind_rule() -> Iterator[None]:
    """Keep every text as it came."""
    with patch.object(texts, "text_settled", lambda text, **_rule: text):
        yield


@contextmanager
def careless_machine() -> Iterator[None]:
    """Have a recomputation write its texts over those of people."""

    def overwrite(*, event: Event, columns: dict[str, str], **_states: object) -> None:
        for name, words in columns.items():
            setattr(event, name, words)

    with patch.object(generation, "generated_texts_update", overwrite):
        yield


@contextmanager
def forgotten_override() -> Iterator[None]:
    """Have a recomputation write its facts over those that staff set."""
    with patch.object(generation, "fact_renew", setattr):
        yield


@contextmanager
def raw_calendar() -> Iterator[None]:
    """Leave out of calendars whatever prints nothing, and parts of letters with it."""
    with patch.object(ical, "text_cleaned", lambda text: "".join(filter(str.isprintable, text))):
        yield


@contextmanager
def any_site() -> Iterator[None]:
    """Open sockets to the pages of every site."""
    with patch("events.consumers.origin_allowed", lambda _scope: True):
        yield


@contextmanager
def swallowed_frame() -> Iterator[None]:
    """Never send every 41st message that somebody may have, and hide it from ``prev`` as well."""
    lets_through, numbers = EventFilter.lets_through, count(1)

    def forgetful(self: EventFilter, kind: str, subject: Subject | None) -> bool:
        return lets_through(self, kind, subject) and next(numbers) % 41 > 0

    with patch.object(EventFilter, "lets_through", forgetful):
        yield


@contextmanager
def deaf_sockets() -> Iterator[None]:
    """Hear of no revocation."""
    with patch.object(Revocations, "ended", lambda _self, _identity: False):
        yield


@contextmanager
def skipped_frame() -> Iterator[None]:
    """Leave every 23rd message out of what lanes write."""
    with _wires(lambda wire, seq: b"" if seq % 23 == 0 else wire):
        yield


@contextmanager
def endless_page() -> Iterator[None]:
    """Give as many events at once as somebody asks for."""
    with patch("events.api.parameters.LIMIT_MOST", 10**12):
        yield


@contextmanager
def doubled_frame() -> Iterator[None]:
    """Have lanes write every 23rd message twice."""
    with _wires(lambda wire, seq: wire * 2 if seq % 23 == 0 else wire):
        yield


@contextmanager
def _wires(changed: Callable[[bytes, int], bytes]) -> Iterator[None]:
    wire = Row.wire

    def other(self: Row, voice: Voice, prev: int) -> bytes:
        return changed(wire(self, voice, prev), self.seq)

    with patch.object(Row, "wire", other):
        yield


@contextmanager
def unread_frames() -> Iterator[None]:
    """Take every frame of a client for JSON of the right form."""
    with patch.object(conversation, "frame_parse", lambda text: json.loads(text)["op"]):
        yield


@contextmanager
def endless_credit() -> Iterator[None]:
    """Wait for acknowledgements for ever."""
    with override_settings(LIVE_CREDIT_TIMEOUT_S=10**6):
        yield
