"""Negative controls of the drill: each breaks one promise, and its test must notice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

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
