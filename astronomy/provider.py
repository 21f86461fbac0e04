"""The one sky of this process: opens the kernel that the settings name, once, behind a lock."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache

from django.conf import settings

from astronomy.ephemeris import Ephemeris, open_ephemeris
from astronomy.finders import FAMILIES, find_occurrences
from astronomy.keys import key_window
from astronomy.occurrence import Occurrence
from astronomy.sampling import Sky

_LOCK = threading.Lock()  # Skyfield's Time objects are not to be shared between threads


@cache
def ephemeris() -> Ephemeris:
    """Return the kernel that the settings name, opened once a process."""
    return open_ephemeris(settings.ASTRONOMY_KERNEL or None)


@cache
def _sky() -> Sky:
    return Sky(ephemeris())


@contextmanager
def locked_sky() -> Iterator[Sky]:
    """Lend the one sky of this process to one thread at a time."""
    with _LOCK:
        yield _sky()


def occurrences_between(
    *, start: datetime, end: datetime, families: Collection[str]
) -> list[Occurrence]:
    """Return what happens in ``[start, end)``, oldest first; times are aware.

    Raises: EphemerisRangeError outside 1900-2100; ValueError if start >= end.
    """
    known = [family for family in families if family in FAMILIES]
    if not known:
        return []
    with _LOCK:
        return find_occurrences(_sky(), start, end, known)


def occurrence_by_key(*, key: str) -> Occurrence | None:
    """Return the event that a key names, computed now, or None if there is none."""
    window = key_window(key)
    if window is None:
        return None
    near = occurrences_between(start=window.start, end=window.end, families=[window.family])
    return next((found for found in near if found.key == key), None)
