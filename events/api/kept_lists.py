"""Lists as bytes, kept in this process while nothing of what they show has changed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from events.api.schemas import Coverage
from events.freshness import Mark
from events.pages import Place
from events.selectors import Windows, windows_all
from starscal.core.api.content import Beginning
from starscal.core.metrics import list_answers_total

MIB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class KeptList:
    """A page: its rows as bytes, where its neighbours begin, what it covers."""

    mark: Mark | None
    rows: Beginning
    next: Place | None
    previous: Place | None
    coverage: Coverage


class KeptLists:
    """The lists asked for last, up to ``limit`` bytes of them. Safe for threads.

    A list is kept under what was asked for, and good only while the store's mark is its own: a
    change makes all of them worthless at once, and each is replaced when it is asked for again.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = 0
        self._kept: OrderedDict[Hashable, KeptList] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, asked: Hashable, mark: Mark | None) -> KeptList | None:
        """Return the list that was asked for, if nothing has changed since it was made."""
        with self._lock:
            found = self._kept.get(asked)
            if found is not None and found.mark != mark:
                self._forget(asked)
                found = None
            elif found is not None:
                self._kept.move_to_end(asked)
        list_answers_total.labels("made" if found is None else "kept").inc()
        return found

    def keep(self, asked: Hashable, made: KeptList) -> None:
        """Keep a list; those not asked for longest make room."""
        with self._lock:
            if asked in self._kept:
                self._forget(asked)
            if made.mark is None or made.rows.size > self.limit // 4:
                return
            self._kept[asked] = made
            self.size += made.rows.size
            while self.size > self.limit:
                self._forget(next(iter(self._kept)))

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
            self.size = 0

    def _forget(self, asked: Hashable) -> None:
        self.size -= self._kept.pop(asked).rows.size


class KeptWindows:
    """The windows that are stored, read anew after a change."""

    def __init__(self) -> None:
        self._known: tuple[Mark | None, Windows] = (None, {})

    def windows(self, mark: Mark | None) -> Windows:
        """Return all windows as they were at a mark, or later."""
        known_at, windows = self._known
        if mark is None or known_at != mark:
            windows = windows_all()
            self._known = (mark, windows)
        return windows


WINDOWS: Final = KeptWindows()
KEPT: Final = KeptLists(settings.LIST_CACHE_MIB * MIB)
