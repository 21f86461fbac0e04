"""Negative controls of the drill: each breaks one promise, and its test must notice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from events import ical
from events.live.revocations import Revocations
from events.services import texts


@contextmanager
def blind_rule() -> Iterator[None]:
    """Keep every text as it came."""
    with patch.object(texts, "text_settled", lambda text, **_rule: text):
        yield


@contextmanager
def raw_calendar() -> Iterator[None]:
    """Leave out of calendars whatever prints nothing, and parts of letters with it."""
    with patch.object(ical, "clean", lambda text: "".join(filter(str.isprintable, text))):
        yield


@contextmanager
def any_site() -> Iterator[None]:
    """Open sockets to the pages of every site."""
    with patch("events.consumers.origin_allowed", lambda _scope: True):
        yield


@contextmanager
def deaf_sockets() -> Iterator[None]:
    """Hear of no revocation."""
    with patch.object(Revocations, "ended", lambda _self, _identity: False):
        yield


@contextmanager
def endless_page() -> Iterator[None]:
    """Give as many events at once as somebody asks for."""
    with patch("events.api.parameters.LIMIT_MOST", 10**12):
        yield
