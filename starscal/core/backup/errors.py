"""Why a backup cannot be made or restored."""

from __future__ import annotations


class BackupError(Exception):
    """A backup that cannot be made, trusted or put where it was told to; the text says why."""
