"""What must not come back with a backup: a journal outside the database, and who obeys it.

The audit trail writes a line for every action that an app has registered, before the transaction
commits. If that fails the line is still true enough: whoever ends something tries again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import structlog
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from starscal.core import clock
from starscal.core.exceptions import ApplicationError, ErrorCode

PATTERN: Final = "journal-*.jsonl"
# A line is written before its transaction commits, and a snapshot may lie between the two.
SLACK: Final = timedelta(minutes=15)

log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One thing that was ended: its kind (``user.delete``), its id, when. Nothing personal."""

    kind: str
    object_id: str
    at: datetime


Obey = Callable[[Sequence[JournalEntry]], int]
_OBEYING: Final[dict[str, Obey]] = {}
_ACTIONS: Final[set[str]] = set()


def restored_register(name: str, *, actions: Iterable[str], obey: Obey) -> None:
    """Have actions of the audit trail journalled, and ``obey`` called with them by every restore.

    It runs in the transaction of the restore, returns how many rows it changed, and may be called
    again with the same entries.
    """
    _OBEYING[name] = obey
    _ACTIONS.update(actions)


def journal_obeyed(entries: Sequence[JournalEntry]) -> dict[str, int]:
    """Have every app end again what was ended; return how many rows each changed."""
    return {name: obey(entries) for name, obey in sorted(_OBEYING.items())}


def journal_append(*, kind: str, object_id: str) -> None:
    """Write down an action that must outlive a restore; others are passed over.

    The line is on the disk when this returns. Errors: service.unavailable where the folder of
    backups cannot be written.
    """
    if kind not in _ACTIONS:
        return
    at = clock.now()
    line = json.dumps({"at": at.isoformat(), "kind": kind, "id": object_id})
    folder = Path(settings.BACKUP_DIR)
    try:
        _append(folder / f"journal-{at:%Y-%m}.jsonl", f"\n{line}\n".encode())
    except OSError as error:
        log.exception("journal.not_written", kind=kind)
        raise ApplicationError(
            ErrorCode.UNAVAILABLE,
            _("A part of the service is not reachable. Try again in a moment."),
        ) from error


def _append(path: Path, content: bytes) -> None:
    """Add a line in one write; the empty line before it ends one that a crash has torn."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def journal_since(*, at: datetime) -> list[JournalEntry]:
    """Return what was ended since a moment, oldest first, from a little before it."""
    entries = [entry for path in journal_files() for entry in _entries(path)]
    return sorted(
        (entry for entry in entries if entry.at >= at - SLACK), key=lambda entry: entry.at
    )


def _entries(path: Path) -> Iterator[JournalEntry]:
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        if not line.strip():
            continue
        try:
            told = json.loads(line)
            yield JournalEntry(told["kind"], told["id"], datetime.fromisoformat(told["at"]))
        except (ValueError, KeyError, TypeError):
            log.warning("journal.torn_line", file=path.name)


def journal_files() -> list[Path]:
    """Return the files of the journal, one a month, oldest first."""
    return sorted(Path(settings.BACKUP_DIR).glob(PATTERN))


def journal_prune(*, oldest: datetime) -> None:
    """Remove the months that no kept backup needs: all that end before ``oldest``."""
    first = f"journal-{oldest - SLACK:%Y-%m}.jsonl"
    for path in journal_files():
        if path.name < first:
            path.unlink()
