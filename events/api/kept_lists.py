"""Lists as bytes, kept in this process while nothing of what they show has changed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Final, NamedTuple

from django.conf import settings

from events.api.schemas import Coverage
from events.pages import Place
from starscal.core.api.content import Beginning
from starscal.core.metrics import list_answers_total

MIB: Final = 1024 * 1024


class Mark(NamedTuple):
    """What the store was like: another epoch of the log (a restored backup) is another store."""

    epoch: Hashable
    changes: int


@dataclass(frozen=True, slots=True)
class KeptList:
    """A page: its rows as bytes, where its neighbours begin, what it covers."""

    mark: Mark
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

    def find(self, asked: Hashable, mark: Mark) -> KeptList | None:
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
            if made.rows.size > self.limit // 4:
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


KEPT: Final = KeptLists(settings.LIST_CACHE_MIB * MIB)
