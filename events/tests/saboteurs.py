"""Negative controls of the drill: each breaks one promise, and its test must notice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from events import ical
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
